import { describe, expect, it } from 'vitest'
import type { Call } from '../contract/index.ts'
import { growthMax, growthOf } from '../../test/growth.ts'
import { foldStream } from './fold-stream.ts'
import { passthroughStream } from './passthrough-stream.ts'

const call: Call = {
  credentials: {},
  baseUrl: 'http://upstream.test/v1',
  options: {},
  upstreamModel: 'm',
  requestId: 'r1',
  nowMs: 0,
}
const head = { status: 200, headers: {} }

function fold(choices: readonly object[], rest: (place: number) => object = () => ({})) {
  const events = choices.map((choice, place) => ({
    ...{ id: 'c1', created: 1767225600, model: 'm' },
    ...rest(place),
    choices: [{ index: 0, delta: {}, finish_reason: null, ...choice }],
  }))
  const body = `${events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')}data: [DONE]\n\n`
  const answer = foldStream(head, Buffer.from(body), (sink) =>
    passthroughStream(head, sink, call, { errors: [] }),
  )
  if (!answer.ok) throw answer.error
  return JSON.parse(String(answer.body)) as { choices: Record<string, unknown>[] }
}

describe('a stream folded into one answer', () => {
  it('has the texts, calls and log probabilities of all pieces, choice by choice', () => {
    const token = (text: string) => ({ content: [{ token: text }] })
    const { choices } = fold([
      { delta: { content: 'a' }, logprobs: token('a') },
      { index: 1, delta: { content: 'x' } },
      { delta: { content: 'b' }, logprobs: token('b') },
      {
        delta: {
          tool_calls: [{ index: 0, id: 'i', type: 'function', function: { name: 'f', arguments: '{' } }],
        },
      },
      { delta: { tool_calls: [{ index: 0, function: { arguments: '}' } }] } },
      { finish_reason: 'stop' },
      { index: 1, finish_reason: 'length' },
    ])
    const called = { id: 'i', type: 'function', function: { name: 'f', arguments: '{}' } }
    expect(choices).toEqual([
      {
        index: 0,
        message: { role: 'assistant', content: 'ab', tool_calls: [called] },
        logprobs: { content: [{ token: 'a' }, { token: 'b' }] },
        finish_reason: 'tool_calls',
      },
      { index: 1, message: { role: 'assistant', content: 'x' }, logprobs: null, finish_reason: 'length' },
    ])
  })

  it.each([
    [
      'tool calls',
      (place: number) => ({
        delta: { tool_calls: [{ index: place, id: `c${place}`, function: { name: 'f' } }] },
      }),
    ],
    ['log probabilities', () => ({ delta: { content: 'x' }, logprobs: { content: [{ token: 'x' }] } })],
  ])('is made in time that grows with the number of %s only', (_what, choice) => {
    const ofMany = (count: number) => fold(Array.from({ length: count }, (_, place) => choice(place)))
    expect(growthOf(ofMany, 40_000)).toBeLessThan(growthMax)
  })

  it('is made of chunks with ever new fields in time that grows with their number only', () => {
    const ofMany = (count: number) => {
      const plain = Array.from({ length: count }, () => ({ delta: { content: 'x' } }))
      expect(fold(plain, (place) => ({ [`x${place}`]: 1 }))).toHaveProperty(`x${count - 1}`, 1)
    }
    expect(growthOf(ofMany, 10_000)).toBeLessThan(growthMax)
  })

  it('tells, beside an error, what had come before it', () => {
    const stream = `data: ${JSON.stringify({ id: 'c1', choices: [{ index: 0, delta: { content: 'ab' } }] })}\n\ndata: {"error":{"message":"no"}}\n\n`
    const refusal = foldStream(head, Buffer.from(stream), (sink) =>
      passthroughStream(head, sink, call, { errors: [] }),
    )
    expect(refusal).toMatchObject({
      ok: false,
      error: { message: 'no' },
      state: { outputBytes: 2, upstreamId: 'c1' },
    })
  })
})

import { describe, expect, it } from 'vitest'
import type { Call, ChatAnswer } from '../contract/index.ts'
import { readOpenAiAnswer } from './answer.ts'
import { textOfBytes } from './bytes.ts'

const call: Call = {
  credentials: {},
  baseUrl: 'http://upstream.test/v1',
  options: {},
  upstreamModel: 'upstream-model',
  requestId: 'r1',
  nowMs: 1_767_225_600_000,
}

function read(body: unknown) {
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
  return readOpenAiAnswer({ status: 200, headers: {} }, bytes, call, { errors: [] })
}

function answer(body: unknown): ChatAnswer & { readonly json: unknown } {
  const result = read(body)
  if (!result.ok) throw result.error
  const text = typeof result.body === 'string' ? result.body : textOfBytes(result.body)
  return { ...result, json: JSON.parse(text) }
}

const head = { id: 'c1', object: 'chat.completion', created: 1767225600, model: 'm' }
const message = (fields: Record<string, unknown>, rest: Record<string, unknown> = {}) => ({
  ...head,
  choices: [
    { index: 0, message: { role: 'assistant', content: 'x', ...fields }, finish_reason: 'stop', ...rest },
  ],
})

describe('a whole answer', () => {
  it('passes as the bytes that came, vendor fields included', () => {
    const body = `{"id":"c1","object":"chat.completion","created":1767225600,"model":"m","vendor":1.0,"choices":[{"index":0,"message":{"role":"assistant","content":"\\u4f60"},"finish_reason":"stop"}]}`
    const result = answer(body)
    expect(result.body).toEqual(Buffer.from(body))
    expect(result.outputBytes).toBe(3)
  })

  it('gets what clients need and the provider left out', () => {
    expect(
      answer({ choices: [{ message: { content: 'x' } }], usage: { prompt_tokens: 1, completion_tokens: 2 } })
        .json,
    ).toEqual({
      ...head,
      id: 'chatcmpl-r1',
      model: 'upstream-model',
      choices: [{ index: 0, message: { role: 'assistant', content: 'x' }, finish_reason: null }],
      usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
    })
  })

  it('has tool calls in OpenAI’s form and says so in the finish reason', () => {
    const calls = [
      { id: '', function: { name: 'f', arguments: { x: 1 } } },
      { id: 'b', type: 'function', function: { name: 'g', arguments: '' } },
    ]
    const result = answer(message({ content: null, tool_calls: calls }))
    expect(result.finishReason).toBe('tool_calls')
    expect(result.json).toMatchObject({
      choices: [
        {
          finish_reason: 'tool_calls',
          message: {
            tool_calls: [
              { id: 'call_r1_0_0', type: 'function', function: { name: 'f', arguments: '{"x":1}' } },
              { id: 'b', type: 'function', function: { name: 'g', arguments: '{}' } },
            ],
          },
        },
      ],
    })
  })

  it('has its reasoning under one name', () => {
    expect(answer(message({ reasoning: 'hm' })).json).toMatchObject({
      choices: [{ message: { reasoning_content: 'hm', content: 'x' } }],
    })
  })

  it('has its usage where clients look for it', () => {
    const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 }
    const result = answer(message({}, { usage }))
    expect(result.usage).toEqual({ inputTokens: 1, outputTokens: 2, totalTokens: 3 })
    expect(result.json).toMatchObject({ usage })
  })
})

describe('what is no answer', () => {
  it.each([
    ['nothing', ''],
    ['no JSON', 'OK'],
    ['no choices', { ...head }],
    ['an empty shell', { ...head, choices: [] }],
    ['a message that says nothing and cost nothing', message({ content: '' })],
    ['an error beside choices', { ...message({}), error: { message: 'broken' } }],
    ['a failure told by the finish reason', message({}, { finish_reason: 'network_error' })],
  ])('%s is a refusal that fails over', (_what, body) => {
    const result = read(body)
    expect(result.ok ? 'an answer' : result.error.failsOver).toBe(true)
  })

  it('has nothing in it that has OpenAI’s name and not its type', () => {
    const odd = {
      ...message({
        role: 7,
        reasoning_content: [],
        refusal: {},
        tool_calls: [null, { id: 'a', function: 7 }],
      }),
      created: 0.5,
      id: 'x'.repeat(1000),
      usage: 7,
    }
    const [choice] = odd.choices
    expect(answer({ ...odd, choices: [null, { ...choice, index: 1.5 }] }).json).toEqual({
      ...head,
      id: 'chatcmpl-r1',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'x', tool_calls: [{ id: 'a', type: 'function' }] },
          finish_reason: 'tool_calls',
        },
      ],
    })
  })

  it('has calls with ids of their own', () => {
    const called = { id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }
    const { json } = answer(message({ tool_calls: [called, called] }))
    expect(json).toHaveProperty('choices[0].message.tool_calls[0].id', 'a')
    expect(json).toHaveProperty('choices[0].message.tool_calls[1].id', 'call_r1_1_0')
  })

  it('shows its figures as numbers', () => {
    const usage = { prompt_tokens: '1', completion_tokens: ['2'], total_tokens: 3 }
    expect(answer({ ...message({}), usage }).json).toHaveProperty('usage', {
      prompt_tokens: 1,
      total_tokens: 3,
    })
  })

  it('is UTF-8, whatever came', () => {
    const [before = '', after = ''] = JSON.stringify(message({ content: 'a#b' })).split('#')
    const bytes = Buffer.concat([Buffer.from(before), Buffer.from([0xff]), Buffer.from(after)])
    const result = readOpenAiAnswer({ status: 200, headers: {} }, bytes, call, { errors: [] })
    expect(result.ok && result.body).toBe(JSON.stringify(message({ content: 'a\ufffdb' })))
  })

  it('does not take an empty answer that was billed for none', () => {
    const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 }
    expect(read({ ...message({ content: '' }), usage }).ok).toBe(true)
    expect(read(message({ content: '' }, { finish_reason: 'length' })).ok).toBe(true)
  })
})

import { describe, expect, it } from 'vitest'
import type { Call } from '../contract/index.ts'
import type { StreamPiece } from './translated-stream.ts'
import { wholeAnswer } from './whole-answer.ts'

const call: Call = {
  credentials: {},
  baseUrl: 'http://upstream.test',
  options: {},
  upstreamModel: 'upstream-model',
  requestId: 'r1',
  nowMs: 1_767_225_600_000,
}

function messageOf(piece: StreamPiece): Record<string, unknown> {
  const answer = wholeAnswer(piece, { status: 200, headers: {} }, call)
  if (!answer.ok) throw answer.error
  const body = JSON.parse(String(answer.body)) as { choices: { message: Record<string, unknown> }[] }
  return body.choices[0]?.message ?? {}
}

describe('the tool calls of a whole answer', () => {
  const called = (rest: object) => ({ type: 'function', function: { name: 'f', arguments: '{}' }, ...rest })

  it('are one for each entry, also where entries have one id, one index or nothing of their own', () => {
    const entries = [
      called({ id: 'a', index: 0 }),
      called({ id: 'a', index: 0 }),
      called({ id: 'b', index: 0, function: { arguments: '{}' } }),
      called({ function: { arguments: '{}' } }),
    ]
    expect(messageOf({ toolCalls: entries })['tool_calls']).toEqual([
      called({ id: 'a' }),
      called({ id: 'call_r1_1' }),
      called({ id: 'b', function: { arguments: '{}' } }),
      called({ id: 'call_r1_3', function: { arguments: '{}' } }),
    ])
  })

  it('have no name that is no text, and no function that is no object', () => {
    const entries = [
      called({ id: 'a', function: { name: 7, arguments: '{}' } }),
      called({ id: 'b', function: 'f' }),
    ]
    expect(messageOf({ text: 'x', toolCalls: entries })['tool_calls']).toEqual([
      called({ id: 'a', function: { arguments: '{}' } }),
      { id: 'b', type: 'function' },
    ])
  })
})

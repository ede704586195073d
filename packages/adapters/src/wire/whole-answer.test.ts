import { expect, it } from 'vitest'
import { callOf, jsonHead } from '../../test/support.ts'
import { openai } from '../openai/index.ts'
import { wholeAnswer } from './whole-answer.ts'

const call = callOf(openai)

it('tells a call in the older form as it came, and ends for it', () => {
  const functionCall = { name: 'get_weather', arguments: '{}' }
  const answer = wholeAnswer({ functionCall, finishReason: 'stop', id: 'a' }, jsonHead(200), call)
  if (!answer.ok) throw answer.error
  expect(answer).toMatchObject({ finishReason: 'function_call', outputBytes: 13 })
  expect(JSON.parse(String(answer.body))).toMatchObject({
    choices: [
      {
        message: { role: 'assistant', content: null, function_call: functionCall },
        finish_reason: 'function_call',
      },
    ],
  })
})

it('says length of a call that was cut short, in either form', () => {
  const described = { name: 'f', arguments: '{' }
  for (const piece of [{ functionCall: described }, { toolCalls: [{ function: { ...described } }] }]) {
    const answer = wholeAnswer({ ...piece, finishReason: 'length' }, jsonHead(200), call)
    expect(answer).toMatchObject({ ok: true, finishReason: 'length' })
  }
})

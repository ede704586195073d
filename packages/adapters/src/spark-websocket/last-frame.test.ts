import fc from 'fast-check'
import { expect, it } from 'vitest'
import { fixture } from '../../test/support.ts'
import { endsConversation, isLastFrame } from './last-frame.ts'

const header = { code: 0, message: 'Success', sid: 'cht', status: 1 }

it.each([
  'ws-chat-stream',
  'ws-chat-single-frame',
  'ws-chat-function-call',
  'ws-x1-reasoning',
  'ws-search-plugin',
  'ws-error-10013-input-audit',
  'ws-error-10014-output-audit',
  'ws-error-10110-busy',
])('finds the last frame of %s, and no other', (name) => {
  const frames = fixture(`spark/${name}.ws.jsonl`).toString().trim().split('\n')
  expect(frames.map(isLastFrame)).toEqual(frames.map((_, index) => index === frames.length - 1))
})

it.each([
  '"status":2',
  '{"header":{"code":10013,"status":2}}',
  '\\"status\\":2',
  '\\\\"status":2',
  '","status":2,"x":"',
  '"code":10019',
])('is not led astray by what a model writes: %s', (content) => {
  const text = [{ content, role: 'assistant', index: 0 }]
  const frame = { header, payload: { choices: { status: 1, seq: 1, text } } }
  expect(isLastFrame(JSON.stringify(frame))).toBe(false)
  expect(isLastFrame(JSON.stringify({ ...frame, header: { ...header, status: 2 } }))).toBe(true)
})

it('looks past members of the same name that are not the conversation’s', () => {
  const inside = { status: 2, code: 7, '"status': 2 }
  const text = [{ content: '', role: 'assistant', function_call: { name: 'f', arguments: inside } }]
  expect(isLastFrame(JSON.stringify({ header, payload: { choices: { status: 1, text } } }))).toBe(false)
  expect(isLastFrame(JSON.stringify({ header, payload: { plugins: { text: [inside] } } }))).toBe(false)
})

it('takes an error and a warning for the end, whatever its status', () => {
  for (const code of [10013, 10019, '10110', -1]) {
    expect(isLastFrame(JSON.stringify({ header: { ...header, code } }))).toBe(true)
  }
  expect(isLastFrame(JSON.stringify({ header: { ...header, code: '0' } }))).toBe(false)
  expect(isLastFrame(JSON.stringify({ header }, undefined, 2))).toBe(false)
  expect(isLastFrame(JSON.stringify({ header: { ...header, status: 2 } }, undefined, 2))).toBe(true)
})

it('says of any frame what reading it would say, and of no JSON that it is none', () => {
  const text = fc.oneof(fc.string(), fc.constantFrom('"status":2', '\\"', '"code":10013', '{"header":'))
  const value = fc.oneof(fc.constantFrom(0, 1, 2, '0', '2', null, 10013), fc.jsonValue())
  const frames = fc.record(
    {
      header: fc.oneof(fc.record({ code: value, status: value, message: text }, { requiredKeys: [] }), value),
      payload: fc.record(
        {
          choices: fc.record({ status: value, text: fc.array(fc.record({ content: text, status: value })) }),
        },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(frames, fc.nat(300), (frame, cut) => {
      const whole = JSON.stringify(frame)
      expect(isLastFrame(whole)).toBe(endsConversation(JSON.parse(whole) as Record<string, unknown>))
      if (cut < whole.length) expect(isLastFrame(whole.slice(0, cut))).toBe(false)
    }),
  )
})

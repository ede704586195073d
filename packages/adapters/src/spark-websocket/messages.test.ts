import { expect, it } from 'vitest'
import { sparkFrameMessages } from './messages.ts'

const longName = 'mcp-server.get-weather'

it('tells the call of a function and its result in words, under the name that Spark knows', () => {
  const sent = contents([
    { role: 'user', content: '合肥天气' },
    { role: 'assistant', content: null, tool_calls: [toolCall('call_a', '{"location":"合肥"}')] },
    { role: 'tool', tool_call_id: 'call_a', content: '晴' },
  ])
  expect(sent.map(({ role }) => role)).toEqual(['user', 'assistant', 'user'])
  const name = /^Call of (\w{1,32}): \{"location":"合肥"\}$/.exec(sent[1]?.content ?? '')?.[1]
  expect(name).toBeDefined()
  expect(sent[2]?.content).toBe(`Result of ${name}: 晴`)
})

it('keeps what the assistant said beside its calls, and all results before the next question', () => {
  const sent = contents([
    { role: 'user', content: '比较两地' },
    {
      role: 'assistant',
      content: '我查一下。',
      tool_calls: [toolCall('a', '{"location":"合肥"}'), toolCall('b', '')],
    },
    { role: 'tool', tool_call_id: 'a', content: [{ type: 'text', text: '晴' }] },
    { role: 'tool', tool_call_id: { toString: null }, content: '雨' },
    { role: 'user', content: '谢谢' },
  ])
  expect(sent).toHaveLength(3)
  expect(sent[1]?.content).toMatch(/^我查一下。\nCall of \w+: \{"location":"合肥"\}\nCall of \w+: \{\}$/)
  expect(sent[2]?.content).toMatch(/^Result of \w+: 晴\n\nResult of the call: 雨\n\n谢谢$/)
})

it('puts the system message first, or before the question of a model that takes none', () => {
  const messages = [
    { role: 'user', content: '你好' },
    { role: 'developer', content: 'Be short.' },
    { role: 'user', content: '?' },
  ]
  expect(sparkFrameMessages(messages, true)).toEqual([
    { role: 'system', content: 'Be short.' },
    { role: 'user', content: '你好\n\n?' },
  ])
  expect(sparkFrameMessages(messages, false)).toEqual([{ role: 'user', content: 'Be short.\n\n你好\n\n?' }])
})

it('sends role and content only', () => {
  const messages = [{ role: 'user', content: 'x', name: 'Ann', extra: 1 }]
  expect(sparkFrameMessages(messages, true)).toEqual([{ role: 'user', content: 'x' }])
})

it.each([
  ['a picture', [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'u' } }] }]],
  ['a message that is none', [{ role: 'user', content: 'x' }, 'x']],
  ['a result that is a picture', [{ role: 'tool', content: [{ type: 'image_url' }] }]],
  ['a number', [{ role: 'user', content: 5 }]],
  ['no list', 'x'],
  ['nothing', undefined],
])('has nothing to send for %s', (_what, messages) => {
  expect(sparkFrameMessages(messages, true)).toBeUndefined()
})

function contents(messages: readonly unknown[]): readonly { role: string; content: string }[] {
  return (sparkFrameMessages(messages, true) ?? []) as readonly { role: string; content: string }[]
}

function toolCall(id: string, json: string) {
  return { id, type: 'function', function: { name: longName, arguments: json } }
}

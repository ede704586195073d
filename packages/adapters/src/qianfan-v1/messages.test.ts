import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isObject } from '../wire/json.ts'
import { qianfanV1Messages } from './messages.ts'

const user = (content: unknown) => ({ role: 'user', content })
const assistant = (content: unknown) => ({ role: 'assistant', content })
const calls = (content: unknown, ...named: (readonly [string, string])[]) => ({
  role: 'assistant',
  content,
  tool_calls: named.map(([id, name]) => ({ id, type: 'function', function: { name, arguments: '{"a":1}' } })),
})
const tool = (id: string, content: unknown) => ({ role: 'tool', tool_call_id: id, content })
const called = (name: string, content = '') => ({
  role: 'assistant',
  content,
  function_call: { name, arguments: '{"a":1}' },
})
const result = (name: string, content: string) => ({ role: 'function', name, content })

describe('messages for Qianfan V1', () => {
  it('have the system texts apart, as one', () => {
    const messages = [
      { role: 'system', content: 'Be short.' },
      user('hi'),
      { role: 'developer', content: [{ type: 'text', text: 'Be kind.' }] },
    ]
    expect(qianfanV1Messages(messages)).toEqual({ system: 'Be short.\n\nBe kind.', messages: [user('hi')] })
  })

  it('alternate: neighbours become one, what is blank goes', () => {
    const messages = [
      user('a'),
      assistant(''),
      user([{ type: 'text', text: 'b' }]),
      assistant('c'),
      user('d'),
      user(' \n'),
    ]
    expect(sent(messages)).toEqual([user('a\n\nb'), assistant('c'), user('d')])
  })

  it('make a question of an instruction that stands alone', () => {
    expect(qianfanV1Messages([{ role: 'system', content: 'Say hi.' }])).toEqual({
      system: undefined,
      messages: [user('Say hi.')],
    })
  })

  it('put a mark where the other side said nothing', () => {
    expect(sent([assistant('Hello, how can I help?'), user('a')])).toEqual([
      user('/'),
      assistant('Hello, how can I help?'),
      user('a'),
    ])
    expect(sent([user('a'), calls(null, ['1', 'f']), tool('1', '{}'), user('b')])).toEqual([
      user('a'),
      called('f'),
      result('f', '{}'),
      assistant('/'),
      user('b'),
    ])
  })

  it('give each of several calls a turn with its own result', () => {
    const messages = [
      user('a'),
      calls('Let me see.', ['1', 'f'], ['2', 'g']),
      tool('2', '{"b":2}'),
      tool('1', '晴'),
    ]
    expect(sent(messages)).toEqual([
      user('a'),
      called('g', 'Let me see.'),
      result('g', '{"b":2}'),
      called('f'),
      result('f', '{"result":"晴"}'),
    ])
  })

  it('keep a text before a call in the turn of the call', () => {
    const messages = [user('a'), assistant('One moment.'), calls(null, ['1', 'f']), tool('1', null)]
    expect(sent(messages)).toEqual([user('a'), called('f', 'One moment.'), result('f', '{"result":""}')])
  })

  it.each([
    ['a list', 'no list'],
    ['messages', [user('a'), 'no message']],
    ['something said', []],
    ['something said', [user('  ')]],
    ['an end that is not the assistant’s', [user('a'), assistant('b')]],
    ['an end that is not the assistant’s', [user('a'), assistant('b'), user('')]],
    ['text', [user([{ type: 'image_url', image_url: { url: 'https://a' } }])]],
    ['text', [user([{ type: 'text', text: 'what is it?' }, { type: 'input_audio' }])]],
    ['text', [{ role: 'system', content: [{ type: 'file' }] }, user('a')]],
    ['text', [user({ text: 'a' })]],
    ['a known role', [{ role: 'critic', content: 'a' }]],
    ['a result for every call', [user('a'), calls(null, ['1', 'f']), user('b')]],
    ['a result for every call', [user('a'), calls(null, ['1', 'f'], ['2', 'g']), tool('1', 'x')]],
    ['a call for every result', [user('a'), tool('1', 'x')]],
    ['a call for every result', [user('a'), calls(null, ['1', 'f']), tool('2', 'x')]],
    ['a name for every call', [user('a'), calls(null, ['1', '']), tool('1', 'x')]],
  ])('are refused without %s: %j', (_what, messages) => {
    const read = qianfanV1Messages(messages)
    expect('ok' in read && { kind: read.error.kind, param: read.error.param }).toEqual({
      kind: 'invalid_request',
      param: 'messages',
    })
  })

  it('are in V1’s order or refused, whatever the client sends, which is never changed', () => {
    const content = fc.oneof(fc.constantFrom('', ' ', 'a', null, 1, {}), fc.jsonValue())
    const id = fc.constantFrom('1', '2', undefined)
    const name = fc.constantFrom('f', 'g', '', undefined)
    const call = fc.record({ id, function: fc.record({ name, arguments: content }) })
    const message = fc.oneof(
      fc.record({
        role: fc.constantFrom('user', 'assistant', 'system', 'developer'),
        content: fc.constantFrom('', 'a'),
      }),
      fc.record({ role: fc.constant('assistant'), content, tool_calls: fc.array(call, { maxLength: 2 }) }),
      fc.record({ role: fc.constantFrom('tool', 'function'), tool_call_id: id, name, content }),
      fc.jsonValue(),
    )
    fc.assert(
      fc.property(fc.array(message, { maxLength: 8 }), (given) => {
        const before = JSON.stringify(given)
        const read = qianfanV1Messages(given)
        expect(JSON.stringify(given)).toBe(before)
        if ('ok' in read) return
        expect(read.messages.length % 2).toBe(1)
        read.messages.forEach((one, index) => {
          if (!isObject(one)) throw new Error('no message')
          expect(index % 2 === 0 ? ['user', 'function'] : ['assistant']).toContain(one['role'])
          if (index === 0) expect(one['role']).toBe('user')
          if (!isObject(one['function_call'])) expect(String(one['content']).trim()).not.toBe('')
        })
      }),
      { numRuns: 300 },
    )
  })
})

function sent(messages: unknown): readonly unknown[] {
  const read = qianfanV1Messages(messages)
  if ('ok' in read) throw read.error
  return read.messages
}

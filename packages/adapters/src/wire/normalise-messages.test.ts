import { describe, expect, it } from 'vitest'
import { growthMax, growthOf } from '../../test/growth.ts'
import { normaliseMessages } from './normalise-messages.ts'

const system = { role: 'system', content: 'Be short.' }
const user = { role: 'user', content: 'Hello' }
const assistant = { role: 'assistant', content: 'Hi' }

describe('normalising messages', () => {
  it('leaves messages that are in order as they are', () => {
    const messages = [system, user, assistant, user]
    expect(normaliseMessages(messages, { system: 'first', alternate: true })).toBeUndefined()
    expect(normaliseMessages([user], { system: 'fold' })).toBeUndefined()
  })

  it('sends developer as system', () => {
    expect(normaliseMessages([{ role: 'developer', content: 'Be short.' }, user], {})).toEqual([system, user])
  })

  it('joins system messages at the front', () => {
    const late = { role: 'developer', content: 'In English.' }
    expect(normaliseMessages([system, user, assistant, late, user], { system: 'first' })).toEqual([
      { role: 'system', content: 'Be short.\n\nIn English.' },
      user,
      assistant,
      user,
    ])
    expect(normaliseMessages([user, system], { system: 'first' })).toEqual([system, user])
  })

  it('folds system text into the first user message', () => {
    expect(normaliseMessages([system, user], { system: 'fold' })).toEqual([
      { role: 'user', content: 'Be short.\n\nHello' },
    ])
    expect(normaliseMessages([system], { system: 'fold' })).toEqual([{ role: 'user', content: 'Be short.' }])
  })

  it('joins neighbours of one role, text and parts alike', () => {
    const picture = { role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:,' } }] }
    expect(normaliseMessages([user, picture, user], { alternate: true })).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Hello' },
          { type: 'image_url', image_url: { url: 'data:,' } },
          { type: 'text', text: 'Hello' },
        ],
      },
    ])
  })

  it('joins as many neighbours as a body can hold without holding up everybody else', () => {
    const joinMany = (count: number) => {
      const messages = Array.from({ length: count }, () => ({
        role: 'user',
        content: [{ type: 'text', text: 'a' }],
      }))
      const joined = normaliseMessages(messages, { system: 'first', alternate: true })
      expect(joined).toHaveLength(1)
      expect(joined?.[0]).toHaveProperty(`content[${count - 1}].text`, 'a')
    }
    expect(growthOf(joinMany, 40_000)).toBeLessThan(growthMax)
  })

  it('keeps tool calls next to their results', () => {
    const call = { role: 'assistant', content: null, tool_calls: [{ id: 'a' }, { id: 'b' }] }
    const results = [
      { role: 'tool', tool_call_id: 'a', content: '1' },
      { role: 'tool', tool_call_id: 'b', content: '2' },
    ]
    expect(normaliseMessages([user, call, ...results], { alternate: true })).toBeUndefined()
    expect(normaliseMessages([user, assistant, call, ...results], { alternate: true })).toEqual([
      user,
      { role: 'assistant', content: 'Hi', tool_calls: [{ id: 'a' }, { id: 'b' }] },
      ...results,
    ])
  })

  it('drops the fields a platform refuses', () => {
    const thought = { ...assistant, reasoning_content: 'hm' }
    expect(normaliseMessages([user, thought, user], { drop: ['reasoning_content'] })).toEqual([
      user,
      assistant,
      user,
    ])
  })

  it('leaves to the platform what is no list of messages', () => {
    expect(normaliseMessages('hello', { alternate: true })).toBeUndefined()
    expect(normaliseMessages([user, 'x', user], { alternate: true })).toBeUndefined()
  })
})

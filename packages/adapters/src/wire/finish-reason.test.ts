import { describe, expect, it } from 'vitest'
import { failureOf, finishReasonOf } from './finish-reason.ts'

describe('the word an answer ends with', () => {
  it.each([
    ['EOS', 'stop'],
    ['max_tokens', 'length'],
    ['sensitive', 'content_filter'],
    ['tool_use', 'tool_calls'],
    ['a word nobody knows', 'stop'],
    ['', null],
    ['null', null],
    [null, null],
    [7, null],
  ])('%j is %j', (word, reason) => {
    expect(finishReasonOf(word)).toBe(reason)
  })

  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])(
    '%s is a word like any other, though every object knows it',
    (word) => {
      expect(finishReasonOf(word)).toBe('stop')
      expect(failureOf(word)).toBeUndefined()
    },
  )

  it('tells a breakdown from an end', () => {
    expect(failureOf('insufficient_system_resource')).toBe('overloaded')
    expect(failureOf('network_error')).toBe('upstream_error')
    expect(failureOf('stop')).toBeUndefined()
    expect(failureOf(null)).toBeUndefined()
  })
})

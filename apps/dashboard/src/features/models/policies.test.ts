import { describe, expect, it } from 'vitest'
import { isPolicy, moved } from './policies.ts'

describe('order of offerings', () => {
  it('moves one up or down and loses none', () => {
    expect(moved(['a', 'b', 'c'], 2, -1)).toEqual(['a', 'c', 'b'])
    expect(moved(['a', 'b', 'c'], 0, 1)).toEqual(['b', 'a', 'c'])
  })

  it('stays as it is at the ends', () => {
    expect(moved(['a', 'b'], 0, -1)).toEqual(['a', 'b'])
    expect(moved(['a', 'b'], 1, 1)).toEqual(['a', 'b'])
  })
})

describe('policies', () => {
  it('of a later release are shown by their own name', () => {
    expect(isPolicy('free-first')).toBe(true)
    expect(isPolicy('cheapest')).toBe(false)
  })
})

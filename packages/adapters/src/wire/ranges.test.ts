import { describe, expect, it } from 'vitest'
import { movedIntoRange, seedInRange } from './ranges.ts'

describe('ranges', () => {
  it('moves a number only when it is outside', () => {
    expect(movedIntoRange(1.4, 0, 1)).toBe(1)
    expect(movedIntoRange(-1, 0, 1)).toBe(0)
    expect(movedIntoRange(0.5, 0, 1)).toBeUndefined()
    expect(movedIntoRange(undefined, 0, 1)).toBeUndefined()
    expect(movedIntoRange('hot', 0, 1)).toBeUndefined()
  })

  it('keeps a seed repeatable and inside', () => {
    expect(seedInRange(42, 1, 10_000)).toBeUndefined()
    expect(seedInRange(0, 1, 10_000)).toBe(10_000)
    expect(seedInRange(10_001, 1, 10_000)).toBe(1)
    expect(seedInRange(-5, 1, 10_000)).toBe(9_995)
    expect(seedInRange(Number.MAX_SAFE_INTEGER, 1, 10_000)).toBe(
      seedInRange(Number.MAX_SAFE_INTEGER, 1, 10_000),
    )
    expect(seedInRange(1.5, 1, 10_000)).toBeUndefined()
  })
})

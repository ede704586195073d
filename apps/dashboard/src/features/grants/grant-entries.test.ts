import { describe, expect, it } from 'vitest'
import type { GrantEntry } from '../../shared/api/types.ts'
import { emptiedByProvider } from './grant-entries.ts'

const nowMs = Date.parse('2026-11-20T10:00:00Z')
const credit: GrantEntry = {
  id: '019aa000-0000-7000-8000-000000000001',
  kind: 'credit',
  amount: 1_000_000,
  effectiveUntil: null,
  reason: null,
  actor: 'system',
  createdAt: '2026-11-01T00:00:00Z',
}
const emptied: GrantEntry = { ...credit, kind: 'adjustment', amount: -412_000, reason: 'used up' }

describe('a grant that the platform says is used up', () => {
  it('is told apart from one that a person corrected, and from what expired', () => {
    expect(emptiedByProvider([credit, emptied], nowMs)).toBe(emptied)
    expect(emptiedByProvider([credit, { ...emptied, actor: 'user:1' }], nowMs)).toBeUndefined()
    expect(emptiedByProvider([credit, { ...emptied, kind: 'expiry' }], nowMs)).toBeUndefined()
    expect(emptiedByProvider([credit], nowMs)).toBeUndefined()
  })

  it('is whole again with its next window', () => {
    const untilTurn = { ...emptied, effectiveUntil: '2026-11-20T16:00:00Z' }
    expect(emptiedByProvider([credit, untilTurn], nowMs)).toBe(untilTurn)
    expect(emptiedByProvider([credit, untilTurn], Date.parse('2026-11-20T16:00:00Z'))).toBeUndefined()
  })
})

import { describe, expect, it } from 'vitest'
import { forecastGrant } from './forecast-grant.ts'

const dayMs = 24 * 3_600_000
const nowMs = Date.UTC(2026, 10, 20)
const base = {
  left: 700n,
  nowMs,
  expiresAtMs: undefined,
  turnsAtMs: undefined,
  recent: 700n,
  recentSinceMs: nowMs - 7 * dayMs,
}

describe('the forecast of a grant', () => {
  it('is empty when seven days of the same use have passed', () => {
    const forecast = forecastGrant(base)
    expect(forecast).toEqual({ perDay: 100n, emptyAt: new Date(nowMs + 7 * dayMs), expiresFirst: undefined })
  })

  it('judges a grant first used two days ago by two days, and one first used an hour ago by one', () => {
    expect(forecastGrant({ ...base, recentSinceMs: nowMs - 2 * dayMs }).perDay).toBe(350n)
    expect(forecastGrant({ ...base, recentSinceMs: nowMs - 3_600_000 }).perDay).toBe(700n)
  })

  it('says that some will expire unused', () => {
    expect(forecastGrant({ ...base, expiresAtMs: nowMs + 3 * dayMs })).toMatchObject({
      emptyAt: undefined,
      expiresFirst: true,
    })
    expect(forecastGrant({ ...base, expiresAtMs: nowMs + 8 * dayMs })).toMatchObject({ expiresFirst: false })
    expect(forecastGrant({ ...base, recent: 0n, expiresAtMs: nowMs + 8 * dayMs })).toEqual({
      perDay: undefined,
      emptyAt: undefined,
      expiresFirst: true,
    })
    expect(forecastGrant({ ...base, left: 0n, expiresAtMs: nowMs + 8 * dayMs }).expiresFirst).toBe(false)
  })

  it('ends where a renewing grant turns', () => {
    expect(forecastGrant({ ...base, turnsAtMs: nowMs + dayMs }).emptyAt).toBeUndefined()
    expect(forecastGrant({ ...base, left: 50n, turnsAtMs: nowMs + dayMs }).emptyAt).toEqual(
      new Date(nowMs + dayMs / 2),
    )
  })
})

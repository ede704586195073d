import { describe, expect, it } from 'vitest'
import type { Grant } from '../../shared/api/types.ts'
import { grantOutlook, inSpendingOrder } from './grant-outlook.ts'

const now = Date.parse('2026-11-23T00:00:00Z')
const base: Grant = {
  id: '1',
  account: 'tongyi-main',
  provider: 'tongyi',
  name: 'qwen-plus',
  models: ['qwen-plus'],
  covers: [],
  unit: 'tokens',
  currency: 'CNY',
  window: 'once',
  validFrom: '2026-11-01T00:00:00Z',
  expiresAt: '2026-12-03T00:00:00Z',
  whenEmpty: 'provider-stops',
  source: 'catalogue',
  confidence: 'documented',
  note: null,
  origin: 'api',
  state: 'active',
  granted: 1_000_000,
  settled: 200_000,
  held: 0,
  left: 800_000,
  expired: 0,
  usedPercent: 20,
  resetsAt: null,
  saved: '1.20',
  forecast: { perDay: 10_000, emptyAt: '2027-02-11T00:00:00Z', expiresFirst: true },
  createdAt: '2026-11-01T00:00:00Z',
}

describe('outlook of a grant', () => {
  it('says how much goes to waste when the end comes first', () => {
    expect(grantOutlook(base, now)).toEqual({ kind: 'wasted', unused: 700_000 })
  })

  it('counts everything as wasted when nothing uses it', () => {
    const idle = { ...base, forecast: { perDay: null, emptyAt: null, expiresFirst: true } }
    expect(grantOutlook(idle, now)).toEqual({ kind: 'wasted', unused: 800_000 })
  })

  it('keeps money a decimal string', () => {
    const money: Grant = {
      ...base,
      unit: 'money',
      left: '8.00',
      forecast: { perDay: '0.5', emptyAt: null, expiresFirst: true },
    }
    expect(grantOutlook(money, now)).toEqual({ kind: 'wasted', unused: '3.00' })
  })

  it('names the day it runs out when that comes before the end', () => {
    const fast: Grant = {
      ...base,
      forecast: { perDay: 400_000, emptyAt: '2026-11-25T00:00:00Z', expiresFirst: false },
    }
    expect(grantOutlook(fast, now)).toEqual({ kind: 'runs-out', at: '2026-11-25T00:00:00Z' })
  })

  it('does not warn of a daily grant that lasts until its reset', () => {
    const daily: Grant = {
      ...base,
      window: 'day',
      expiresAt: null,
      resetsAt: '2026-11-23T16:00:00Z',
      forecast: { perDay: 100, emptyAt: '2026-11-24T00:00:00Z', expiresFirst: null },
    }
    expect(grantOutlook(daily, now).kind).toBe('steady')
    expect(
      grantOutlook({ ...daily, forecast: { ...daily.forecast, emptyAt: '2026-11-23T09:00:00Z' } }, now).kind,
    ).toBe('runs-out')
  })

  it('names no day that is years away', () => {
    const slow: Grant = {
      ...base,
      expiresAt: null,
      forecast: { perDay: 10, emptyAt: '2162-12-01T00:00:00Z', expiresFirst: null },
    }
    expect(grantOutlook(slow, now)).toEqual({ kind: 'steady' })
  })

  it('makes no forecast for what is over', () => {
    expect(grantOutlook({ ...base, state: 'expired' }, now)).toEqual({ kind: 'expired' })
    expect(grantOutlook({ ...base, state: 'empty' }, now)).toEqual({ kind: 'empty' })
  })
})

describe('order of grants', () => {
  it('puts used and soon ending ones first, and what is over last', () => {
    const names = inSpendingOrder([
      { ...base, name: 'expired', state: 'expired' },
      { ...base, name: 'untouched', settled: 0 },
      { ...base, name: 'later', expiresAt: null },
      { ...base, name: 'sooner' },
      { ...base, name: 'empty', state: 'empty' },
    ]).map(({ name }) => name)
    expect(names).toEqual(['sooner', 'later', 'untouched', 'empty', 'expired'])
  })
})

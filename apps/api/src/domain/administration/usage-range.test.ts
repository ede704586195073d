import { describe, expect, it } from 'vitest'
import { bucketStarts, namedRange, rangeBefore } from './usage-range.ts'

const at = (text: string) => new Date(text).getTime()

describe('a named range', () => {
  it('begins at a whole hour or a whole day of the installation', () => {
    const nowMs = at('2026-11-20T17:34:56Z')
    const from = (name: '24h' | '7d' | '30d', zone: string) =>
      namedRange(name, nowMs, zone, undefined).from.toISOString()
    expect(from('24h', 'Asia/Shanghai')).toBe('2026-11-19T18:00:00.000Z')
    // It is the 21st in Shanghai already.
    expect(from('7d', 'Asia/Shanghai')).toBe('2026-11-14T16:00:00.000Z')
    expect(from('7d', 'UTC')).toBe('2026-11-14T00:00:00.000Z')
    expect(from('30d', 'Asia/Shanghai')).toBe('2026-10-22T16:00:00.000Z')
  })

  it('counts days, not multiples of 24 hours, where clocks change', () => {
    // In Berlin the 25th of October 2026 has 25 hours.
    const range = namedRange('7d', at('2026-10-28T12:00:00Z'), 'Europe/Berlin', undefined)
    expect(range.from.toISOString()).toBe('2026-10-21T22:00:00.000Z')
    const starts = bucketStarts(range, 'day', 'Europe/Berlin').map((start) => start.toISOString())
    expect(starts).toHaveLength(7)
    expect(starts.slice(3, 5)).toEqual(['2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z'])
  })

  it('of everything begins with the first hour booked', () => {
    const nowMs = at('2026-11-20T17:34:56Z')
    const first = at('2026-01-01T05:00:00Z')
    expect(namedRange('all', nowMs, 'UTC', first).from.getTime()).toBe(first)
    expect(namedRange('all', nowMs, 'UTC', undefined).from.toISOString()).toBe('2026-11-20T17:00:00.000Z')
  })

  it('is compared with the same length just before', () => {
    const range = { from: new Date('2026-11-20T00:00:00Z'), to: new Date('2026-11-20T06:00:00Z') }
    expect(rangeBefore(range)).toEqual({ from: new Date('2026-11-19T18:00:00Z'), to: range.from })
  })
})

import { describe, expect, it } from 'vitest'
import { calendarWindow } from './calendar.ts'

const iso = ({ startMs, endMs }: { startMs: number; endMs: number }) => [
  new Date(startMs).toISOString(),
  new Date(endMs).toISOString(),
]

describe('a calendar window', () => {
  it.each([
    ['day', '2026-11-23T15:59:59Z', 'Asia/Shanghai', '2026-11-22T16:00:00.000Z', '2026-11-23T16:00:00.000Z'],
    ['day', '2026-11-23T16:00:00Z', 'Asia/Shanghai', '2026-11-23T16:00:00.000Z', '2026-11-24T16:00:00.000Z'],
    ['week', '2026-11-22T12:00:00Z', 'Asia/Shanghai', '2026-11-15T16:00:00.000Z', '2026-11-22T16:00:00.000Z'],
    [
      'month',
      '2026-02-28T16:30:00Z',
      'Asia/Shanghai',
      '2026-02-28T16:00:00.000Z',
      '2026-03-31T16:00:00.000Z',
    ],
    // The day on which clocks go forward has 23 hours, the one on which they go back 25.
    ['day', '2026-03-29T12:00:00Z', 'Europe/Berlin', '2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z'],
    ['day', '2026-10-25T12:00:00Z', 'Europe/Berlin', '2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z'],
    [
      'month',
      '2026-03-15T12:00:00Z',
      'Europe/Berlin',
      '2026-02-28T23:00:00.000Z',
      '2026-03-31T22:00:00.000Z',
    ],
    ['day', '2026-11-23T18:29:59Z', 'Asia/Kolkata', '2026-11-22T18:30:00.000Z', '2026-11-23T18:30:00.000Z'],
  ] as const)('%s of %s in %s', (unit, at, timeZone, start, end) => {
    expect(iso(calendarWindow(unit, Date.parse(at), timeZone))).toEqual([start, end])
  })
})

import { describe, expect, it } from 'vitest'
import { calendarWindow, type CalendarUnit } from './calendar.ts'

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

/** What the wall clock of a zone shows, from the platform's own tables and by no arithmetic of ours. */
class WallClock {
  readonly #format: Intl.DateTimeFormat

  constructor(timeZone: string) {
    this.#format = new Intl.DateTimeFormat('en-CA', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    })
  }

  /** `2026-11-23`, or the Monday of its week, or its month. */
  unitOf(unit: CalendarUnit, atMs: number): string {
    const date = this.#format.format(atMs)
    if (unit === 'day') return date
    if (unit === 'month') return date.slice(0, 7)
    const day = new Date(`${date}T12:00:00Z`)
    while (day.getUTCDay() !== 1) day.setUTCDate(day.getUTCDate() - 1)
    return day.toISOString().slice(0, 10)
  }
}

const zones = [
  'Asia/Shanghai',
  'Europe/Berlin',
  'America/New_York',
  // Half an hour of daylight saving.
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Pacific/Chatham',
  'Pacific/Kiritimati',
  // Clocks change at midnight: some days begin at one, others see 23:00 twice.
  'America/Havana',
  'Africa/Cairo',
  'Asia/Beirut',
  'America/Santiago',
  'UTC',
]

describe.each(zones)('every moment of a year in %s', (timeZone) => {
  it.each(['day', 'week', 'month'] as const)('lies in the %s that the wall clock shows', (unit) => {
    const clock = new WallClock(timeZone)
    const lengths = new Set<number>()
    const endOfYear = Date.UTC(2027, 2, 1)
    let atMs = Date.UTC(2026, 1, 1)
    while (atMs < endOfYear) {
      const window = calendarWindow(unit, atMs, timeZone)
      const shown = clock.unitOf(unit, atMs)
      const name = `${new Date(atMs).toISOString()} of ${shown}`
      expect(window.startMs, name).toBeLessThanOrEqual(atMs)
      expect(window.endMs, name).toBeGreaterThan(atMs)
      expect(clock.unitOf(unit, window.startMs), name).toBe(shown)
      expect(clock.unitOf(unit, window.endMs - 1), name).toBe(shown)
      expect(clock.unitOf(unit, window.startMs - 1), name).not.toBe(shown)
      expect(clock.unitOf(unit, window.endMs), name).not.toBe(shown)
      lengths.add((window.endMs - window.startMs) / 3_600_000)
      // The last moment of one is followed by the first of the next; both ends and a moment between are looked at.
      atMs =
        atMs === window.endMs - 1
          ? window.endMs
          : Math.min(atMs + (window.endMs - window.startMs) / 3, window.endMs - 1)
    }
    if (unit === 'day')
      expect([...lengths].sort((left, right) => left - right)).toEqual(dayHours[timeZone] ?? [23, 24, 25])
  })
})

/** Hours of the days of that year. */
const dayHours: Readonly<Record<string, readonly number[]>> = {
  'Asia/Shanghai': [24],
  'Asia/Kathmandu': [24],
  'Pacific/Kiritimati': [24],
  'Australia/Lord_Howe': [23.5, 24, 24.5],
  UTC: [24],
}

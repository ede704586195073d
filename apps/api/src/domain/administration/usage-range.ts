import { calendarWindow } from '../counters/calendar.ts'
import { invalidField } from './error.ts'
import { parseMoment } from './parse-moment.ts'

export type RangeName = '24h' | '7d' | '30d' | 'all'

export interface UsageRange {
  readonly from: Date
  /** Exclusive. */
  readonly to: Date
}

/**
 * `24h`: the running hour and the 23 before it; `7d` and `30d`: today and the days before it in `timeZone`. So bars of
 * a chart are whole, and two pages that show the same range show the same sum. `all`: from the first hour booked.
 */
export function namedRange(
  name: RangeName,
  nowMs: number,
  timeZone: string,
  firstMs: number | undefined,
): UsageRange {
  const to = new Date(nowMs)
  switch (name) {
    case '24h':
      return { from: new Date(floorHour(nowMs) - 23 * hourMs), to }
    case '7d':
      return { from: new Date(daysBefore(nowMs, 6, timeZone)), to }
    case '30d':
      return { from: new Date(daysBefore(nowMs, 29, timeZone)), to }
    case 'all':
      return { from: new Date(Math.min(firstMs ?? floorHour(nowMs), floorHour(nowMs))), to }
  }
}

export function readRange(from: string, to: string | undefined, nowMs: number, timeZone: string): UsageRange {
  const start = parseMoment(from, timeZone)
  if (start === undefined) throw invalidField('from', 'is not a time')
  const end = to === undefined ? new Date(nowMs) : parseMoment(to, timeZone)
  if (end === undefined) throw invalidField('to', 'is not a time')
  if (end <= start) throw invalidField('to', 'must be after from')
  return { from: start, to: end }
}

/** The same length just before. */
export function rangeBefore(range: UsageRange): UsageRange {
  const lengthMs = range.to.getTime() - range.from.getTime()
  return { from: new Date(range.from.getTime() - lengthMs), to: range.from }
}

/** Start of every hour or day that the range touches. */
export function bucketStarts(range: UsageRange, bucket: 'hour' | 'day', timeZone: string): readonly Date[] {
  const starts: Date[] = []
  const end = range.to.getTime()
  if (bucket === 'hour') {
    for (let at = floorHour(range.from.getTime()); at < end; at += hourMs) starts.push(new Date(at))
    return starts
  }
  let at = range.from.getTime()
  while (at < end) {
    const window = calendarWindow('day', at, timeZone)
    starts.push(new Date(window.startMs))
    at = window.endMs
  }
  return starts
}

const hourMs = 3_600_000

function floorHour(atMs: number): number {
  return Math.floor(atMs / hourMs) * hourMs
}

/** Start of the day `days` before today. Noon is stepped from, so that a day of 23 or 25 hours is still one day. */
function daysBefore(nowMs: number, days: number, timeZone: string): number {
  const today = calendarWindow('day', nowMs, timeZone)
  return calendarWindow('day', today.startMs + 12 * hourMs - days * 24 * hourMs, timeZone).startMs
}

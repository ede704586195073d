/** Calendar arithmetic in a named time zone, daylight saving included, on plain milliseconds. */

export type CalendarUnit = 'day' | 'week' | 'month'

/** Start and end of the day, week (Monday) or month that holds the moment, as the wall clock of `timeZone` sees it. */
export function calendarWindow(
  unit: CalendarUnit,
  atMs: number,
  timeZone: string,
): { readonly startMs: number; readonly endMs: number } {
  const cacheKey = `${unit} ${timeZone}`
  const cached = cache.get(cacheKey)
  if (cached !== undefined && atMs >= cached.startMs && atMs < cached.endMs) return cached
  const local = new Date(atMs + offsetMs(atMs, timeZone))
  const year = local.getUTCFullYear()
  const month = local.getUTCMonth()
  const day = local.getUTCDate()
  const monday = day - ((local.getUTCDay() + 6) % 7)
  const [start, end] = {
    day: [Date.UTC(year, month, day), Date.UTC(year, month, day + 1)] as const,
    week: [Date.UTC(year, month, monday), Date.UTC(year, month, monday + 7)] as const,
    month: [Date.UTC(year, month, 1), Date.UTC(year, month + 1, 1)] as const,
  }[unit]
  const window = { startMs: toInstant(start, timeZone), endMs: toInstant(end, timeZone) }
  cache.set(cacheKey, window)
  return window
}

/**
 * The first instant at which the wall clock of `timeZone` shows `localMs` (read as if it were UTC) or later: where clocks go
 * back over midnight the first of both, where they skip it the end of the gap, so that every moment is in the window
 * of the date that its own clock shows.
 */
function toInstant(localMs: number, timeZone: string): number {
  const before = offsetMs(localMs - changeWithinMs, timeZone)
  const after = offsetMs(localMs + changeWithinMs, timeZone)
  const early = localMs - before
  if (before === after || offsetMs(early, timeZone) === before) return early
  const late = localMs - after
  if (offsetMs(late, timeZone) === after) return late
  let low = late
  let high = early
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (offsetMs(middle, timeZone) === after) high = middle
    else low = middle
  }
  return high
}

/** More than any zone is away from UTC, less than there is ever between two changes of its clocks. */
const changeWithinMs = 36 * 3_600_000

function offsetMs(atMs: number, timeZone: string): number {
  const parts = formatter(timeZone).formatToParts(atMs)
  const part = (type: string) => Number(parts.find((candidate) => candidate.type === type)?.value)
  const shown = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  )
  return shown - Math.floor(atMs / 1000) * 1000
}

function formatter(timeZone: string): Intl.DateTimeFormat {
  let found = formatters.get(timeZone)
  if (found === undefined) {
    found = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
    formatters.set(timeZone, found)
  }
  return found
}

const formatters = new Map<string, Intl.DateTimeFormat>()
/** A request is nearly always in the same window as the one before it. */
const cache = new Map<string, { readonly startMs: number; readonly endMs: number }>()

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

/** The instant at which the wall clock of `timeZone` shows `localMs` (read as if it were UTC). */
function toInstant(localMs: number, timeZone: string): number {
  const guess = localMs - offsetMs(localMs, timeZone)
  // The offset may differ at the guessed instant (the day of a change): correct once, which is enough.
  return localMs - offsetMs(guess, timeZone)
}

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

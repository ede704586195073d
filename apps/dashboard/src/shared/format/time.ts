export interface TimeContext {
  readonly locale: string
  /** IANA name of the zone in which windows and grants reset, e.g. `Asia/Shanghai`. */
  readonly timeZone: string
}

/** `11月23日 16:08` or `Nov 23, 16:08`; the year appears when it is not the current one. */
export function formatDateTime(iso: string, context: TimeContext, now = Date.now()): string {
  return formatter(context, {
    ...(sameYear(iso, now, context.timeZone) ? {} : { year: 'numeric' }),
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(new Date(iso))
}

/** To the second, with zone: for tooltips and the log. */
export function formatDateTimeExact(iso: string, context: TimeContext): string {
  return formatter(context, {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'shortOffset',
  }).format(new Date(iso))
}

/** `2027年2月1日` or `Feb 1, 2027`; without the year when it is the current one. */
export function formatDate(iso: string, context: TimeContext, now = Date.now()): string {
  return formatter(context, {
    ...(sameYear(iso, now, context.timeZone) ? {} : { year: 'numeric' }),
    month: 'short',
    day: 'numeric',
  }).format(new Date(iso))
}

/** Label under a bar: the hour of an hourly chart, the day of a daily one. */
export function formatBucket(iso: string, bucket: 'hour' | 'day', context: TimeContext): string {
  return formatter(
    context,
    bucket === 'hour'
      ? { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }
      : { month: 'numeric', day: 'numeric' },
  ).format(new Date(iso))
}

/** `Asia/Shanghai (GMT+8)`. */
export function formatTimeZone(context: TimeContext, now = Date.now()): string {
  const offset = formatter(context, { timeZoneName: 'shortOffset' })
    .formatToParts(new Date(now))
    .find((part) => part.type === 'timeZoneName')?.value
  return offset === undefined ? context.timeZone : `${context.timeZone} (${offset})`
}

/** How long a request took: `840 ms`, `3.2 s`, `2 min 5 s`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`
  if (milliseconds < 60_000) return `${(milliseconds / 1_000).toFixed(1)} s`
  return `${Math.floor(milliseconds / 60_000)} min ${Math.round((milliseconds % 60_000) / 1_000)} s`
}

/** The calendar day of an instant in a zone, as `<input type="date">` wants it. */
export function toDateInput(instantMs: number, timeZone: string): string {
  return formatter(
    { locale: 'en-CA', timeZone },
    { year: 'numeric', month: '2-digit', day: '2-digit' },
  ).format(instantMs)
}

/** The first instant of a calendar day in a zone: a grant that starts or ends on a date does so at local midnight. */
export function fromDateInput(day: string, timeZone: string): string {
  const asUtc = Date.parse(`${day}T00:00:00Z`)
  // Twice, because the offset at the answer may differ from the one at the guess (a change of summer time).
  const first = asUtc - offsetMs(asUtc, timeZone)
  return new Date(asUtc - offsetMs(first, timeZone)).toISOString()
}

/** Adds days on the calendar, not on the clock. */
export function addDays(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`)
  date.setUTCDate(date.getUTCDate() + days)
  return date.toISOString().slice(0, 10)
}

function offsetMs(instantMs: number, timeZone: string): number {
  const parts = formatter(
    { locale: 'en-US', timeZone },
    {
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
      hourCycle: 'h23',
    },
  ).formatToParts(instantMs)
  const of = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((part) => part.type === type)?.value)
  const wall = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'))
  return wall - Math.floor(instantMs / 1_000) * 1_000
}

function sameYear(iso: string, now: number, timeZone: string): boolean {
  return toDateInput(Date.parse(iso), timeZone).slice(0, 4) === toDateInput(now, timeZone).slice(0, 4)
}

const formatters = new Map<string, Intl.DateTimeFormat>()

function formatter(context: TimeContext, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const id = `${context.locale} ${context.timeZone} ${JSON.stringify(options)}`
  let made = formatters.get(id)
  if (made === undefined) {
    made = new Intl.DateTimeFormat(context.locale, { ...options, timeZone: context.timeZone })
    formatters.set(id, made)
  }
  return made
}

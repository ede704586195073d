import { calendarWindow } from '../counters/calendar.ts'

/**
 * A time as people write it: ISO 8601 with offset, or a date alone, which is the start of that day in `timeZone`.
 * For "expires at" that is the cautious reading: nothing is spent on a day on which a provider may already bill.
 */
export function parseMoment(text: string, timeZone: string): Date | undefined {
  const date = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  if (date === null) {
    if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/.test(text)) return undefined
    const at = new Date(text)
    return Number.isNaN(at.getTime()) ? undefined : at
  }
  const noon = Date.UTC(Number(date[1]), Number(date[2]) - 1, Number(date[3]), 12)
  if (new Date(noon).toISOString().slice(0, 10) !== text) return undefined
  const window = calendarWindow('day', noon, timeZone)
  // Noon in London is tomorrow already on the islands far east of it.
  return new Date(
    localDate(window.startMs, timeZone) === text
      ? window.startMs
      : calendarWindow('day', window.startMs - 1, timeZone).startMs,
  )
}

/** `2027-02-01`, as the wall clock of `timeZone` shows it. */
function localDate(atMs: number, timeZone: string): string {
  return new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).format(atMs)
}

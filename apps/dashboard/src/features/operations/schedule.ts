/** When a job runs. Times are in the installation's zone. */
export type Schedule =
  | { readonly kind: 'minutes'; readonly count: number }
  | { readonly kind: 'hourly'; readonly time: string }
  | { readonly kind: 'daily'; readonly time: string }
  /** Anything else, as cron says it. */
  | { readonly kind: 'cron'; readonly cron: string }

/** Reads the plain forms of five cron fields. */
export function readSchedule(cron: string): Schedule {
  const [minute = '', hour = '', ...rest] = cron.trim().split(/\s+/)
  const everyDay = rest.length === 3 && rest.every((field) => field === '*')
  if (!everyDay) return { kind: 'cron', cron }
  const step = /^\*(?:\/(\d+))?$/.exec(minute)
  if (step !== null && hour === '*') return { kind: 'minutes', count: Number(step[1] ?? 1) }
  if (!/^\d+$/.test(minute)) return { kind: 'cron', cron }
  if (hour === '*') return { kind: 'hourly', time: `:${minute.padStart(2, '0')}` }
  if (!/^\d+$/.test(hour)) return { kind: 'cron', cron }
  return { kind: 'daily', time: `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}` }
}

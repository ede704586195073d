/** How near an end is: `past`, `urgent` (within three days), `near` (within two weeks), `far`. */
export type Nearness = 'past' | 'urgent' | 'near' | 'far'

export interface Countdown {
  readonly nearness: Nearness
  /** Whole units left, rounded down: what is promised is really there. */
  readonly value: number
  readonly unit: 'day' | 'hour' | 'minute' | 'second'
}

const secondMs = 1_000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** Time left until an instant, in the largest unit that says something: days from two days on, then hours, minutes, seconds. */
export function countdown(untilIso: string, nowMs: number): Countdown {
  const left = Date.parse(untilIso) - nowMs
  if (left <= 0) return { nearness: 'past', value: 0, unit: 'second' }
  const nearness = left <= 3 * dayMs ? 'urgent' : left <= 14 * dayMs ? 'near' : 'far'
  if (left >= 2 * dayMs) return { nearness, value: Math.floor(left / dayMs), unit: 'day' }
  if (left >= hourMs) return { nearness, value: Math.floor(left / hourMs), unit: 'hour' }
  if (left >= minuteMs) return { nearness, value: Math.floor(left / minuteMs), unit: 'minute' }
  return { nearness, value: Math.floor(left / secondMs), unit: 'second' }
}

/** `12天`, `12 days`; the language knows its plurals. */
export function formatCountdown({ value, unit }: Countdown, locale: string): string {
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(value)
}

/** `3分钟前`, `2 hours ago`, `yesterday`: for last uses, where the exact time stands in the tooltip. */
export function formatAgo(iso: string, nowMs: number, locale: string): string {
  const ago = nowMs - Date.parse(iso)
  const words = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  if (ago < minuteMs) return words.format(0, 'minute')
  if (ago < hourMs) return words.format(-Math.floor(ago / minuteMs), 'minute')
  if (ago < dayMs) return words.format(-Math.floor(ago / hourMs), 'hour')
  return words.format(-Math.floor(ago / dayMs), 'day')
}

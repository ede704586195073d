import type { CounterWindow } from '../../../ports/counters.ts'

const dayMs = 86_400_000

/**
 * How long a fixed window stays in the store after its end: its reservations can still settle in it, and a correction
 * of yesterday's prices finds it. Given as a time from now, by our clock, as the server's may differ.
 */
const keptMs = 2 * dayMs

/** The start of the bucket of a sliding window, as a field's name; empty for other windows. */
export function bucketOf(window: CounterWindow, atMs: number): string {
  if (window.kind !== 'sliding') return ''
  const stepMs = window.lengthMs / 60
  return String(Math.floor(atMs / stepMs) * stepMs)
}

/** How long after its start a bucket still counts. */
export function outAfterMs(lengthMs: number): number {
  return lengthMs / 60 + lengthMs
}

/** Empty: the counter never goes by itself. */
export function lifetimeOf(window: CounterWindow, atMs: number): string {
  if (window.kind !== 'fixed' || window.endMs === undefined) return ''
  return String(Math.ceil(Math.max(window.endMs - atMs, 0)) + keptMs)
}

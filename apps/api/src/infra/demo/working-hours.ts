import type { SeededRandom } from './seeded-random.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** How busy an office in China is, by hour of its day. */
const byHour = [
  0.06, 0.04, 0.03, 0.03, 0.03, 0.04, 0.08, 0.2, 0.55, 0.95, 1, 0.9, 0.5, 0.65, 0.95, 1, 0.95, 0.8, 0.5, 0.4,
  0.38, 0.3, 0.2, 0.1,
]
const onWeekends = 0.3

/** A moment of the stretch, in the rhythm of days and weeks, a little busier towards its end. */
export function workingMoment(random: SeededRandom, fromMs: number, toMs: number): number {
  for (;;) {
    const share = random.next()
    const atMs = Math.floor(fromMs + share * (toMs - fromMs))
    if (random.chance(busyness(atMs) * (0.7 + 0.3 * share))) return atMs
  }
}

function busyness(atMs: number): number {
  // China has one time zone and no daylight saving.
  const local = new Date(atMs + 8 * hourMs)
  const weekend = local.getUTCDay() === 0 || local.getUTCDay() === 6
  return (byHour[local.getUTCHours()] ?? 0) * (weekend ? onWeekends : 1)
}

export function daysBefore(atMs: number, days: number): number {
  return atMs - days * dayMs
}

import type { CounterCorrection } from '../../ports/books.ts'
import type { CounterAmount, CounterUpkeep } from '../../ports/counters.ts'

/** Adds corrections to what is settled, those of one moment in one step. */
export async function correctCounters(
  counters: Pick<CounterUpkeep, 'adjust'>,
  corrections: readonly CounterCorrection[],
): Promise<void> {
  const byMoment = new Map<number, CounterAmount[]>()
  for (const { change, atMs } of corrections) {
    const changes = byMoment.get(atMs)
    if (changes === undefined) byMoment.set(atMs, [change])
    else changes.push(change)
  }
  for (const [atMs, changes] of byMoment) await counters.adjust(changes, atMs)
}

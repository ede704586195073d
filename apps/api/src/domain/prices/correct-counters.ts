import type { CostCorrection } from '../../ports/books.ts'
import type { CounterAmount, CounterUpkeep, CounterWindow } from '../../ports/counters.ts'
import { grantCounter, quotaCounter } from '../counters/windows.ts'
import { appliesTo } from '../ledger/record-amounts.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'

/**
 * Adds corrected costs to quotas of money and to grants, in the windows in which the requests were made, as far as these
 * still run. A part of a sliding window leaves it when the request's own part does.
 */
export async function correctCounters(
  counters: Pick<CounterUpkeep, 'adjust'>,
  snapshot: Snapshot,
  corrections: readonly CostCorrection[],
  nowMs: number,
): Promise<void> {
  const byMoment = new Map<number, Map<string, CounterAmount>>()
  for (const correction of corrections) {
    for (const change of changesOf(snapshot, correction)) {
      if (change.amount === 0n || !stillRuns(change.window, correction.atMs, nowMs)) continue
      // Only in a sliding window does the moment matter; the others are added up.
      const atMs = change.window.kind === 'sliding' ? correction.atMs : nowMs
      const changes = byMoment.get(atMs) ?? new Map<string, CounterAmount>()
      byMoment.set(atMs, changes)
      const amount = (changes.get(change.counterId)?.amount ?? 0n) + change.amount
      changes.set(change.counterId, { ...change, amount })
    }
  }
  for (const [atMs, changes] of byMoment) await counters.adjust([...changes.values()], atMs)
}

function changesOf(snapshot: Snapshot, correction: CostCorrection): CounterAmount[] {
  const { atMs } = correction
  const changes: CounterAmount[] = []
  for (const quota of snapshot.quotas.values()) {
    if (quota.metric !== 'cost' || !appliesTo(quota, correction)) continue
    changes.push({
      ...quotaCounter(quota, atMs, snapshot.timeZone),
      amount: correction.billedCostNanos,
    })
  }
  const grant = correction.grantId === undefined ? undefined : snapshot.grants.get(correction.grantId)
  if (grant !== undefined) {
    changes.push({ ...grantCounter(grant, atMs, snapshot.timeZone), amount: correction.grantAmount })
  }
  return changes
}

function stillRuns(window: CounterWindow, atMs: number, nowMs: number): boolean {
  switch (window.kind) {
    case 'fixed':
      return window.endMs === undefined || window.endMs > nowMs
    case 'sliding':
      return atMs > nowMs - window.lengthMs
    case 'held':
      return false
  }
}

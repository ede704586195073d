import type { CounterAmount } from '../../../ports/counters.ts'
import { tombstone } from './common-lua.ts'
import type { CounterChange, EntryChange } from './change-entry.ts'
import type { Entry } from './entry.ts'
import type { Group } from './generation.ts'
import { bucketOf, lifetimeOf } from './windows.ts'

/** Holds become amounts really used, in the windows in which they were made; `extra` is counted besides. */
export function settlement(
  group: Group,
  entry: Pick<Entry, 'atMs' | 'holds'> | undefined,
  amounts: ReadonlyMap<string, bigint>,
  extra: readonly CounterAmount[],
  atMs: number,
): CounterChange[] {
  const counters = entry === undefined ? [] : givenBack(group, entry.holds)
  const settled = new Set<string>()
  entry?.holds.forEach((hold, index) => {
    const change = counters[index]
    // A counter that was held on twice has one amount used.
    if (change === undefined || settled.has(hold.counterId) || hold.window.kind === 'held') return
    settled.add(hold.counterId)
    counters[index] = {
      ...change,
      settled: String(amounts.get(hold.counterId) ?? 0n),
      bucket: bucketOf(hold.window, entry.atMs),
    }
  })
  return [...counters, ...added(group, extra, atMs)]
}

/** Holds are dropped, and nothing was used. */
export function givenBack(group: Group, holds: readonly CounterAmount[]): CounterChange[] {
  return holds.map((hold) => ({
    key: group.counter(hold),
    held: String(-hold.amount),
    settled: '0',
    bucket: '',
    ifKnown: '',
    lifetime: '',
  }))
}

function added(group: Group, amounts: readonly CounterAmount[], atMs: number): CounterChange[] {
  return amounts
    .filter(({ window }) => window.kind !== 'held')
    .map((amount) => ({
      key: group.counter(amount),
      held: '0',
      settled: String(amount.amount),
      bucket: bucketOf(amount.window, atMs),
      ifKnown: amount.counterId,
      lifetime: lifetimeOf(amount.window, atMs),
    }))
}

/**
 * The entry of a resolved reservation: a tombstone, or nothing when its record is in the ledger already. It keeps the
 * deadline of the reservation; where there was none it has `deadlineMs`.
 */
export function resolved(
  isForgotten: boolean,
  counters: readonly CounterChange[],
  deadlineMs?: number,
): EntryChange {
  return isForgotten
    ? { next: '', deadline: '', counters }
    : { next: tombstone, deadline: deadlineMs === undefined ? '' : String(deadlineMs), counters }
}

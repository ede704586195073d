import { changeScript } from './change-script.ts'
import type { Generation, Group } from './generation.ts'
import type { StoreLink } from './store-link.ts'

/** What happens to one counter together with an entry. */
export interface CounterChange {
  readonly key: string
  /** Decimal, negative to give back. */
  readonly held: string
  readonly settled: string
  /** See windows.ts. */
  readonly bucket: string
  /** Left out where this counter was not filled: it will be, from a ledger that has the amount. Empty: always done. */
  readonly ifKnown: string
  readonly lifetime: string
}

export interface EntryChange {
  /** The entry afterwards: empty for none. */
  readonly next: string
  /** A new deadline; empty: it stays. */
  readonly deadline: string
  readonly counters: readonly CounterChange[]
}

/** A change of one reservation in one group, which may be repeated without being made twice. */
export interface Move {
  readonly reservationId: string
  readonly group: string
  /** What the entry is thought to be; empty: there is none. */
  readonly guess: string
  /** What to do about the entry as it really is; `undefined`: nothing, now or any longer. */
  readonly plan: (group: Group, entry: string) => EntryChange | undefined
  /** What follows when the change was made. */
  readonly onChanged?: (() => Promise<unknown>) | undefined
}

export type MoveOutcome =
  /** `entry`: what was found, and changed if `changed`. */
  | { readonly lost: false; readonly changed: boolean; readonly entry: string }
  /** The group is not the one this process has worked with. */
  | { readonly lost: true }

/**
 * One round trip where the guess is right; where somebody else was there before, another one with what was found. The
 * script compares and changes in one step, so that no two callers ever change the same entry.
 */
export async function changeEntry(link: StoreLink, generation: Generation, move: Move): Promise<MoveOutcome> {
  const group = generation.group(move.group)
  let entry = move.guess
  for (;;) {
    const change = move.plan(group, entry)
    const reply = await link.run(changeScript, keysOf(group, change), argumentsOf(move, entry, change))
    const [outcome, found = '', token = ''] = reply
    if (outcome === 'done') return { lost: false, changed: change !== undefined, entry }
    if (found === '' && move.guess !== '' && group.token !== undefined && token !== group.token)
      return { lost: true }
    entry = found
    if (move.plan(group, entry) === undefined) return { lost: false, changed: false, entry }
  }
}

function keysOf(group: Group, change: EntryChange | undefined): string[] {
  const keys = [group.open, group.deadlines, group.notes, group.known]
  if (change !== undefined) for (const counter of change.counters) keys.push(counter.key)
  return keys
}

/** Without a change the entry is put back as it is: the answer says whether the guess was right. */
function argumentsOf(move: Move, entry: string, change: EntryChange | undefined): string[] {
  const args = [move.reservationId, entry, change?.next ?? entry, change?.deadline ?? '']
  if (change === undefined) return args
  for (const { held, settled, bucket, ifKnown, lifetime } of change.counters) {
    args.push(held, settled, bucket, ifKnown, lifetime)
  }
  return args
}

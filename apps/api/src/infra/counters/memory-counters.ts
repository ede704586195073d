import {
  CountersUnavailable,
  type CounterAmount,
  type CounterReading,
  type CounterRef,
  type CounterUpkeep,
  type CounterWindow,
  type Counters,
  type RefusedHold,
  type StoredReservation,
} from '../../ports/counters.ts'
import { checkHolds } from './check-holds.ts'
import { createTally, type Tally } from './tally.ts'
import { Tombstones } from './tombstones.ts'

interface OpenHold {
  readonly ref: CounterRef
  readonly tally: Tally
  readonly amount: bigint
}

/** A reservation in one group. */
interface OpenGroup {
  readonly group: string
  readonly atMs: number
  readonly expiresAtMs: number
  readonly holds: OpenHold[]
  opening: (() => string) | undefined
}

/**
 * Counters of one process. Every method does its whole work before it returns its promise, so JavaScript's single
 * thread is what makes a reservation atomic: no `await` may come between the check and the take.
 */
export class MemoryCounters implements Counters, CounterUpkeep {
  /** Counters that were filled, and those that only hold; by window. */
  readonly #tallies = new Map<string, Map<number, Tally>>()
  readonly #reservations = new Map<string, OpenGroup[]>()
  readonly #resolved = new Tombstones()

  async reserve(input: Parameters<Counters['reserve']>[0]): ReturnType<Counters['reserve']> {
    const { reservationId, group, holds, atMs, expiresAtMs } = input
    checkHolds(group, holds)
    const passed: string[] = []
    const refused: RefusedHold[] = []
    const taken: OpenHold[] = []
    for (const hold of holds) {
      if (hold.window.kind !== 'held' && !this.#tallies.has(hold.counterId))
        throw new CountersUnavailable(`The counter ${hold.counterId} is not filled.`)
      const tally = this.#tally(hold)
      const settled = tally.settledAt(atMs)
      const excess = settled + tally.held + hold.amount - hold.limit
      if (excess > 0n && !hold.hard) passed.push(hold.counterId)
      if (excess > 0n && hold.hard) {
        refused.push({
          counterId: hold.counterId,
          needed: hold.amount,
          limit: hold.limit,
          settled,
          held: tally.held,
          freesAtMs: tally.freesAtMs(excess, atMs),
        })
      }
      taken.push({ ref: hold, tally, amount: hold.amount })
    }
    if (refused.length > 0) return { granted: false, refused }
    if (this.#resolved.has(reservationId, group))
      throw new Error(`reservation ${reservationId} was resolved before it was complete`)
    for (const hold of taken) hold.tally.held += hold.amount
    const open = this.#reservations.get(reservationId)
    const fresh = { group, atMs, expiresAtMs, holds: taken, opening: undefined }
    if (open === undefined) {
      this.#reservations.set(reservationId, [fresh])
    } else {
      const same = open.find((other) => other.group === group)
      if (same === undefined) open.push(fresh)
      else same.holds.push(...taken)
    }
    return { granted: true, passed }
  }

  note(reservationId: string, group: string, opening: () => string): void {
    const open = this.#group(reservationId, group)
    if (open !== undefined) open.opening = opening
  }

  async dropHolds(reservationId: string, group: string, counterIds: readonly string[]): Promise<void> {
    const open = this.#group(reservationId, group)
    if (open === undefined) return
    for (let index = open.holds.length - 1; index >= 0; index -= 1) {
      const hold = open.holds[index]
      if (hold === undefined || !counterIds.includes(hold.ref.counterId)) continue
      hold.tally.held -= hold.amount
      open.holds.splice(index, 1)
    }
  }

  async settle(input: Parameters<Counters['settle']>[0]): Promise<boolean> {
    const { reservationId, amounts, extra, atMs } = input
    const open = this.#take(reservationId)
    if (open === undefined) return false
    for (const entry of extra) {
      if (!this.#resolved.has(reservationId, entry.group)) this.#add(entry, atMs)
    }
    for (const entry of extra) this.#resolved.add(reservationId, entry.group)
    for (const group of open) {
      settleHolds(group, amounts)
      this.#resolved.add(reservationId, group.group)
    }
    return true
  }

  async release(reservationId: string): Promise<boolean> {
    return this.#take(reservationId) !== undefined
  }

  async read(refs: readonly CounterRef[], atMs: number): Promise<readonly CounterReading[]> {
    return refs.map((ref) => {
      const tally = this.#tallies.get(ref.counterId)?.get(startOf(ref.window))
      return tally === undefined
        ? { settled: 0n, held: 0n }
        : { settled: tally.settledAt(atMs), held: tally.held }
    })
  }

  async seed(input: Parameters<CounterUpkeep['seed']>[0]): Promise<void> {
    if (this.#tallies.has(input.ref.counterId)) return
    const tally = this.#tally(input.ref)
    for (const part of input.parts) tally.add(part.amount, part.atMs)
  }

  async unknown(refs: readonly CounterRef[]): Promise<readonly CounterRef[]> {
    return refs.filter((ref) => ref.window.kind !== 'held' && !this.#tallies.has(ref.counterId))
  }

  async adjust(changes: readonly CounterAmount[], atMs: number): Promise<void> {
    for (const change of changes) this.#add(change, atMs)
  }

  async expired(atMs: number, countMax: number): Promise<readonly StoredReservation[]> {
    return this.openReservations()
      .filter((open) => open.expiresAtMs <= atMs)
      .toSorted((left, right) => left.expiresAtMs - right.expiresAtMs)
      .slice(0, countMax)
  }

  async resolve(input: Parameters<CounterUpkeep['resolve']>[0]): Promise<'settled' | 'already' | 'absent'> {
    const { reservationId, group, amounts, unheld, atMs } = input
    if (this.#resolved.has(reservationId, group)) return 'already'
    const groups = this.#reservations.get(reservationId)
    const open = groups?.find((other) => other.group === group)
    this.#resolved.add(reservationId, group)
    for (const entry of unheld) {
      const isHeld = open?.holds.some(({ ref }) => ref.counterId === entry.counterId) === true
      if (!isHeld) this.#add(entry, atMs)
    }
    if (groups === undefined || open === undefined) return 'absent'
    giveBack(open)
    settleHolds(open, amounts)
    if (groups.length === 1) this.#reservations.delete(reservationId)
    else groups.splice(groups.indexOf(open), 1)
    return 'settled'
  }

  async forget(reservations: Parameters<CounterUpkeep['forget']>[0]): Promise<void> {
    for (const { reservationId, group } of reservations) this.#resolved.remove(reservationId, group)
  }

  openReservations(): readonly StoredReservation[] {
    return [...this.#reservations].flatMap(([reservationId, groups]) =>
      groups.map(({ group, atMs, expiresAtMs, holds, opening }) => ({
        reservationId,
        group,
        atMs,
        expiresAtMs,
        holds: holds.map(({ ref: { counterId, window }, amount }) => ({ counterId, group, window, amount })),
        opening: opening?.(),
      })),
    )
  }

  /** These counters cannot be lost without the process that holds them. */
  async restore(): Promise<void> {}

  open(): { readonly reservations: number } {
    return { reservations: this.#reservations.size }
  }

  /** Resolves a reservation: whoever comes second finds nothing. */
  #take(reservationId: string): readonly OpenGroup[] | undefined {
    const open = this.#reservations.get(reservationId)
    if (open === undefined) return undefined
    this.#reservations.delete(reservationId)
    for (const group of open) giveBack(group)
    return open
  }

  #group(reservationId: string, group: string): OpenGroup | undefined {
    return this.#reservations.get(reservationId)?.find((open) => open.group === group)
  }

  /** A counter that is not filled will be, from a ledger that has the amount. */
  #add(entry: CounterAmount, atMs: number): void {
    if (this.#tallies.has(entry.counterId)) this.#tally(entry).add(entry.amount, atMs)
  }

  #tally(ref: CounterRef): Tally {
    let windows = this.#tallies.get(ref.counterId)
    if (windows === undefined) {
      windows = new Map()
      this.#tallies.set(ref.counterId, windows)
    }
    const start = startOf(ref.window)
    let tally = windows.get(start)
    if (tally === undefined) {
      // Of the windows that have turned the last one stays: reservations still settle in it, prices are corrected in it.
      // Others are of no further use once nothing is held in them.
      const newest = Math.max(start, ...windows.keys())
      const last = Math.max(...[...windows.keys(), start].filter((other) => other < newest))
      for (const [other, { held }] of windows) if (other < last && held === 0n) windows.delete(other)
      tally = createTally(ref.window)
      windows.set(start, tally)
    }
    return tally
  }
}

function giveBack(open: OpenGroup): void {
  for (const hold of open.holds) hold.tally.held -= hold.amount
}

/** In the windows in which they were made. A counter that was held on twice has one amount used. */
function settleHolds(open: OpenGroup, amounts: ReadonlyMap<string, bigint>): void {
  open.holds.forEach(({ ref: { counterId }, tally }, index) => {
    const isFirst = !open.holds.slice(0, index).some((earlier) => earlier.ref.counterId === counterId)
    if (isFirst) tally.add(amounts.get(counterId) ?? 0n, open.atMs)
  })
}

function startOf(window: CounterWindow): number {
  return window.kind === 'fixed' ? window.startMs : 0
}

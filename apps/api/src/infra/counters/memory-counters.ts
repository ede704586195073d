import type {
  CounterAmount,
  CounterReading,
  CounterRef,
  CounterUpkeep,
  CounterWindow,
  Counters,
  RefusedHold,
  StoredReservation,
} from '../../ports/counters.ts'
import { createTally, type Tally } from './tally.ts'

interface OpenHold {
  readonly ref: CounterRef
  readonly tally: Tally
  readonly amount: bigint
}

interface OpenReservation {
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
  readonly #tallies = new Map<string, Map<number, Tally>>()
  readonly #reservations = new Map<string, OpenReservation>()

  async reserve(input: Parameters<Counters['reserve']>[0]): ReturnType<Counters['reserve']> {
    const { reservationId, holds, atMs, expiresAtMs } = input
    const passed: string[] = []
    const refused: RefusedHold[] = []
    const taken: OpenHold[] = []
    for (const hold of holds) {
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
    for (const hold of taken) hold.tally.held += hold.amount
    const open = this.#reservations.get(reservationId)
    if (open === undefined) {
      this.#reservations.set(reservationId, { atMs, expiresAtMs, holds: taken, opening: undefined })
    } else {
      open.holds.push(...taken)
    }
    return { granted: true, passed }
  }

  note(reservationId: string, _group: string, opening: () => string): void {
    const open = this.#reservations.get(reservationId)
    if (open !== undefined) open.opening = opening
  }

  async dropHolds(reservationId: string, _group: string, counterIds: readonly string[]): Promise<void> {
    const open = this.#reservations.get(reservationId)
    if (open === undefined) return
    for (let index = open.holds.length - 1; index >= 0; index -= 1) {
      const hold = open.holds[index]
      if (hold === undefined || !counterIds.includes(hold.ref.counterId)) continue
      hold.tally.held -= hold.amount
      open.holds.splice(index, 1)
    }
  }

  async settle(input: Parameters<Counters['settle']>[0]): Promise<boolean> {
    const open = this.#take(input.reservationId)
    if (open === undefined) return false
    for (const hold of open.holds) hold.tally.add(input.amounts.get(hold.ref.counterId) ?? 0n, open.atMs)
    for (const extra of input.extra) this.#tally(extra).add(extra.amount, input.atMs)
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
    return refs.filter((ref) => !this.#tallies.has(ref.counterId))
  }

  async adjust(changes: readonly CounterAmount[], atMs: number): Promise<void> {
    for (const change of changes) {
      if (this.#tallies.has(change.counterId)) this.#tally(change).add(change.amount, atMs)
    }
  }

  async expired(atMs: number, countMax: number): Promise<readonly StoredReservation[]> {
    return this.openReservations()
      .filter((open) => open.expiresAtMs <= atMs)
      .slice(0, countMax)
  }

  async resolve(input: Parameters<CounterUpkeep['resolve']>[0]): Promise<'settled' | 'already' | 'absent'> {
    const settled = await this.settle({ ...input, extra: [] })
    return settled ? 'settled' : 'already'
  }

  /** Nobody else works on these counters: what was resolved is forgotten at once. */
  async forget(): Promise<void> {}

  openReservations(): readonly StoredReservation[] {
    return [...this.#reservations].flatMap(([reservationId, open]) =>
      [...new Set(open.holds.map((hold) => hold.ref.group))].map((group) => ({
        reservationId,
        group,
        atMs: open.atMs,
        expiresAtMs: open.expiresAtMs,
        holds: open.holds
          .filter((hold) => hold.ref.group === group)
          .map(({ ref, amount }) => ({ ...ref, amount })),
        opening: open.opening?.(),
      })),
    )
  }

  /** These counters cannot be lost without the process that holds them. */
  async restore(): Promise<void> {}

  open(): { readonly reservations: number } {
    return { reservations: this.#reservations.size }
  }

  /** Resolves a reservation: whoever comes second finds nothing. */
  #take(reservationId: string): OpenReservation | undefined {
    const open = this.#reservations.get(reservationId)
    if (open === undefined) return undefined
    this.#reservations.delete(reservationId)
    for (const hold of open.holds) hold.tally.held -= hold.amount
    return open
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
      // Windows that have turned are of no further use once nothing is held in them.
      for (const [otherStart, other] of windows) if (other.held === 0n) windows.delete(otherStart)
      tally = createTally(ref.window)
      windows.set(start, tally)
    }
    return tally
  }
}

function startOf(window: CounterWindow): number {
  return window.kind === 'fixed' ? window.startMs : 0
}

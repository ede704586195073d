import type {
  CounterAmount,
  CounterReading,
  CounterRef,
  Hold,
  RefusedHold,
  ReserveOutcome,
} from '../../../ports/counters.ts'

/** What a reservation holds in one group. */
export interface ModelEntry {
  readonly reservationId: string
  readonly group: string
  readonly atMs: number
  readonly expiresAtMs: number
  readonly holds: readonly CounterAmount[]
  readonly opening: string | undefined
}

interface Settled {
  readonly counterId: string
  readonly startMs: number | undefined
  readonly atMs: number
  readonly amount: bigint
}

/**
 * Counters as slow and plain as they can be: a list of what was settled, a list of what is held, and sums. Nothing here
 * is shared with what it is compared to.
 */
export class Model {
  settled: Settled[] = []
  /** In the store, by reservation and group. */
  open = new Map<string, ModelEntry>()
  resolved = new Set<string>()
  /** What each process believes to have open. */
  readonly local: Map<string, Map<string, ModelEntry>>[]

  constructor(processes: number) {
    this.local = Array.from({ length: processes }, () => new Map<string, Map<string, ModelEntry>>())
  }

  read(ref: CounterRef, atMs: number): CounterReading {
    const held = sum(
      [...this.open.values()]
        .flatMap((entry) => entry.holds)
        .filter((hold) => sameCounter(hold, ref))
        .map((hold) => hold.amount),
    )
    return { settled: sum(this.#counting(ref, atMs).map(({ amount }) => amount)), held }
  }

  reserve(
    process: number,
    wanted: {
      readonly reservationId: string
      readonly group: string
      readonly holds: readonly Hold[]
      readonly atMs: number
      readonly expiresAtMs: number
    },
  ): ReserveOutcome {
    const { reservationId, group, atMs, expiresAtMs } = wanted
    const passed: string[] = []
    const refused: RefusedHold[] = []
    for (const hold of wanted.holds) {
      const { settled, held } = this.read(hold, atMs)
      if (settled + held + hold.amount <= hold.limit) continue
      if (!hold.hard) {
        passed.push(hold.counterId)
        continue
      }
      const { counterId, amount, limit } = hold
      const freesAtMs = this.#freesAtMs(hold, settled + held + amount - limit, atMs)
      refused.push({ counterId, needed: amount, limit, settled, held, freesAtMs })
    }
    if (refused.length > 0) return { granted: false, refused }
    const holds = wanted.holds.map(plain)
    const before = this.open.get(key(reservationId, group))
    const entry: ModelEntry =
      before === undefined
        ? { reservationId, group, atMs, expiresAtMs, holds, opening: undefined }
        : { ...before, holds: [...before.holds, ...holds] }
    this.open.set(key(reservationId, group), entry)
    this.#local(process, reservationId).set(group, entry)
    return { granted: true, passed }
  }

  note(process: number, reservationId: string, group: string, opening: string, isSent: boolean): void {
    this.#change(process, reservationId, group, (entry) => ({ ...entry, opening }), isSent)
  }

  /** What the process does at once, and what happens in the store when it gets there. */
  drop(process: number, reservationId: string, group: string, counterIds: readonly string[]): () => void {
    const without = (entry: ModelEntry) => ({
      ...entry,
      holds: entry.holds.filter(({ counterId }) => !counterIds.includes(counterId)),
    })
    this.#change(process, reservationId, group, without, false)
    return () => {
      const entry = this.open.get(key(reservationId, group))
      if (entry !== undefined) this.open.set(key(reservationId, group), without(entry))
    }
  }

  /** `undefined`: not this process's, or already resolved by it. */
  settle(
    process: number,
    reservationId: string,
    amounts: ReadonlyMap<string, bigint>,
    extra: readonly CounterAmount[],
    atMs: number,
  ): (() => boolean) | undefined {
    const groups = this.#take(process, reservationId)
    if (groups === undefined) return undefined
    return () => {
      const moved = groups.filter((group) => this.#settleEntry(reservationId, group, amounts))
      if (moved.length === 0) return false
      const elsewhere = new Set(extra.map(({ group }) => group).filter((group) => !groups.includes(group)))
      const counted = [...elsewhere].filter((group) => !this.resolved.has(key(reservationId, group)))
      for (const group of counted) this.resolved.add(key(reservationId, group))
      for (const amount of extra) if ([...moved, ...counted].includes(amount.group)) this.#add(amount, atMs)
      return true
    }
  }

  release(process: number, reservationId: string): (() => boolean) | undefined {
    const groups = this.#take(process, reservationId)
    if (groups === undefined) return undefined
    return () => groups.filter((group) => this.open.delete(key(reservationId, group))).length > 0
  }

  resolve(
    reservationId: string,
    group: string,
    amounts: ReadonlyMap<string, bigint>,
    unheld: readonly CounterAmount[],
    atMs: number,
  ): 'settled' | 'already' | 'absent' {
    if (this.resolved.has(key(reservationId, group))) return 'already'
    const entry = this.open.get(key(reservationId, group))
    const isHeld = ({ counterId }: CounterAmount) =>
      entry?.holds.some((hold) => hold.counterId === counterId) === true
    for (const amount of unheld) if (!isHeld(amount)) this.#add(amount, atMs)
    if (this.#settleEntry(reservationId, group, amounts)) return 'settled'
    this.resolved.add(key(reservationId, group))
    return 'absent'
  }

  adjust(changes: readonly CounterAmount[], atMs: number): void {
    for (const change of changes) {
      if (change.window.kind === 'sliding' && change.amount < 0n) this.#takeBack(change, -change.amount, atMs)
      else this.#add(change, atMs)
    }
  }

  expired(atMs: number): readonly ModelEntry[] {
    return [...this.open.values()]
      .filter((entry) => entry.expiresAtMs <= atMs)
      .toSorted((left, right) => left.expiresAtMs - right.expiresAtMs)
  }

  forget(reservationId: string, group: string): void {
    this.resolved.delete(key(reservationId, group))
  }

  /**
   * The store is filled again from the ledger, with the windows of this moment, and what processes hold is put back.
   * That something was resolved is not remembered.
   */
  rebuild(current: readonly CounterRef[]): void {
    this.settled = this.settled.filter((entry) =>
      current.some((ref) => entry.counterId === ref.counterId && entry.startMs === startOf(ref)),
    )
    this.resolved.clear()
    this.open.clear()
    for (const reservations of this.local)
      for (const groups of reservations.values())
        for (const entry of groups.values()) this.open.set(key(entry.reservationId, entry.group), entry)
  }

  /** What the ledger says was settled on a counter. */
  parts(ref: CounterRef): { readonly atMs: number; readonly amount: bigint }[] {
    return this.settled
      .filter((entry) => entry.counterId === ref.counterId && entry.startMs === startOf(ref))
      .map(({ atMs, amount }) => ({ atMs, amount }))
  }

  #settleEntry(reservationId: string, group: string, amounts: ReadonlyMap<string, bigint>): boolean {
    const entry = this.open.get(key(reservationId, group))
    if (entry === undefined) return false
    this.open.delete(key(reservationId, group))
    this.resolved.add(key(reservationId, group))
    const counted = new Set<string>()
    for (const hold of entry.holds) {
      if (counted.has(hold.counterId)) continue
      counted.add(hold.counterId)
      this.#add({ ...hold, amount: amounts.get(hold.counterId) ?? 0n }, entry.atMs)
    }
    return true
  }

  #add(amount: CounterAmount, atMs: number): void {
    if (amount.window.kind === 'held') return
    this.settled.push({ counterId: amount.counterId, startMs: startOf(amount), atMs, amount: amount.amount })
  }

  /** From the sixtieth of that moment to the oldest, and never more than there is. */
  #takeBack(ref: CounterRef, amount: bigint, atMs: number): void {
    let left = amount
    const counting = this.#counting(ref, atMs)
    for (const entry of counting.toSorted((one, other) => other.atMs - one.atMs)) {
      if (entry.atMs > atMs) continue
      const taken = entry.amount < left ? entry.amount : left
      left -= taken
      this.settled[this.settled.indexOf(entry)] = { ...entry, amount: entry.amount - taken }
    }
  }

  #counting(ref: CounterRef, atMs: number): Settled[] {
    const { window } = ref
    return this.settled.filter((entry) => {
      if (entry.counterId !== ref.counterId || entry.startMs !== startOf(ref)) return false
      return window.kind !== 'sliding' || outAtMs(entry.atMs, window.lengthMs) > atMs
    })
  }

  #freesAtMs(ref: CounterRef, excess: bigint, atMs: number): number | undefined {
    const { window } = ref
    if (window.kind === 'held') return undefined
    if (window.kind === 'fixed') return window.endMs
    const outs = this.#counting(ref, atMs).map((entry) => outAtMs(entry.atMs, window.lengthMs))
    return [...new Set(outs)]
      .toSorted((left, right) => left - right)
      .find(
        (out) =>
          sum(
            this.#counting(ref, atMs)
              .filter((entry) => outAtMs(entry.atMs, window.lengthMs) <= out)
              .map(({ amount }) => amount),
          ) >= excess,
      )
  }

  #change(
    process: number,
    reservationId: string,
    group: string,
    change: (entry: ModelEntry) => ModelEntry,
    inStore: boolean,
  ): void {
    const groups = this.local[process]?.get(reservationId)
    const mine = groups?.get(group)
    if (groups === undefined || mine === undefined) return
    groups.set(group, change(mine))
    const stored = this.open.get(key(reservationId, group))
    if (inStore && stored !== undefined) this.open.set(key(reservationId, group), change(stored))
  }

  #local(process: number, reservationId: string): Map<string, ModelEntry> {
    const reservations = this.local[process]
    if (reservations === undefined) throw new Error(`no process ${process}`)
    const groups = reservations.get(reservationId) ?? new Map<string, ModelEntry>()
    reservations.set(reservationId, groups)
    return groups
  }

  #take(process: number, reservationId: string): string[] | undefined {
    const groups = this.local[process]?.get(reservationId)
    this.local[process]?.delete(reservationId)
    return groups === undefined ? undefined : [...groups.keys()]
  }
}

/** A sixtieth of the window counts as a whole, until all of it is out. */
function outAtMs(atMs: number, lengthMs: number): number {
  const stepMs = lengthMs / 60
  return Math.floor(atMs / stepMs) * stepMs + stepMs + lengthMs
}

function sameCounter(left: CounterRef, right: CounterRef): boolean {
  return left.counterId === right.counterId && startOf(left) === startOf(right)
}

function startOf({ window }: CounterRef): number | undefined {
  return window.kind === 'fixed' ? window.startMs : undefined
}

function plain({ counterId, group, window, amount }: CounterAmount): CounterAmount {
  return { counterId, group, window, amount }
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n)
}

function key(reservationId: string, group: string): string {
  return `${reservationId} ${group}`
}

/**
 * The counters that quotas and grants are enforced on. They are a cache of the ledger: on a cold or lost store they
 * are rebuilt from Postgres and the undrained journals.
 *
 * Invariant, at every instant and for any number of concurrent calls and processes: for every counter with a limit,
 * `settled + held <= limit`, unless a settlement was larger than its hold (a provider billed more than the worst
 * case we computed); such a settlement is always recorded in full.
 */

/** The stretch of time a counter counts in. Calendar windows are computed by the domain: a store knows no time zones. */
export type CounterWindow =
  | { readonly kind: 'fixed'; readonly startMs: number; readonly endMs: number | undefined }
  | { readonly kind: 'sliding'; readonly lengthMs: number }
  /** Only what is held counts (concurrency). */
  | { readonly kind: 'held' }

export interface CounterRef {
  /** What is counted, e.g. `quota:<id>:tokens:day:*`. */
  readonly counterId: string
  /**
   * Counters of one group change in one atomic step, and a cluster keeps them in one slot: `team:<id>` for the quotas
   * of a team, its members and its keys, `account:<id>` for the grants of an account.
   */
  readonly group: string
  readonly window: CounterWindow
}

export interface Hold extends CounterRef {
  /** Requests, tokens or nanos. Never negative. */
  readonly amount: bigint
  readonly limit: bigint
  /** `false`: a soft quota, which never refuses; that its limit is passed is said in the outcome. */
  readonly hard: boolean
}

export interface CounterReading {
  readonly settled: bigint
  readonly held: bigint
}

export interface RefusedHold extends CounterReading {
  readonly counterId: string
  readonly needed: bigint
  readonly limit: bigint
  /** When enough of what is settled will have left a sliding window, or a fixed one turns; `undefined`: never, or when holds resolve. */
  readonly freesAtMs: number | undefined
}

export type ReserveOutcome =
  /** `passed`: soft counters whose limit is passed with this reservation. */
  | { readonly granted: true; readonly passed: readonly string[] }
  | { readonly granted: false; readonly refused: readonly RefusedHold[] }

/** An amount for a counter, with or without a hold on it. */
export type CounterAmount = CounterRef & { readonly amount: bigint }

/** What the request path asks of the counters. Every method rejects with `CountersUnavailable` when the store is away. */
export interface Counters {
  /**
   * Takes all holds or none, in one atomic step and one round trip. All of them belong to `group`; there may be none
   * (a team without quotas), which still notes the reservation. A second call for the same reservation and group adds
   * to it. A reservation is resolved by exactly one of `settle` and `release`, or, when its process never does that,
   * by the sweeper after `expiresAtMs`.
   */
  reserve(input: {
    readonly reservationId: string
    readonly group: string
    readonly holds: readonly Hold[]
    readonly atMs: number
    readonly expiresAtMs: number
  }): Promise<ReserveOutcome>

  /**
   * Keeps, beside the holds in `group`, the text from which the sweeper books the request should this process never
   * come back. Sent at once and not waited for: the journal on this machine is the first witness, this is the second.
   */
  note(reservationId: string, group: string, opening: () => string): void

  /** Gives back single holds of a reservation, e.g. the grant of an attempt that failed. Unknown ones are ignored. */
  dropHolds(reservationId: string, group: string, counterIds: readonly string[]): Promise<void>

  /**
   * Moves every hold of this process's reservation, in all its groups, to settled with the amount really used, in the
   * window in which it was made. A counter missing in `amounts` settles 0. `extra` are amounts on counters that were
   * not held (a quota made meanwhile).
   *
   * `false`: the reservation is unknown or already resolved, and nothing was changed. Where the store is away the
   * move is kept and made when it is back: a settlement is never refused, and never lost.
   */
  settle(input: {
    readonly reservationId: string
    readonly amounts: ReadonlyMap<string, bigint>
    readonly extra: readonly CounterAmount[]
    readonly atMs: number
  }): Promise<boolean>

  /** Gives everything back: nothing reached a provider. `false` as for `settle`, and kept for later like it. */
  release(reservationId: string): Promise<boolean>

  read(refs: readonly CounterRef[], atMs: number): Promise<readonly CounterReading[]>

  /** Reservations open in this process: for the live view. */
  open(): { readonly reservations: number }
}

/** The store cannot be reached, or is being rebuilt for longer than a request may wait. */
export class CountersUnavailable extends Error {
  /**
   * The command had been sent, so that it may have been carried out: the implementation gives back what was taken
   * before it is ready again, so that the caller may then try again under the same reservation.
   */
  readonly sent: boolean

  constructor(message: string, options: ErrorOptions & { readonly sent?: boolean } = {}) {
    super(message, options)
    this.name = 'CountersUnavailable'
    this.sent = options.sent === true
  }
}

/** A reservation as the store keeps it in one group. */
export interface StoredReservation {
  readonly reservationId: string
  readonly group: string
  /** When it was made: decides the windows it settles in. */
  readonly atMs: number
  readonly expiresAtMs: number
  readonly holds: readonly CounterAmount[]
  /** What `note` kept; `undefined`: it was never dispatched, or nothing was noted in this group. */
  readonly opening: string | undefined
}

/** What keeps the counters true to the ledger: seeding, rebuilding, sweeping, corrections. Not for the request path. */
export interface CounterUpkeep {
  /** Of these, the counters that the store has not been filled for since it was empty. */
  unknown(refs: readonly CounterRef[]): Promise<readonly CounterRef[]>

  /**
   * Sets what the ledger says was settled, for a counter the store does not know (cold start, new quota).
   * For a sliding window each part carries its time. A counter that is already known is left alone.
   */
  seed(input: {
    readonly ref: CounterRef
    readonly parts: readonly { readonly atMs: number; readonly amount: bigint }[]
  }): Promise<void>

  /** Adds corrections (re-pricing) to what is settled; amounts may be negative. Counters that are not known are left out. */
  adjust(changes: readonly CounterAmount[], atMs: number): Promise<void>

  /** Reservations of every process whose deadline has passed and which nobody resolved, oldest first. */
  expired(atMs: number, countMax: number): Promise<readonly StoredReservation[]>

  /**
   * Settles what another process, or an earlier run of this one, left open in one group. Idempotent: a second call
   * answers `already`.
   *
   * - `settled`: it was open; its holds became `amounts` (missing: 0) now, and those of `unheld` that it did not hold
   *   were added to what is settled (quotas made after it was reserved).
   * - `already`: it had been resolved before, nothing changed.
   * - `absent`: the store has never heard of it or has forgotten it; all of `unheld` was added to what is settled.
   *
   * `unheld` is empty where the ledger has the record already: counters filled from it count the record as it is.
   */
  resolve(input: {
    readonly reservationId: string
    readonly group: string
    readonly amounts: ReadonlyMap<string, bigint>
    readonly unheld: readonly CounterAmount[]
    readonly atMs: number
  }): Promise<'settled' | 'already' | 'absent'>

  /** Their records are in the ledger: that they were resolved need not be remembered any longer. */
  forget(reservations: readonly { readonly reservationId: string; readonly group: string }[]): Promise<void>

  /** What this process holds and has not settled: reported to whoever rebuilds the store. */
  openReservations(): readonly StoredReservation[]

  /** Puts holds back into a store that lost them, limits or not: they were granted before. */
  restore(reservations: readonly StoredReservation[]): Promise<void>
}

/**
 * Whether the store can be trusted.
 *
 * - `ready`: it holds what it was filled with.
 * - `cold`: it can be reached, and is empty, restarted or another one than before: it must be rebuilt first.
 * - `away`: it cannot be reached.
 */
export type StoreState = 'ready' | 'cold' | 'away'

/** A store outside of the process, which can be lost. */
export interface CounterStore extends Counters, CounterUpkeep {
  state(): StoreState
  /** Called at every change of `state()`. */
  onState(listener: (state: StoreState) => void): void
  /** The generation that the store holds, as `publish` set it; `undefined` while it is cold or away. */
  epoch(): number | undefined
  /**
   * From now on `seed` and `restore` of this process fill a new, empty generation; nobody else sees it before
   * `publish`. Whatever the store still holds of older ones is never read again.
   */
  begin(epoch: number): Promise<void>
  /** Makes the generation the one that all processes use, and remembers which run of the store it lives in. */
  publish(epoch: number): Promise<void>
  /** Looks again which generation the store holds: after somebody else rebuilt it. */
  adopt(): Promise<StoreState>
  close(): Promise<void>
}

/**
 * The counters that quotas and grants are enforced on. They are a cache of the ledger: on a cold or lost store they
 * are rebuilt from Postgres and the undrained journal.
 *
 * Invariant, at every instant and for any number of concurrent calls: for every counter with a limit,
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
  /** `quota:<id>` or `grant:<id>`. */
  readonly counterId: string
  readonly window: CounterWindow
}

export interface Hold extends CounterRef {
  /** Requests, tokens or nanos. Never negative. */
  readonly amount: bigint
  /** `undefined`: counted, never refused (soft quotas). */
  readonly limit: bigint | undefined
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
  { readonly granted: true } | { readonly granted: false; readonly refused: readonly RefusedHold[] }

export interface Counters {
  /**
   * Takes all holds or none. A second call for the same reservation adds to it (each attempt holds its own grant).
   * The reservation is resolved by exactly one of `settle` and `release`; what passes `expiresAtMs` is for the sweeper.
   */
  reserve(input: {
    readonly reservationId: string
    readonly holds: readonly Hold[]
    readonly atMs: number
    readonly expiresAtMs: number
  }): Promise<ReserveOutcome>

  /** Gives back single holds of a reservation, e.g. the grant of an attempt that failed. Unknown ones are ignored. */
  dropHolds(reservationId: string, counterIds: readonly string[]): Promise<void>

  /**
   * Moves every hold to settled with the amount really used, in the window in which it was made. A counter missing in
   * `amounts` settles 0. Amounts for counters that were not held (a quota made meanwhile) are settled too.
   * `false`: the reservation is unknown or already resolved, and nothing was changed.
   */
  settle(input: {
    readonly reservationId: string
    readonly amounts: ReadonlyMap<string, bigint>
    readonly extra: readonly (CounterRef & { readonly amount: bigint })[]
    readonly atMs: number
  }): Promise<boolean>

  /** Gives everything back: nothing reached a provider. `false` as for `settle`. */
  release(reservationId: string): Promise<boolean>

  read(refs: readonly CounterRef[], atMs: number): Promise<readonly CounterReading[]>

  /**
   * Sets what the ledger says was settled, for a counter the store does not know (cold start, new quota).
   * For a sliding window each part carries its time. A counter that is already known is left alone.
   */
  seed(input: {
    readonly ref: CounterRef
    readonly parts: readonly { readonly atMs: number; readonly amount: bigint }[]
  }): Promise<void>

  knows(counterId: string): boolean

  /** Reservations open in this process, and what they hold in tokens: for the live view. */
  open(): { readonly reservations: number }
}

import type { CounterAmount, CounterReading, CounterRef } from './counters.ts'

/** What the dashboard may ask of the running books; it never writes to them. */
export interface LiveBooks {
  /** Waits until all that is settled in this process is in Postgres; rejects after a few seconds when Postgres is away. */
  drain(): Promise<void>
  /** Settled and held of a quota or grant, in its window of this moment. */
  read(refs: readonly CounterRef[]): Promise<readonly CounterReading[]>
  live(): { readonly inFlight: number; readonly heldTokens: number; readonly requestsLastMinute: number }
  /** When each key was last used by this process, milliseconds; keys never used are absent. */
  lastUsed(): ReadonlyMap<string, number>
  /**
   * Writes corrections to the ledger and then adds them to the counters, as one step: nobody fills counters from the
   * ledger in between. `write` resolves when they are committed. Counters that are not known are left out.
   */
  correct(write: () => Promise<readonly CounterCorrection[]>): Promise<void>
}

/** An amount, of either sign, for a counter in the window in which the corrected request was made. */
export interface CounterCorrection {
  readonly change: CounterAmount
  /** Says where in a sliding window. */
  readonly atMs: number
}

/** Configuration changed in Postgres: rebuild the snapshot now instead of at the next notification. */
export interface SnapshotControl {
  /** Resolves when requests are served from a snapshot that has every change committed before the call. */
  refresh(): Promise<void>
}

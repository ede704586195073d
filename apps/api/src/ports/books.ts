import type { CounterReading, CounterRef } from './counters.ts'

/** What the dashboard may ask of the running books; it never writes to them. */
export interface LiveBooks {
  /** Waits until all that is settled in this process is in Postgres; rejects after a few seconds when Postgres is away. */
  drain(): Promise<void>
  /** Settled and held of a quota or grant, in its window of this moment. */
  read(refs: readonly CounterRef[]): Promise<readonly CounterReading[]>
  live(): { readonly inFlight: number; readonly heldTokens: number; readonly requestsLastMinute: number }
  /** When each key was last used by this process, milliseconds; keys never used are absent. */
  lastUsed(): ReadonlyMap<string, number>
  /** Corrections that are in the ledger: adds them to the counters whose windows still run. */
  adjust(corrections: readonly CostCorrection[]): Promise<void>
}

/** By how much a booked request costs more (or less) than its record says. */
export interface CostCorrection {
  /** When the request began: decides the windows. */
  readonly atMs: number
  readonly teamId: string
  readonly keyId: string
  readonly memberId: string | undefined
  /** The public name that was asked for. */
  readonly model: string
  readonly grantId: string | undefined
  /** Nanos, either sign. */
  readonly billedCostNanos: bigint
  /** In the grant's unit, either sign. */
  readonly grantAmount: bigint
}

/** Configuration changed in Postgres: rebuild the snapshot now instead of at the next notification. */
export interface SnapshotControl {
  /** Resolves when requests are served from a snapshot that has every change committed before the call. */
  refresh(): Promise<void>
}

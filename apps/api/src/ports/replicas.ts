import type { StoredReservation } from './counters.ts'

/**
 * The processes that work on the same books. A process that does not renew its lease is gone; its journal is still on
 * its disk, and what is in it counts when the process comes back.
 */
export interface Replicas {
  /** Enters this process in the registry and keeps its lease. `standstill` is what it does when somebody asks for one. */
  join(standstill: Standstill): Promise<void>
  /** Leaves the registry: others no longer wait for this process. */
  leave(): Promise<void>
  /**
   * Brings every live process to a standstill, one caller at a time among all processes, and runs `work` while nothing
   * is reserved, settled or drained anywhere. A process that is gone is waited for at most its lease.
   *
   * `needed` is asked once the turn has come: another process may have done the work meanwhile; then nobody is stopped
   * and the answer is `undefined`. `epoch` is a number that no earlier standstill had.
   */
  hold<Result>(input: HoldInput<Result>): Promise<Result | undefined>
  list(): Promise<readonly Replica[]>
  /** `false`: the lease may have run out, so others may think that this process is gone. It must not drain until it is renewed. */
  current(): boolean
}

export interface HoldInput<Result> {
  readonly needed: () => Promise<boolean>
  readonly work: (still: {
    readonly epoch: number
    readonly reservations: readonly StoredReservation[]
  }) => Promise<Result>
}

export interface Replica {
  readonly id: string
  readonly role: 'all' | 'api' | 'worker'
  readonly host: string
  readonly version: string
  readonly startedAt: Date
  readonly leaseUntil: Date
}

/** One process's part of a standstill. */
export interface Standstill {
  /**
   * Stops reserving, settling and draining, with everything settled so far in the ledger, and answers with what is
   * still held for running requests. Rejects when the ledger cannot be reached.
   */
  stop(): Promise<readonly StoredReservation[]>
  /** Goes on. Called after every `stop`, also when the work failed. */
  resume(): Promise<void>
  /**
   * The lease of this process had run out (it was suspended, or cut off from PostgreSQL), and others stood still and went
   * on without it: what it holds and what it has not drained is missing in counters that were rebuilt meanwhile.
   */
  missed(): Promise<void>
}

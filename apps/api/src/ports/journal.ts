import type { UsageRecord } from './usage-record.ts'

/**
 * Append-only segment files in the data directory. An opening is in the file before a provider is called (it
 * survives `kill -9`), a settlement is on disk before the answer ends (it survives the power cut).
 */

/**
 * What is known before the call: enough to book the request as `interrupted` should the process die. Written again
 * for each attempt; the last one counts.
 */
export interface Opening {
  /** The record as it would be booked: usage is the estimate of the input, `status` is `interrupted`. */
  readonly record: UsageRecord
}

export interface JournalState {
  /** Bytes in segments that are not yet wholly in Postgres. */
  readonly bytes: number
  readonly bytesMax: number
  /** Why nothing can be written at this moment, e.g. a full disk; `undefined`: all is well. */
  readonly fault: string | undefined
}

export interface Journal {
  /** Synchronous on purpose: one small write, no wait. Throws `JournalUnavailable`. */
  open(opening: Opening): void
  /** Resolves when the record is on disk (grouped `fdatasync`) or, with `database` durability, committed in Postgres. */
  settle(record: UsageRecord): Promise<void>
  state(): JournalState
}

/** What a person has to look at, see infra/journal/README.md. */
export interface PutAside {
  /** Records that Postgres refused, in `rejected.log`. */
  readonly rejectedRecords: number
  /** Journal files with lines that could not be read, in `damaged/`. */
  readonly damagedFiles: number
}

/** The journal is full or its disk refuses: requests are refused with 503 rather than accepted unbooked. */
export class JournalUnavailable extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'JournalUnavailable'
  }
}

export interface PendingRecord {
  readonly record: UsageRecord
  /**
   * Read from files of an earlier run. That run's holds on shared counters may be settled, open or swept by now, so
   * that such a record has to be resolved with the store; a live one was settled there by this process.
   */
  readonly replayed: boolean
}

/** The drainer's end of the journal: what is settled and not yet in Postgres, replayed records first, then in order. */
export interface DrainSource {
  /** They stay pending until `drained` says otherwise: nothing is taken before it is safe elsewhere. */
  pending(recordsMax: number): readonly PendingRecord[]
  pendingCount(): number
  /** How many of the pending records are replayed ones. */
  replayedCount(): number
  /** The first `count` pending records are committed in Postgres. */
  drained(count: number): void
  /** The first pending record is one that Postgres will never take: it is put aside in a file that is kept. */
  reject(): void
  /** Called whenever something becomes pending. */
  onPending(listener: () => void): void
}

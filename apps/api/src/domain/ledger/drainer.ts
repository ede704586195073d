import type { DrainSource } from '../../ports/journal.ts'
import { RecordRefused, type Ledger } from '../../ports/ledger.ts'
import type { Steps } from '../../ports/steps.ts'
import type { Logger } from '../../ports/logger.ts'
import type { UsageRecord } from '../../ports/usage-record.ts'
import type { CounterFollower } from './follow-counters.ts'

const batchRecords = 500
const gatherMs = 100
const retryMsMin = 200
const retryMsMax = 5_000

export interface DrainerOptions {
  readonly source: DrainSource
  readonly ledger: Ledger
  readonly follower: CounterFollower
  /** Whether this process may still take part in the books of all. */
  readonly mayWrite: () => boolean
  readonly steps: Steps
  readonly log: Logger
}

/**
 * Carries settled records from the journal into Postgres, in batches, for as long as the service runs. A batch that
 * fails stays where it is and is tried again: Postgres may be away for as long as the journal has room.
 */
export class Drainer {
  readonly #source: DrainSource
  readonly #ledger: Ledger
  readonly #follower: CounterFollower
  readonly #mayWrite: () => boolean
  readonly #steps: Steps
  readonly #log: Logger
  #running: Promise<void> | undefined
  #retryMs = 0
  #hurry: () => void = () => {}
  #retryTimer: NodeJS.Timeout | undefined
  #stopped = false
  #paused = false
  /** So many of the oldest records are treated as those of an earlier run. */
  #lateCount = 0
  #waiters: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = []

  constructor(options: DrainerOptions) {
    this.#source = options.source
    this.#ledger = options.ledger
    this.#follower = options.follower
    this.#mayWrite = options.mayWrite
    this.#steps = options.steps
    this.#log = options.log
    this.#source.onPending(() => this.#wake())
  }

  /** Resolves when nothing that was settled before the call is missing in Postgres; rejects after `timeoutMs`. */
  async drain(timeoutMs: number): Promise<void> {
    if (this.#source.pendingCount() === 0) return
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const waiter = { resolve, reject }
    this.#waiters.push(waiter)
    this.#hurry()
    const timer = setTimeout(
      () => reject(new Error('PostgreSQL did not take the usage records in time')),
      timeoutMs,
    )
    clearTimeout(this.#retryTimer)
    this.#retryTimer = undefined
    this.#wake()
    try {
      await promise
    } finally {
      clearTimeout(timer)
      this.#waiters = this.#waiters.filter((other) => other !== waiter)
    }
  }

  /** One record that Postgres refuses must not hold up the others: the batch is then written one by one. */
  async #write(batch: readonly UsageRecord[]): Promise<void> {
    try {
      await this.#ledger.write(batch)
      this.#steps.reached('mid-drain')
      this.#source.drained(batch.length)
      this.#lateCount = Math.max(this.#lateCount - batch.length, 0)
      await this.#follower.after(batch).catch((error: unknown) => {
        this.#log.warn(
          { err: error },
          'the counters still remember reservations whose records are in the ledger',
        )
      })
    } catch (error) {
      if (!(error instanceof RecordRefused)) throw error
      const [first] = batch
      if (batch.length > 1) {
        for (const record of batch) await this.#write([record])
      } else {
        this.#log.error(
          { err: error, requestId: first?.requestId },
          'a usage record was put aside in rejected.log',
        )
        this.#source.reject()
      }
    }
  }

  /** A statement costs the same for one record as for many: those of a moment share one, unless somebody waits. */
  #gather(): Promise<void> {
    if (this.#waiters.length > 0) return Promise.resolve()
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, gatherMs)
    this.#hurry = () => {
      clearTimeout(timer)
      resolve()
    }
    return promise
  }

  /** Resolves when no batch is being written; none is until `resume`. */
  async pause(): Promise<void> {
    this.#paused = true
    this.#hurry()
    clearTimeout(this.#retryTimer)
    this.#retryTimer = undefined
    await this.#running
  }

  resume(): void {
    this.#paused = false
    this.#wake()
  }

  /** Others may have rebuilt the counters without what is pending here: it is resolved with them like an earlier run's. */
  distrust(): void {
    this.#lateCount = this.#source.pendingCount()
  }

  stop(): void {
    this.#stopped = true
    clearTimeout(this.#retryTimer)
  }

  #wake(): void {
    if (this.#running !== undefined || this.#stopped || this.#paused) return
    if (this.#retryTimer !== undefined) return
    this.#running = this.#run().finally(() => {
      this.#running = undefined
      if (this.#source.pendingCount() > 0) this.#wake()
    })
  }

  async #run(): Promise<void> {
    await this.#gather()
    while (!this.#stopped && !this.#paused) {
      const pending = this.#source.pending(batchRecords)
      if (pending.length === 0) break
      const batch = pending.map((entry) => entry.record)
      const late = batch.filter((_, index) => pending[index]?.replayed === true || index < this.#lateCount)
      try {
        if (!this.#mayWrite()) throw new Error('the lease of this process has run out')
        if (late.length > 0) await this.#follower.before(late)
        await this.#write(batch)
      } catch (error) {
        this.#retryMs = Math.min(Math.max(this.#retryMs * 2, retryMsMin), retryMsMax)
        this.#log.error(
          { err: error, records: batch.length, retryMs: this.#retryMs },
          'usage records could not be written; trying again',
        )
        this.#retryTimer = setTimeout(() => {
          this.#retryTimer = undefined
          this.#wake()
        }, this.#retryMs)
        return
      }
      this.#retryMs = 0
    }
    if (this.#source.pendingCount() > 0) return
    for (const waiter of this.#waiters) waiter.resolve()
  }
}

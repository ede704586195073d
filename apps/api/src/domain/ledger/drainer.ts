import type { DrainSource } from '../../ports/journal.ts'
import { RecordRefused, type Ledger } from '../../ports/ledger.ts'
import type { Steps } from '../../ports/steps.ts'
import type { Logger } from '../../ports/logger.ts'
import type { UsageRecord } from '../../ports/usage-record.ts'

const batchRecords = 500
const gatherMs = 100
const retryMsMin = 200
const retryMsMax = 5_000

/**
 * Carries settled records from the journal into Postgres, in batches, for as long as the service runs. A batch that
 * fails stays where it is and is tried again: Postgres may be away for as long as the journal has room.
 */
export class Drainer {
  readonly #source: DrainSource
  readonly #ledger: Ledger
  readonly #steps: Steps
  readonly #log: Logger
  #running: Promise<void> | undefined
  #retryMs = 0
  #hurry: () => void = () => {}
  #retryTimer: NodeJS.Timeout | undefined
  #stopped = false
  #waiters: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = []

  constructor(source: DrainSource, ledger: Ledger, steps: Steps, log: Logger) {
    this.#source = source
    this.#ledger = ledger
    this.#steps = steps
    this.#log = log
    source.onPending(() => this.#wake())
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

  stop(): void {
    this.#stopped = true
    clearTimeout(this.#retryTimer)
  }

  #wake(): void {
    if (this.#running !== undefined || this.#stopped || this.#retryTimer !== undefined) return
    this.#running = this.#run().finally(() => {
      this.#running = undefined
      if (this.#retryTimer === undefined && this.#source.pendingCount() > 0) this.#wake()
    })
  }

  async #run(): Promise<void> {
    await this.#gather()
    while (!this.#stopped) {
      const batch = this.#source.pending(batchRecords).map((entry) => entry.record)
      if (batch.length === 0) break
      try {
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
    for (const waiter of this.#waiters) waiter.resolve()
  }
}

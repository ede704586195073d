import { emptyGrant } from '../../domain/grants/empty-grant.ts'
import { transactionLimits } from '../../domain/administration/change.ts'
import { grantCounter } from '../../domain/counters/windows.ts'
import type { Snapshot } from '../../domain/snapshot/snapshot.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Counters } from '../../ports/counters.ts'
import type { Db } from '../../ports/database.ts'
import type { GrantExhausted, GrantReports } from '../../ports/grants.ts'
import type { Logger } from '../../ports/logger.ts'

export interface GrantReporterOptions {
  readonly db: Db
  readonly clock: Clock
  readonly log: Logger
  readonly snapshot: () => Snapshot
  readonly counters: Pick<Counters, 'read'>
  /** Resolves when requests are served from a snapshot with every change committed before. */
  readonly refresh: () => Promise<void>
}

interface OpenReport {
  readonly report: GrantExhausted
  readonly entered: Promise<void>
  readonly done: () => void
}

/**
 * Writes what providers say about grants into Postgres, one report after the other, for as long as it takes. What is
 * lost with the process is said again by the provider at the next request.
 */
export class GrantReporter implements GrantReports {
  readonly #options: GrantReporterOptions
  /** A storm of requests says the same: one report a grant and size is enough. In the order of their next try. */
  readonly #open = new Map<string, OpenReport>()
  #working = false
  #stopped = false
  #wake: (() => void) | undefined

  constructor(options: GrantReporterOptions) {
    this.#options = options
  }

  exhausted(report: GrantExhausted): Promise<void> {
    const key = `${report.grantId} ${report.size}`
    const open = this.#open.get(key)
    if (open !== undefined) return open.entered
    const { promise: entered, resolve: done } = Promise.withResolvers<void>()
    this.#open.set(key, { report, entered, done })
    if (!this.#working && !this.#stopped) void this.#work()
    return entered
  }

  /** Open reports are given up. */
  stop(): void {
    this.#stopped = true
    this.#wake?.()
  }

  async #work(): Promise<void> {
    this.#working = true
    let failures = 0
    for (let next = this.#first(); next !== undefined && !this.#stopped; next = this.#first()) {
      const [key, open] = next
      try {
        await this.#enter(open.report)
        this.#open.delete(key)
        open.done()
        failures = 0
      } catch (error) {
        failures += 1
        const retryMs = Math.min(retryMsMin * 2 ** Math.min(failures - 1, 10), retryMsMax)
        const { grantId } = open.report
        this.#options.log.warn(
          { err: error, grantId, retryMs },
          'that a grant is used up could not be entered; tried again',
        )
        // The others first: one that always fails must not stand before those that would not.
        this.#open.delete(key)
        this.#open.set(key, open)
        await this.#pause(retryMs)
      }
    }
    this.#working = false
  }

  #first(): [string, OpenReport] | undefined {
    for (const entry of this.#open) return entry
    return undefined
  }

  async #enter(report: GrantExhausted): Promise<void> {
    const { db, clock, log, refresh } = this.#options
    const { timeZone } = this.#options.snapshot()
    const settled = await this.#settled(report, timeZone)
    const outcome = await db.$transaction(
      (tx) => emptyGrant(tx, { report, settled, nowMs: clock.now(), timeZone }),
      transactionLimits,
    )
    if (outcome.emptied) {
      const { grantId, provider, upstreamCode } = report
      log.warn(
        { grantId, provider, upstreamCode, amount: outcome.amount.toString() },
        'a provider says that a grant is used up; what we thought was left is taken from it',
      )
    }
    await refresh()
  }

  /** What the counters say was used in that window. While they are away the ledger must do; it may be a little behind. */
  async #settled(report: GrantExhausted, timeZone: string): Promise<bigint> {
    const grant = this.#options.snapshot().grants.get(report.grantId)
    if (grant === undefined) return 0n
    const ref = grantCounter(grant, report.atMs, timeZone)
    const [reading] = await this.#options.counters.read([ref], report.atMs).catch(() => [])
    return reading?.settled ?? 0n
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms).unref()
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}

const retryMsMin = 250
const retryMsMax = 30_000

import type pg from 'pg'
import { PgBoss } from 'pg-boss'
import type { Jobs, RecurringJob } from '../../ports/jobs.ts'
import type { Logger } from '../../ports/logger.ts'
import { OutageLog } from './outage-log.ts'
import { RunningJobs } from './running-jobs.ts'

export interface PgBossJobsOptions {
  /** The service's own: jobs are few, and need no connections of their own. It stays open. */
  readonly pool: pg.Pool
  /** IANA name: the zone that cron is read in. */
  readonly timeZone: string
  /** `false`: asks for runs, and leaves them to others. */
  readonly runs: boolean
  readonly log: Logger
}

/**
 * A queue a job, in a schema of pg-boss's own beside ours. `stately`: at most one run is queued and at most one is
 * active, in all processes together. No retries: the next time comes soon enough, and the database says what is to do.
 */
const queue = {
  policy: 'stately',
  retryLimit: 0,
  /** A process that stops saying that it lives has lost its run after this, and not before: a run may take hours. */
  heartbeatSeconds: 30,
  expireInSeconds: 86_399,
  /** A run that nobody fetched, and what is left of one that is over: `job_run` is what is kept. */
  retentionSeconds: 3_600,
  deleteAfterSeconds: 3_600,
} as const

export class PgBossJobs implements Jobs {
  readonly #options: PgBossJobsOptions
  readonly #boss: PgBoss
  readonly #running = new RunningJobs()
  readonly #outage: OutageLog
  /** Who waits for the runs of a name in this process, to be woken instead of looking every few seconds. */
  readonly #workers = new Map<string, string>()
  #names: ReadonlySet<string> = new Set()

  constructor(options: PgBossJobsOptions) {
    this.#options = options
    const { pool } = options
    this.#boss = new PgBoss({
      schema: 'pgboss',
      // Scripts of several statements come without values, and so go as one message.
      db: { executeSql: (text, values) => pool.query<Record<string, unknown>>(text, values) },
      cronMonitorIntervalSeconds: 30,
      cronWorkerIntervalSeconds: 5,
      superviseIntervalSeconds: 30,
      monitorIntervalSeconds: 30,
      registerInstance: false,
      monitorVacuum: false,
      openTelemetry: { enabled: false },
    })
    this.#outage = new OutageLog(options.log, 'PostgreSQL')
    this.#boss.on('error', (error) => this.#outage.failed(error))
    this.#boss.on('warning', (warning) => this.#outage.failed(new Error(warning.message)))
  }

  async start(jobs: readonly RecurringJob[]): Promise<void> {
    await this.#boss.start()
    this.#names = new Set(jobs.map(({ name }) => name))
    for (const { name, cron } of jobs) {
      await this.#boss.createQueue(name, queue)
      await this.#boss.schedule(name, cron, null, { tz: this.#options.timeZone, missed: 'once' })
    }
    for (const { name } of await this.#boss.getSchedules())
      if (!this.#names.has(name)) await this.#boss.unschedule(name)
    if (!this.#options.runs) return
    for (const job of jobs) {
      const worker = await this.#boss.work(job.name, { batchSize: 1, pollingIntervalSeconds: 5 }, () => {
        this.#outage.well()
        return this.#running.run(job)
      })
      this.#workers.set(job.name, worker)
    }
  }

  async trigger(name: string): Promise<void> {
    if (!this.#names.has(name)) throw new Error(`there is no job "${name}"`)
    // No id: one is queued already, which will do.
    await this.#boss.send(name)
    const worker = this.#workers.get(name)
    if (worker !== undefined) this.#boss.notifyWorker(worker)
  }

  async stop(timeoutMs: number): Promise<void> {
    // Nothing new is fetched; what runs is ours to wait for.
    const fetching = [...this.#workers.keys()].map((name) => this.#boss.offWork(name, { wait: false }))
    this.#workers.clear()
    await Promise.allSettled(fetching)
    const ended = await this.#running.end(timeoutMs)
    await this.#boss.stop({ graceful: ended, timeout: 5_000 })
  }
}

import { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import type { Jobs, RecurringJob } from '../../ports/jobs.ts'
import type { Logger } from '../../ports/logger.ts'
import { OutageLog } from './outage-log.ts'
import { RunningJobs, within } from './running-jobs.ts'

export interface BullJobsOptions {
  readonly redisUrl: string
  /** IANA name: the zone that cron is read in. */
  readonly timeZone: string
  /** `false`: asks for runs, and leaves them to others. */
  readonly runs: boolean
  readonly log: Logger
  /** How often it is looked whether the schedules are still there; a test has no minute. */
  readonly checkMs?: number
}

/** One hash tag for all: in a cluster the keys of a queue must lie together. */
const prefix = '{tollgate-jobs}'
const closeMs = 2_000

/**
 * A queue a job, because only a queue can be told that one of its jobs runs at a time in all processes together. No
 * retries: the next time comes soon enough, and the database says what is to do.
 */
export class BullJobs implements Jobs {
  readonly #options: BullJobsOptions
  readonly #running = new RunningJobs()
  readonly #outage: OutageLog
  /** Fails at once while Redis is away: a person who asks for a run should hear of it. */
  readonly #asking: Redis
  /** Waits while Redis is away. */
  readonly #working: Redis
  #jobs: readonly RecurringJob[] = []
  readonly #queues = new Map<string, Queue>()
  #workers: readonly Worker[] = []
  #checking: NodeJS.Timeout | undefined
  #lastCheck: Promise<void> = Promise.resolve()
  #stopped = false

  constructor(options: BullJobsOptions) {
    this.#options = options
    this.#outage = new OutageLog(options.log, 'Redis')
    const retryStrategy = (tries: number) => Math.min(tries * 100, 2_000)
    this.#asking = new Redis(options.redisUrl, {
      lazyConnect: true,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      retryStrategy,
    })
    this.#working = new Redis(options.redisUrl, {
      lazyConnect: true,
      maxRetriesPerRequest: null,
      retryStrategy,
    })
    for (const connection of [this.#asking, this.#working])
      connection.on('error', (error) => this.#outage.failed(error))
  }

  /** With Redis away it resolves all the same: the queues are opened when it comes. */
  async start(jobs: readonly RecurringJob[]): Promise<void> {
    this.#jobs = jobs
    await this.#asking.connect().catch((error: unknown) => this.#outage.failed(error))
    await this.#check()
    // Redis came back, perhaps with nothing in it; or somebody emptied it, which no connection notices.
    this.#asking.on('ready', () => void this.#check())
    this.#checking = setInterval(() => void this.#check(), this.#options.checkMs ?? 60_000).unref()
  }

  async trigger(name: string): Promise<void> {
    if (!this.#jobs.some((job) => job.name === name)) throw new Error(`there is no job "${name}"`)
    const queue = this.#queues.get(name)
    if (queue === undefined) throw new Error('Redis has not been reached yet')
    // One that waits already will do.
    if ((await queue.getWaitingCount()) === 0) await queue.add(name, {})
  }

  async stop(timeoutMs: number): Promise<void> {
    this.#stopped = true
    clearInterval(this.#checking)
    // Nothing new is fetched; what runs is ours to wait for.
    await Promise.allSettled(this.#workers.map((worker) => worker.pause(true)))
    const ended = await this.#running.end(timeoutMs)
    // While Redis is away nothing can be said to it, and it would be waited for.
    await within(closeMs, Promise.allSettled(this.#workers.map((worker) => worker.close(!ended))))
    await within(closeMs, this.#lastCheck)
    await within(closeMs, Promise.allSettled([...this.#queues.values()].map((queue) => queue.close())))
    this.#asking.disconnect()
    this.#working.disconnect()
  }

  #work(job: RecurringJob): Worker {
    const worker = new Worker(job.name, () => this.#running.run(job), {
      connection: this.#working,
      prefix,
      concurrency: 1,
      // The run of a process that died is taken up by another within half a minute or so.
      lockDuration: 20_000,
      stalledInterval: 10_000,
      removeOnComplete: { count: 10 },
      removeOnFail: { count: 10 },
    })
    worker.on('error', (error) => this.#outage.failed(error))
    return worker
  }

  /** One at a time; what fails is tried again when Redis is back. */
  #check(): Promise<void> {
    this.#lastCheck = this.#lastCheck.then(async () => {
      // A queue that is opened without Redis never recovers from that.
      if (this.#stopped || this.#asking.status !== 'ready') return
      if (this.#queues.size === 0) this.#openQueues()
      try {
        for (const job of this.#jobs) await this.#ensureSchedule(job)
        // Not before the queues know that they run one at a time.
        if (this.#options.runs && this.#workers.length === 0)
          this.#workers = this.#jobs.map((job) => this.#work(job))
        this.#outage.well()
      } catch (error) {
        this.#outage.failed(error)
      }
    })
    return this.#lastCheck
  }

  #openQueues(): void {
    for (const { name } of this.#jobs) {
      const queue = new Queue(name, {
        connection: this.#asking,
        prefix,
        skipWaitingForReady: true,
        streams: { events: { maxLen: 10 } },
        defaultJobOptions: { attempts: 1, removeOnComplete: 10, removeOnFail: 10 },
      })
      queue.on('error', (error) => this.#outage.failed(error))
      this.#queues.set(name, queue)
    }
  }

  /**
   * A schedule that is there is left alone, so that processes that start do not push each other's next run away. One
   * whose next run is nowhere (its process died between taking it and making the one after) is made again.
   */
  async #ensureSchedule({ name, cron }: RecurringJob): Promise<void> {
    const queue = this.#queues.get(name)
    if (queue === undefined) return
    const tz = this.#options.timeZone
    const schedule = await queue.getJobScheduler(name)
    const counts = await queue.getJobCounts('active', 'waiting', 'delayed')
    const due = Object.values(counts).some((count) => count > 0)
    if (schedule !== undefined && schedule.pattern === cron && schedule.tz === tz && due) return
    await queue.setGlobalConcurrency(1)
    await queue.upsertJobScheduler(name, { pattern: cron, tz }, { name })
  }
}

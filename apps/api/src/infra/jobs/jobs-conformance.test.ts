import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { testDatabase, type TestDatabase } from '../../../test/support/postgres.ts'
import { testRedis, type TestRedis } from '../../../test/support/redis.ts'
import { until } from '../../../test/support/until.ts'
import { recordRuns } from '../../domain/jobs/run-job.ts'
import { systemClock } from '../../ports/clock.ts'
import type { Jobs, RecurringJob } from '../../ports/jobs.ts'
import { BullJobs } from './bull-jobs.ts'
import { PgBossJobs } from './pg-boss-jobs.ts'

/** What both queues promise, each on the real store. */
interface Engine {
  readonly name: string
  /** Comes due within seconds of a start. */
  readonly dueSoon: string
  open(): Promise<{
    create(runs: boolean): Jobs
    /** Lets the queue look at once for what is due, as after a while without a process. */
    hurry(): Promise<void>
    close(): Promise<void>
  }>
}

const log = { info() {}, warn() {}, error() {} }
const timeZone = 'Asia/Shanghai'
const engines: readonly Engine[] = [
  {
    name: 'BullMQ on Redis',
    dueSoon: '* * * * * *',
    async open() {
      const redis: TestRedis = await testRedis()
      return {
        create: (runs) => new BullJobs({ redisUrl: redis.url, timeZone, runs, log }),
        hurry: async () => {},
        close: () => redis.close(),
      }
    },
  },
  {
    name: 'pg-boss on PostgreSQL',
    // It looks a minute back.
    dueSoon: '* * * * *',
    async open() {
      const database = await testDatabase()
      return {
        create: (runs) => new PgBossJobs({ pool: database.pool, timeZone, runs, log }),
        hurry: async () => void (await database.pool.query('UPDATE pgboss.version SET cron_on = NULL')),
        close: () => database.close(),
      }
    },
  },
]
/** Never while a test runs. */
const yearly = '0 0 1 1 *'

describe.each(engines)('jobs: $name', (engine) => {
  let store: Awaited<ReturnType<Engine['open']>>
  let database: TestDatabase
  let started: Jobs[]
  let names = 0
  beforeAll(async () => {
    store = await engine.open()
    database = await testDatabase()
    started = []
  })
  afterEach(async () => {
    await Promise.all(started.map((jobs) => jobs.stop(1_000)))
    started = []
  })
  afterAll(async () => {
    await database.close()
    await store.close()
  })
  const start = async (jobs: readonly RecurringJob[], options: { readonly runs?: boolean } = {}) => {
    const created = store.create(options.runs ?? true)
    started.push(created)
    await created.start(jobs)
    return created
  }
  const newName = () => {
    names += 1
    return `test-job-${names}`
  }

  it('runs a job once when it is asked to', async () => {
    const job = countingJob(newName())
    const jobs = await start([job])
    await jobs.trigger(job.name)
    await until(() => job.runs() === 1)
    await jobs.trigger(job.name)
    await until(() => job.runs() === 2)
    await expect(jobs.trigger('test-job-unknown')).rejects.toThrow(/no job "test-job-unknown"/)
    expect(job.runs()).toBe(2)
  })

  it('runs a job by itself when its time comes', async () => {
    const job = countingJob(newName(), engine.dueSoon)
    const asking = await start([job], { runs: false })
    await asking.stop(1_000)
    await store.hurry()
    await start([job])
    await until(() => job.runs() >= 1, 30_000)
  })

  it('shares the runs among processes: each happens in one of them', async () => {
    const name = newName()
    const first = countingJob(name)
    const second = countingJob(name)
    const [one, two] = [await start([first]), await start([second])]
    for (let asked = 1; asked <= 8; asked += 1) {
      await (asked % 2 === 0 ? one : two).trigger(name)
      await until(() => first.runs() + second.runs() >= asked, 20_000)
      await until(() => first.active() + second.active() === 0)
    }
    expect(first.runs() + second.runs()).toBe(8)
  })

  it('never runs a job a second time at the same moment, and runs what was asked for meanwhile after it', async () => {
    const name = newName()
    const first = countingJob(name, yearly, 'held')
    const second = countingJob(name, yearly, 'held')
    const [one, two] = [await start([first]), await start([second])]
    await one.trigger(name)
    await until(() => first.active() + second.active() === 1)
    for (const jobs of [one, two, one, two]) await jobs.trigger(name)
    // Another job of the same processes is not held up.
    const other = countingJob(newName())
    const third = await start([other])
    await third.trigger(other.name)
    await until(() => other.runs() === 1)
    expect(first.active() + second.active()).toBe(1)
    first.release()
    second.release()
    await until(() => first.runs() + second.runs() === 2, 20_000)
    expect(Math.max(first.activeMax(), second.activeMax())).toBe(1)
  })

  it('records a run that fails, and runs the job again the next time', async () => {
    const name = newName()
    let calls = 0
    const failing: RecurringJob = {
      name,
      cron: yearly,
      run: async () => {
        calls += 1
        if (calls === 1) throw new Error('the database was away')
        return { swept: calls }
      },
    }
    const jobs = await start(recordRuns({ db: database.prisma, clock: systemClock, log }, [failing]))
    const rows = () =>
      database.prisma.jobRun
        .findMany({ where: { name }, orderBy: { id: 'asc' } })
        .then((found) => found.map(({ status, error, result }) => ({ status, error, result })))
    await jobs.trigger(name)
    await until(async () => (await rows())[0]?.status === 'failed')
    await jobs.trigger(name)
    await until(async () => (await rows())[1]?.status === 'ok')
    expect(await rows()).toEqual([
      { status: 'failed', error: 'the database was away', result: {} },
      { status: 'ok', error: null, result: { swept: 2 } },
    ])
    expect(calls).toBe(2)
  })

  it('lets a run end before it stops', async () => {
    const job = countingJob(newName(), yearly, 'held')
    const jobs = await start([job])
    await jobs.trigger(job.name)
    await until(() => job.active() === 1)
    const stopped = jobs.stop(30_000)
    expect(job.aborted()).toBe(false)
    job.release()
    await stopped
    expect(job.runs()).toBe(1)
    expect(job.aborted()).toBe(false)
  })

  it('tells a run to end that takes longer than the stop may', async () => {
    const job = countingJob(newName(), yearly, 'held')
    const jobs = await start([job])
    await jobs.trigger(job.name)
    await until(() => job.active() === 1)
    await jobs.stop(50)
    expect(job.aborted()).toBe(true)
    expect(job.active()).toBe(0)
  })

  it('asks for runs where it runs none, and another process does them', async () => {
    const name = newName()
    const here = countingJob(name)
    const there = countingJob(name)
    const api = await start([here], { runs: false })
    await api.trigger(name)
    await start([there])
    await until(() => there.runs() === 1, 20_000)
    expect(here.runs()).toBe(0)
  })
})

/** A job that counts its runs. `held`: each run goes on until it is released, or told to end. */
function countingJob(name: string, cron = yearly, kind: 'quick' | 'held' = 'quick') {
  let runs = 0
  let active = 0
  let activeMax = 0
  let aborted = false
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  return {
    name,
    cron,
    runs: () => runs,
    active: () => active,
    activeMax: () => activeMax,
    aborted: () => aborted,
    release: () => release(),
    run: async (signal: AbortSignal) => {
      active += 1
      activeMax = Math.max(activeMax, active)
      const told = new Promise<void>((resolve) =>
        signal.addEventListener('abort', () => {
          aborted = true
          resolve()
        }),
      )
      if (kind === 'held') await Promise.race([released, told])
      active -= 1
      runs += 1
      return { runs }
    },
  }
}

import { Redis } from 'ioredis'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startRedisServer, testRedis } from '../../../test/support/redis.ts'
import { until } from '../../../test/support/until.ts'
import type { RecurringJob } from '../../ports/jobs.ts'
import { BullJobs } from './bull-jobs.ts'

function setUp(redisUrl: string, options: { readonly cron?: string; readonly checkMs?: number } = {}) {
  const said: string[] = []
  const say = (_fields: object, message: string) => void said.push(message)
  let runs = 0
  const job: RecurringJob = {
    name: 'sweep-things',
    cron: options.cron ?? '* * * * * *',
    run: async () => ({ runs: (runs += 1) }),
  }
  const jobs = new BullJobs({
    redisUrl,
    timeZone: 'Asia/Shanghai',
    runs: true,
    log: { info: say, warn: say, error: say },
    ...(options.checkMs === undefined ? {} : { checkMs: options.checkMs }),
  })
  onTestFinished(() => jobs.stop(1_000))
  return { jobs, job, runs: () => runs, said }
}

describe('jobs on a Redis that is lost', () => {
  it('recur again when it comes back with nothing in it, and say little meanwhile', async () => {
    const redis = await startRedisServer()
    onTestFinished(() => redis.close())
    const { jobs, job, runs, said } = setUp(redis.url)
    await jobs.start([job])
    await until(() => runs() >= 1)
    await redis.kill('SIGKILL')
    await until(() => said.length > 0)
    await expect(jobs.trigger(job.name)).rejects.toThrow(/connection|writeable|retries/i)
    const before = runs()
    const again = await startRedisServer({ port: redis.port, directory: redis.directory })
    onTestFinished(() => again.close())
    await until(() => runs() > before, 20_000)
    await jobs.trigger(job.name)
    await until(() => said.some((line) => line.includes('well again')))
    expect(said.length, said.join('\n')).toBeLessThan(6)
  })

  it('recur again when somebody empties it', async () => {
    const redis = await testRedis()
    onTestFinished(() => redis.close())
    const client = new Redis(redis.url)
    onTestFinished(() => client.disconnect())
    const { jobs, job, runs } = setUp(redis.url, { checkMs: 50 })
    await jobs.start([job])
    await until(() => runs() >= 1)
    await client.flushdb()
    const before = runs()
    await until(() => runs() > before, 20_000)
  })

  it('start while it is away, and stop while it is away', async () => {
    const redis = await startRedisServer()
    onTestFinished(() => redis.close())
    await redis.kill('SIGKILL')
    const { jobs, job, runs } = setUp(redis.url)
    await jobs.start([job])
    const again = await startRedisServer({ port: redis.port, directory: redis.directory })
    onTestFinished(() => again.close())
    await until(() => runs() >= 1, 20_000)
    await again.kill('SIGKILL')
    await jobs.stop(1_000)
  })
})

describe('a schedule', () => {
  it('is not pushed away by a process that starts, and follows a changed time and zone', async () => {
    const redis = await testRedis()
    onTestFinished(() => redis.close())
    const client = new Redis(redis.url)
    onTestFinished(() => client.disconnect())
    const schedules = () => client.zrange('{tollgate-jobs}:sweep-things:repeat', '0', '-1', 'WITHSCORES')
    const first = setUp(redis.url, { cron: '20 3 * * *' })
    await first.jobs.start([first.job])
    const next = await schedules()
    // 03:20 in Shanghai.
    expect(new Date(Number(next[1])).toISOString()).toMatch(/T19:20:00/)
    const second = setUp(redis.url, { cron: '20 3 * * *' })
    await second.jobs.start([second.job])
    expect(await schedules()).toEqual(next)
    const third = setUp(redis.url, { cron: '40 4 * * *' })
    await third.jobs.start([third.job])
    const [, changed] = await schedules()
    expect(new Date(Number(changed)).toISOString()).toMatch(/T20:40:00/)
    expect(await client.zcard('{tollgate-jobs}:sweep-things:delayed')).toBe(1)
  })
})

import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { diffDatabaseToSchema } from '../../../../../scripts/schema-engine.ts'
import { testDatabase, type TestDatabase } from '../../../test/support/postgres.ts'
import { tcpProxy } from '../../../test/support/tcp-proxy.ts'
import { until } from '../../../test/support/until.ts'
import type { RecurringJob } from '../../ports/jobs.ts'
import { migrate } from '../migrate.ts'
import { PgBossJobs } from './pg-boss-jobs.ts'

const log = { info() {}, warn() {}, error() {} }
const job = (name: string, cron: string): RecurringJob => ({ name, cron, run: async () => ({}) })

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

async function started(jobs: readonly RecurringJob[]): Promise<void> {
  const created = new PgBossJobs({ pool: database.pool, timeZone: 'Asia/Shanghai', runs: true, log })
  onTestFinished(() => created.stop(1_000))
  await created.start(jobs)
}

describe('jobs on PostgreSQL', () => {
  it('keep to a schema of their own: models, migrations and partitions see nothing of it', async () => {
    await started([job('sweep-things', '* * * * *')])
    expect(await diffDatabaseToSchema(database.url)).toBeUndefined()
    expect(await migrate({ databaseUrl: database.url, log })).toEqual({ applied: [] })
    const { rows } = await database.pool.query<{ schema: string }>(
      `SELECT DISTINCT table_schema AS schema FROM information_schema.tables
       WHERE table_schema NOT IN ('information_schema', 'pg_catalog') ORDER BY 1`,
    )
    expect(rows.map(({ schema }) => schema)).toEqual(['pgboss', 'public'])
  })

  it('forget the schedule of a job that a newer version no longer has, and follow a changed time', async () => {
    await started([job('sweep-things', '* * * * *'), job('of-an-older-version', '* * * * *')])
    await started([job('sweep-things', '20 3 * * *')])
    const { rows } = await database.pool.query('SELECT name, cron, timezone FROM pgboss.schedule')
    expect(rows).toEqual([{ name: 'sweep-things', cron: '20 3 * * *', timezone: 'Asia/Shanghai' }])
  })

  it('start in several processes at once on a database that never had any', async () => {
    const fresh = await testDatabase()
    onTestFinished(() => fresh.close())
    const all = [1, 2, 3].map(
      () => new PgBossJobs({ pool: fresh.pool, timeZone: 'Asia/Shanghai', runs: true, log }),
    )
    await Promise.all(all.map((jobs) => jobs.start([job('sweep-things', '* * * * *')])))
    await Promise.all(all.map((jobs) => jobs.stop(1_000)))
    const { rows } = await fresh.pool.query('SELECT name FROM pgboss.schedule')
    expect(rows).toEqual([{ name: 'sweep-things' }])
  })
})

describe('jobs on a PostgreSQL that is lost', () => {
  it('go on when it is back, and say little meanwhile', async () => {
    const url = new URL(database.url)
    const wire = await tcpProxy(Number(url.port))
    onTestFinished(() => wire.close())
    url.port = String(wire.port)
    const pool = new pg.Pool({ connectionString: url.href, max: 5 })
    pool.on('error', () => {})
    onTestFinished(() => pool.end())
    const said: string[] = []
    const say = (_fields: object, message: string) => void said.push(message)
    const jobs = new PgBossJobs({
      pool,
      timeZone: 'Asia/Shanghai',
      runs: true,
      log: { info: say, warn: say, error: say },
    })
    onTestFinished(() => jobs.stop(1_000))
    let runs = 0
    await jobs.start([{ ...job('count-things', '0 0 1 1 *'), run: async () => ({ runs: (runs += 1) }) }])
    await jobs.trigger('count-things')
    // A run whose end could not be written blocks the next one until its process counts as dead.
    await until(async () => {
      const done = `SELECT 1 FROM pgboss.job WHERE name = 'count-things' AND state = 'completed'`
      return (await database.pool.query(done)).rowCount === 1
    })
    expect(runs).toBe(1)
    wire.cut()
    await expect(jobs.trigger('count-things')).rejects.toThrow(/ECONNRESET|terminated/)
    // It has looked for work, and found no database.
    await until(() => said.length > 0, 20_000)
    wire.mend()
    await jobs.trigger('count-things')
    await until(() => runs === 2, 20_000)
    expect(said).toEqual([expect.stringContaining('trouble'), expect.stringContaining('well again')])
  })
})

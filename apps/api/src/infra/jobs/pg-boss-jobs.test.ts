import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { diffDatabaseToSchema } from '../../../../../scripts/schema-engine.ts'
import { testDatabase, type TestDatabase } from '../../../test/support/postgres.ts'
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

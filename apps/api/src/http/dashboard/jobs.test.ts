import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDashboard, type Json, type TestDashboard } from '../../../test/support/dashboard.ts'
import { testDatabase, type TestDatabase } from '../../../test/support/postgres.ts'
import { until } from '../../../test/support/until.ts'
import { jobSchedule } from '../../domain/jobs/recurring-jobs.ts'
import { recordRuns } from '../../domain/jobs/run-job.ts'
import { PgBossJobs } from '../../infra/jobs/pg-boss-jobs.ts'
import { systemClock } from '../../ports/clock.ts'

const log = { info() {}, warn() {}, error() {} }
let database: TestDatabase
let jobs: PgBossJobs
let dashboard: TestDashboard
beforeAll(async () => {
  database = await testDatabase()
  jobs = new PgBossJobs({ pool: database.pool, timeZone: 'Asia/Shanghai', runs: true, log })
  dashboard = await testDashboard({ database, jobs })
  const result = { records: 7, findings: [{ subject: 'rollup 2026-11', message: 'is 3 tokens short' }] }
  await jobs.start(
    recordRuns(
      { db: database.prisma, clock: systemClock, log },
      jobSchedule.map(({ name }) => ({ name, cron: '0 0 1 1 *', run: async () => result })),
    ),
  )
})
afterAll(async () => {
  await jobs.stop(1_000)
  await dashboard.close()
})

const verify = async (): Promise<Json> =>
  (await dashboard.expectOk('GET', '/api/jobs')).data.find((job: Json) => job.name === 'verify-books')

describe('jobs on the dashboard', () => {
  it('are listed with when they run and what their last run found', async () => {
    expect(await verify()).toEqual({
      name: 'verify-books',
      cron: '20 3 * * *',
      lastRun: null,
      lastSuccessAt: null,
    })
    const answer = await dashboard.call('POST', '/api/jobs/verify-books/runs')
    expect(answer).toMatchObject({ status: 202, json: { name: 'verify-books' } })
    await until(async () => (await verify()).lastRun?.status === 'ok')
    expect((await verify()).lastRun).toMatchObject({
      figures: { records: 7 },
      findings: [{ subject: 'rollup 2026-11', message: 'is 3 tokens short' }],
      error: null,
    })
    const { data } = await dashboard.expectOk('GET', '/api/audit')
    expect(data[0]).toMatchObject({ actor: 'admin-key', action: 'job.trigger', subject: 'job:verify-books' })
  })

  it('are the business of owners and admins', async () => {
    for (const role of ['owner', 'admin'] as const) {
      const headers = await dashboard.signIn(role)
      expect((await dashboard.callAs(headers, 'POST', '/api/jobs/keep-partitions/runs')).status).toBe(202)
      expect((await dashboard.callAs(headers, 'GET', '/api/jobs')).json.data).toHaveLength(jobSchedule.length)
    }
    await dashboard.expectOk('POST', '/api/teams', { name: 'research' })
    for (const role of ['manager', 'viewer'] as const) {
      const headers = await dashboard.signIn(role, 'research')
      expect((await dashboard.callAs(headers, 'POST', '/api/jobs/keep-partitions/runs')).status).toBe(403)
      expect((await dashboard.callAs(headers, 'GET', '/api/jobs')).status).toBe(403)
    }
  })

  it('that do not exist cannot be started', async () => {
    const answer = await dashboard.call('POST', '/api/jobs/mine-bitcoin/runs')
    expect(answer).toMatchObject({ status: 404, json: { error: { code: 'not_found' } } })
  })

  it('cannot be started while their queue is away, and nothing is noted then', async () => {
    const without = await testDashboard()
    const answer = await without.call('POST', '/api/jobs/verify-books/runs')
    expect(answer).toMatchObject({ status: 503, json: { error: { code: 'unavailable' } } })
    const { data } = await without.expectOk('GET', '/api/audit')
    expect(data.filter((entry: Json) => entry.action === 'job.trigger')).toEqual([])
    await without.close()
  })
})

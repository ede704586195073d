import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { testDatabase, type TestDatabase } from '../../../test/support/postgres.ts'
import type { JobResult } from '../../ports/jobs.ts'
import { listJobs } from './list-jobs.ts'
import { runJob } from './run-job.ts'

let database: TestDatabase
let nowMs = Date.parse('2026-11-20T03:20:00Z')
let said: { level: string; fields: object }[]
const services = () => ({
  db: database.prisma,
  clock: { now: () => (nowMs += 1_000) },
  log: {
    info: (fields: object) => void said.push({ level: 'info', fields }),
    warn: (fields: object) => void said.push({ level: 'warn', fields }),
    error: (fields: object) => void said.push({ level: 'error', fields }),
  },
})
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())
beforeEach(async () => {
  said = []
  await database.prisma.jobRun.deleteMany()
})

const name = 'verify-books'
const run = (work: () => Promise<JobResult>) =>
  runJob(services(), { name, cron: '20 3 * * *', run: work }, new AbortController().signal)
const shown = async () => (await listJobs(services())).find((job) => job.name === name)

describe('a run of a job', () => {
  it('is seen while it runs, and with what it found when it is over', async () => {
    expect(await shown()).toEqual({
      name,
      cron: '20 3 * * *',
      lastRun: undefined,
      lastSuccessAt: undefined,
    })
    const findings = [{ subject: 'rollup 2026-11', message: 'is 3 tokens short' }]
    await run(async () => {
      expect(await shown()).toMatchObject({ lastRun: { status: 'running', endedAt: undefined } })
      return { records: 12, findings }
    })
    const job = await shown()
    expect(job?.lastRun).toMatchObject({ status: 'ok', figures: { records: 12 }, findings, error: undefined })
    expect(job?.lastSuccessAt).toEqual(job?.lastRun?.endedAt)
    expect(said).toMatchObject([{ level: 'warn', fields: { job: name, records: 12, findings } }])
  })

  it('that failed says why, and leaves the last success standing', async () => {
    await run(async () => ({ records: 1 }))
    const before = await shown()
    await expect(
      run(async () => {
        throw new Error('the rollup table is locked')
      }),
    ).rejects.toThrow('the rollup table is locked')
    const after = await shown()
    expect(after?.lastRun).toMatchObject({ status: 'failed', error: 'the rollup table is locked' })
    expect(after?.lastSuccessAt).toEqual(before?.lastSuccessAt)
    expect(said.map(({ level }) => level)).toEqual(['info', 'error'])
  })

  it('whose process died is shown as interrupted by the next one of its name, and of no other', async () => {
    const startedAt = new Date(nowMs)
    const died = (of: string, id: string) =>
      database.prisma.jobRun.create({ data: { id, name: of, startedAt, status: 'running' } })
    await died(name, '01999999-0000-7000-8000-000000000001')
    await died('expire-grants', '01999999-0000-7000-8000-000000000002')
    await run(async () => ({ records: 0 }))
    const rows = await database.prisma.jobRun.findMany({ orderBy: { id: 'asc' } })
    expect(rows.map((row) => [row.name, row.status])).toEqual([
      [name, 'failed'],
      ['expire-grants', 'running'],
      [name, 'ok'],
    ])
    expect(rows[0]).toMatchObject({ error: expect.stringContaining('interrupted') })
    // It did nothing, and says nothing.
    expect(said).toEqual([])
  })

  it('is kept among the last 200 of its name', async () => {
    const row = (id: string, of: string) => ({ id, name: of, startedAt: new Date(nowMs), status: 'ok' })
    const old = Array.from({ length: 205 }, (_, index) =>
      row(`01900000-0000-7000-8000-${String(index).padStart(12, '0')}`, name),
    )
    const other = row('01900000-0000-7000-8000-ffffffffffff', 'expire-grants')
    await database.prisma.jobRun.createMany({ data: [...old, other] })
    await run(async () => ({ records: 1 }))
    expect(await database.prisma.jobRun.count({ where: { name } })).toBe(200)
    expect(
      await database.prisma.jobRun.count({ where: { name, id: { in: old.slice(6).map(({ id }) => id) } } }),
    ).toBe(199)
    expect(await database.prisma.jobRun.count({ where: { name: 'expire-grants' } })).toBe(1)
  })
})

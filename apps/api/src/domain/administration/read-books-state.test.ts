import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { journalDirectory, requestOf, startJournal } from '../../../test/support/journals.ts'
import { testDatabase, type TestDatabase } from '../../../test/support/postgres.ts'
import { PutAsideReport } from '../../infra/journal/report-put-aside.ts'
import { readBooksState } from './read-books-state.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

describe('what the service has found out about itself', () => {
  it('is the latest run of each job that is over', async () => {
    expect(await readBooksState(database.prisma)).toEqual({ runs: [], putAside: [] })
    await run(1, 'verify-books', 'failed', { error: 'no connection' })
    await run(2, 'verify-books', 'ok', {
      result: { differences: 3, findings: [{ subject: 'rollup of noon', message: 'is short' }] },
    })
    await run(3, 'verify-books', 'running', {})
    await run(4, 'sweep-reservations', 'ok', { result: { swept: 2 } })
    await run(5, 'a-job-of-an-older-version', 'failed', { error: 'long ago' })
    const { runs } = await readBooksState(database.prisma)
    expect(runs).toEqual([
      {
        name: 'sweep-reservations',
        failed: false,
        error: null,
        differences: 0,
        subject: null,
        message: null,
      },
      {
        name: 'verify-books',
        failed: false,
        error: null,
        differences: 3,
        subject: 'rollup of noon',
        message: 'is short',
      },
    ])
  })

  it('is what journals of any process could not book, until somebody has dealt with it', async () => {
    const directory = journalDirectory()
    const { journal, said } = await startJournal(directory)
    const report = new PutAsideReport({
      pool: database.pool,
      count: () => journal.putAside(),
      host: 'api-1',
      directory,
      log: { info() {}, warn: (_, message) => void said.push(message), error() {} },
    })
    report.stop()
    await report.look()
    expect((await readBooksState(database.prisma)).putAside).toEqual([])
    await journal.settle(requestOf(1))
    journal.reject()
    mkdirSync(join(directory, 'damaged'))
    writeFileSync(join(directory, 'damaged/000000000001.journal'), '')
    await report.look()
    const expected = { host: 'api-1', directory, rejectedRecords: 1, damagedFiles: 1 }
    expect((await readBooksState(database.prisma)).putAside).toEqual([expected])

    // A process that has said nothing for a day is gone.
    await database.pool.query(
      `update setting set updated_at = now() - interval '25 hours' where name like 'putAside %'`,
    )
    expect((await readBooksState(database.prisma)).putAside).toEqual([])

    writeFileSync(join(directory, 'rejected.log'), '')
    await report.look()
    expect((await readBooksState(database.prisma)).putAside).toEqual([{ ...expected, rejectedRecords: 0 }])
    expect(said).toEqual([])
  })
})

async function run(
  minute: number,
  name: string,
  status: string,
  given: { readonly error?: string; readonly result?: object },
): Promise<void> {
  await database.prisma.jobRun.create({
    data: {
      id: `01a20000-0000-7000-8000-${String(minute).padStart(12, '0')}`,
      name,
      startedAt: new Date(Date.UTC(2026, 10, 20, 3, minute)),
      status,
      ...given,
    },
  })
}

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { testDatabase, type TestDatabase } from '../../test/support/postgres.ts'
import { migrate } from './migrate.ts'
import { MigrationError } from './migrations/migration-error.ts'

const log = { info() {}, warn() {}, error() {} }

describe('migrate', () => {
  let database: TestDatabase
  let directory: string

  beforeEach(async () => {
    database = await testDatabase({ empty: true })
    directory = await mkdtemp(join(tmpdir(), 'tollgate-migrations-'))
  })
  afterEach(async () => {
    await database.close()
    await rm(directory, { recursive: true })
  })

  const write = async (name: string, sql: string) => {
    await mkdir(join(directory, name), { recursive: true })
    await writeFile(join(directory, name, 'migration.sql'), sql)
  }
  const run = () => migrate({ databaseUrl: database.url, log, directory })
  const refusal = async () => {
    const error: unknown = await run().then(
      () => undefined,
      (reason: unknown) => reason,
    )
    if (!(error instanceof MigrationError)) throw new Error(`expected a MigrationError, got ${String(error)}`)
    return error
  }
  const records = async () =>
    (await database.pool.query('SELECT * FROM _prisma_migrations ORDER BY migration_name')).rows

  it('applies what is missing, in order, once, and records it as Prisma does', async () => {
    await write('20260101000000_first', 'CREATE TABLE a (id int);')
    await write('20260102000000_second', 'ALTER TABLE a ADD COLUMN b int;')
    expect(await run()).toEqual({ applied: ['20260101000000_first', '20260102000000_second'] })
    expect(await run()).toEqual({ applied: [] })
    await write('20260103000000_third', 'CREATE TABLE c (id int);')
    expect(await run()).toEqual({ applied: ['20260103000000_third'] })
    expect(await records()).toMatchObject([
      {
        migration_name: '20260101000000_first',
        // printf 'CREATE TABLE a (id int);' | sha256sum
        checksum: '168f4af76cbece82a4185c6c57366e07883c6e4155f25ce28559018d99433b81',
        finished_at: expect.any(Date),
        rolled_back_at: null,
        logs: null,
        applied_steps_count: 1,
      },
      { migration_name: '20260102000000_second', applied_steps_count: 1 },
      { migration_name: '20260103000000_third', applied_steps_count: 1 },
    ])
  })

  it('applies each migration once when eight processes start together', async () => {
    await write('20260101000000_first', 'CREATE TABLE a (id int); SELECT pg_sleep(0.05);')
    await write('20260102000000_second', 'INSERT INTO a VALUES (1);')
    const outcomes = await Promise.all(Array.from({ length: 8 }, run))
    expect(outcomes.flatMap(({ applied }) => applied).sort()).toEqual([
      '20260101000000_first',
      '20260102000000_second',
    ])
    expect((await database.pool.query('SELECT * FROM a')).rowCount).toBe(1)
  })

  it('keeps nothing of a migration that fails, and goes on once it is mended', async () => {
    await write('20260101000000_first', 'CREATE TABLE a (id int); SELECT 1/0;')
    const error = await refusal()
    expect(error.code).toBe('migration_failed')
    expect(error.message).toContain('20260101000000_first')
    expect(error.message).toContain('division by zero')
    expect(await records()).toEqual([])
    await write('20260101000000_first', 'CREATE TABLE a (id int);')
    expect((await run()).applied).toEqual(['20260101000000_first'])
  })

  it('refuses a migration that was edited after it was applied', async () => {
    await write('20260101000000_first', 'CREATE TABLE a (id int);')
    await run()
    await write('20260101000000_first', 'CREATE TABLE a (id bigint);')
    expect(await refusal()).toMatchObject({ code: 'checksum_changed' })
  })

  it('refuses a database that a newer version migrated', async () => {
    await write('20260101000000_first', 'CREATE TABLE a (id int);')
    await write('20990101000000_of_the_future', 'CREATE TABLE f (id int);')
    await run()
    await rm(join(directory, '20990101000000_of_the_future'), { recursive: true })
    const error = await refusal()
    expect(error.code).toBe('database_newer')
    expect(error.message).toContain('20990101000000_of_the_future')
  })

  it('runs statements one by one where a migration asks for no transaction', async () => {
    await write('20260101000000_first', 'CREATE TABLE a (id int);')
    await write(
      '20260102000000_index',
      '-- tollgate: no-transaction\nCREATE INDEX CONCURRENTLY a_id ON a (id);\n\n-- another\nVACUUM a;\n',
    )
    expect((await run()).applied).toHaveLength(2)
    expect(await records()).toMatchObject([{}, { finished_at: expect.any(Date), applied_steps_count: 1 }])
  })

  it('refuses to go on after a migration without a transaction stopped half way', async () => {
    await write('20260101000000_half', '-- tollgate: no-transaction\nCREATE TABLE a (id int);\nSELECT 1/0;\n')
    expect(await refusal()).toMatchObject({ code: 'migration_failed' })
    const error = await refusal()
    expect(error.code).toBe('failed_before')
    expect(error.message).toContain('division by zero')
    // As Prisma's `migrate resolve --rolled-back` leaves it.
    await database.pool.query('UPDATE _prisma_migrations SET rolled_back_at = now(); DROP TABLE a')
    await write('20260101000000_half', 'CREATE TABLE a (id int);')
    expect((await run()).applied).toEqual(['20260101000000_half'])
  })
})

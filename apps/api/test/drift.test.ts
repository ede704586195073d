import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { diffDatabaseToSchema, diagnoseHistory } from '../../../scripts/schema-engine.ts'
import { migrate } from '../src/infra/migrate.ts'
import { ensureUsagePartitions } from '../src/infra/migrations/ensure-usage-partitions.ts'
import { testDatabase, type TestDatabase } from './support/postgres.ts'

const log = { info() {}, warn() {}, error() {} }

describe('models and migrations', () => {
  let database: TestDatabase

  beforeEach(async () => {
    database = await testDatabase({ empty: true })
    await migrate({ databaseUrl: database.url, log })
  })
  afterEach(() => database.close())

  it('say the same: all migrations on an empty database lead to the models', async () => {
    expect(await diffDatabaseToSchema(database.url)).toBeUndefined()
  })

  it('say the same however many months have their partition', async () => {
    await ensureUsagePartitions(database.pool, new Date('2026-11-15T00:00:00Z'), 14)
    expect(await diffDatabaseToSchema(database.url)).toBeUndefined()
  })

  it('are told apart when they differ, on a partitioned table too', async () => {
    await database.pool.query('ALTER TABLE usage_record DROP COLUMN end_user; DROP TABLE setting')
    const sql = await diffDatabaseToSchema(database.url)
    expect(sql).toContain('ADD COLUMN     "end_user" TEXT')
    expect(sql).toContain('CREATE TABLE "setting"')
  })

  it("leave a history that Prisma's own engine finds complete and unedited", async () => {
    expect(await diagnoseHistory(database.url, await prismaMigrationList())).toEqual({
      editedMigrationNames: [],
      failedMigrationNames: [],
      hasMigrationsTable: true,
      history: null,
    })
  })

  it('partition the ledger by month from the first migration', async () => {
    const { rows } = await database.pool.query(`SELECT pg_get_partkeydef('usage_record'::regclass) AS key`)
    expect(rows).toEqual([{ key: 'RANGE (started_at)' }])
  })
})

async function prismaMigrationList() {
  const baseDir = join(import.meta.dirname, '../../../prisma/migrations')
  const names = (await readdir(baseDir, { withFileTypes: true })).filter((entry) => entry.isDirectory())
  return {
    baseDir,
    lockfile: {
      path: 'migration_lock.toml',
      content: await readFile(join(baseDir, 'migration_lock.toml'), 'utf8'),
    },
    shadowDbInitScript: '',
    migrationDirectories: await Promise.all(
      names.map(async ({ name }) => ({
        path: name,
        migrationFile: {
          path: 'migration.sql',
          content: {
            tag: 'ok' as const,
            value: await readFile(join(baseDir, name, 'migration.sql'), 'utf8'),
          },
        },
      })),
    ),
  }
}

import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import pg from 'pg'
import type { Logger } from '../ports/logger.ts'
import { MigrationError } from './migrations/migration-error.ts'
import { readMigrations, type Migration } from './migrations/read-migrations.ts'

const ourMigrations = join(import.meta.dirname, '../../../../prisma/migrations')

/** The number under which Prisma's own tools lock a database while they migrate it. */
const lockNumber = 72_707_369

/**
 * Brings a database to this version of the code: applies what `prisma/migrations` has and the database does not, and
 * records it in `_prisma_migrations` as Prisma would, so that its tools agree. Any number of processes may start at
 * once: one migrates, the others wait and find nothing left to do.
 *
 * Each migration and its record are one transaction, so that a crash leaves it wholly done or not begun. Throws
 * `MigrationError` when the database holds something this code does not know.
 */
export async function migrate(input: {
  readonly databaseUrl: string
  readonly log: Logger
  readonly directory?: string
}): Promise<{ readonly applied: readonly string[] }> {
  const migrations = await readMigrations(input.directory ?? ourMigrations)
  // A connection of its own: the lock belongs to the session and goes with it, however this ends.
  const client = new pg.Client({ connectionString: input.databaseUrl, application_name: 'tollgate migrate' })
  // What breaks the connection rejects the statement that runs; unheard, it would end the process instead.
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query('SELECT pg_advisory_lock($1)', [lockNumber])
    await client.query(createRecordTable)
    const pending = await findPending(client, migrations)
    for (const migration of pending) {
      const startedAt = performance.now()
      await (migration.transactional ? applyInTransaction : applyStepwise)(client, migration)
      const tookMs = Math.round(performance.now() - startedAt)
      input.log.info({ migration: migration.name, tookMs }, 'migrated the database')
    }
    return { applied: pending.map(({ name }) => name) }
  } finally {
    await client.end()
  }
}

/** Prisma's definition, word for word. */
const createRecordTable = `
CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
    "id"                    VARCHAR(36) PRIMARY KEY NOT NULL,
    "checksum"              VARCHAR(64) NOT NULL,
    "finished_at"           TIMESTAMPTZ,
    "migration_name"        VARCHAR(255) NOT NULL,
    "logs"                  TEXT,
    "rolled_back_at"        TIMESTAMPTZ,
    "started_at"            TIMESTAMPTZ NOT NULL DEFAULT now(),
    "applied_steps_count"   INTEGER NOT NULL DEFAULT 0
)`

interface RecordRow {
  readonly migration_name: string
  readonly checksum: string
  readonly finished_at: Date | null
  readonly started_at: Date
  readonly logs: string | null
}

async function findPending(client: pg.Client, migrations: readonly Migration[]): Promise<Migration[]> {
  const { rows } = await client.query<RecordRow>(
    `SELECT migration_name, checksum, finished_at, started_at, logs FROM _prisma_migrations
     WHERE rolled_back_at IS NULL ORDER BY started_at, migration_name`,
  )
  const known = new Map(migrations.map((migration) => [migration.name, migration]))
  for (const row of rows) assertFits(row, known.get(row.migration_name))
  const done = new Set(rows.map((row) => row.migration_name))
  return migrations.filter(({ name }) => !done.has(name))
}

function assertFits(row: RecordRow, migration: Migration | undefined): void {
  const name = row.migration_name
  if (row.finished_at === null) {
    throw new MigrationError(
      'failed_before',
      `The migration ${name} began at ${row.started_at.toISOString()} and did not finish${row.logs ? `: ${row.logs}` : ''}. ` +
        'Restore the database from before it, or finish it by hand and then run "npx prisma migrate resolve ' +
        `--applied ${name}".`,
    )
  }
  if (migration === undefined) {
    throw new MigrationError(
      'database_newer',
      `The database was migrated by a newer Tollgate (${name} is not known to this one). Start the newer version, or ` +
        'restore the database from before its upgrade.',
    )
  }
  if (migration.checksum !== row.checksum) {
    throw new MigrationError(
      'checksum_changed',
      `prisma/migrations/${name}/migration.sql was edited after it had been applied to this database. Restore the file ` +
        'and put the change into a new migration.',
    )
  }
}

async function applyInTransaction(client: pg.Client, migration: Migration): Promise<void> {
  await client.query('BEGIN')
  try {
    await client.query(migration.sql)
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, now(), clock_timestamp(), 1)`,
      [randomUUID(), migration.checksum, migration.name],
    )
    await client.query('COMMIT')
  } catch (error) {
    // A connection that broke has rolled back by itself.
    await client.query('ROLLBACK').catch(() => {})
    throw failure(migration, error, 'Nothing of it was kept.')
  }
}

/** What cannot be undone as a whole is recorded before and after, so that an interruption between is noticed. */
async function applyStepwise(client: pg.Client, migration: Migration): Promise<void> {
  const id = randomUUID()
  await client.query('INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ($1, $2, $3)', [
    id,
    migration.checksum,
    migration.name,
  ])
  try {
    // One at a time: several in one query would be a transaction again.
    for (const statement of splitStatements(migration.sql)) await client.query(statement)
  } catch (error) {
    await client
      .query('UPDATE _prisma_migrations SET logs = $2 WHERE id = $1', [id, String(error)])
      .catch(() => {})
    throw failure(migration, error, 'It is not transactional: see what of it was kept.')
  }
  await client.query(
    'UPDATE _prisma_migrations SET finished_at = now(), applied_steps_count = 1 WHERE id = $1',
    [id],
  )
}

/** In a file without a transaction a semicolon at the end of a line ends a statement: no function bodies there. */
function splitStatements(sql: string): string[] {
  return sql
    .split(/;[ \t]*(?:\n|$)/)
    .map((statement) => statement.replaceAll(/^--.*$/gm, '').trim())
    .filter((statement) => statement !== '')
}

function failure(migration: Migration, cause: unknown, consequence: string): MigrationError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new MigrationError(
    'migration_failed',
    `The migration ${migration.name} failed: ${reason}. ${consequence}`,
    { cause },
  )
}

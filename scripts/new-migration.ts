/**
 * `npm run migration -- <name>`: writes prisma/migrations/<timestamp>_<name>/migration.sql with the SQL that takes a
 * database which has every migration so far to what prisma/models says now. Nothing to do: says so.
 *
 * Works on a scratch database of the embedded PostgreSQL and needs nothing else. Read what it wrote before committing
 * it: Prisma drops and re-creates where it does not know that a column was renamed, and partitions, checks and
 * functions are written by hand (see schema-engine.ts). `-- tollgate: no-transaction` on a line of its own makes it run
 * outside of a transaction.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { migrate } from '../apps/api/src/infra/migrate.ts'
import { startEmbeddedPostgres } from '../apps/api/src/infra/postgres/embedded-postgres.ts'
import { diffDatabaseToSchema } from './schema-engine.ts'

const [name = ''] = process.argv.slice(2)
if (/^[a-z][a-z0-9_]*$/.test(name)) {
  await writeMigration(name)
} else {
  console.error('usage: npm run migration -- <name>   (small letters, digits and _, e.g. add_key_note)')
  process.exitCode = 1
}

async function writeMigration(what: string): Promise<void> {
  const sql = await inScratchDatabase(diffDatabaseToSchema)
  if (sql === undefined) {
    console.log('The migrations lead to the models as they are: nothing to write.')
    return
  }
  const timestamp = new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14)
  const directory = join(import.meta.dirname, '../prisma/migrations', `${timestamp}_${what}`)
  await mkdir(directory, { recursive: true })
  await writeFile(join(directory, 'migration.sql'), sql)
  console.log(
    `Wrote ${relative(process.cwd(), join(directory, 'migration.sql'))}. Read it before you commit it.`,
  )
}

async function inScratchDatabase<Result>(work: (databaseUrl: string) => Promise<Result>): Promise<Result> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'tollgate-migration-'))
  try {
    const log = { info() {}, warn: console.warn, error: console.error }
    const postgres = await startEmbeddedPostgres({ dataDirectory, log, settings: { fsync: 'off' } })
    try {
      await migrate({ databaseUrl: postgres.url, log })
      return await work(postgres.url)
    } finally {
      await postgres.stop()
    }
  } finally {
    await rm(dataDirectory, { recursive: true, force: true })
  }
}

import { PrismaPg } from '@prisma/adapter-pg'
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { PrismaClient } from '../../src/generated/prisma/client.ts'
import { runSql, withDatabase, type TestServer } from './postgres-global-setup.ts'

export interface TestDatabase {
  readonly url: string
  readonly pool: pg.Pool
  readonly prisma: PrismaClient
  /** Closes both and drops the database, whoever is still connected. */
  close(): Promise<void>
}

/**
 * A database of its own for a suite: migrated, with partitions of last month to next month, without rows. Close it in
 * `afterAll`. `empty`: without migrations too.
 */
export async function testDatabase(options: { readonly empty?: boolean } = {}): Promise<TestDatabase> {
  const server = await askForServer()
  const name = `tollgate_test_${randomUUID().replaceAll('-', '')}`
  await runSql(
    server.adminUrl,
    `CREATE DATABASE ${name} TEMPLATE ${options.empty === true ? 'template0' : server.template}`,
  )
  const url = withDatabase(server.adminUrl, name)
  const pool = new pg.Pool({ connectionString: url, max: 10 })
  // `close` drops the database under whatever idles in the pool, and a test cuts what is in use.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) })
  return {
    url,
    pool,
    prisma,
    close: async () => {
      await prisma.$disconnect()
      await pool.end()
      await runSql(server.adminUrl, `DROP DATABASE ${name} WITH (FORCE)`)
    },
  }
}

async function askForServer(): Promise<TestServer> {
  const response = await fetch(inject('testPostgresBroker'))
  const text = await response.text()
  if (!response.ok) throw new Error(`no PostgreSQL for the tests: ${text}`)
  const answer: unknown = JSON.parse(text)
  if (
    typeof answer === 'object' &&
    answer !== null &&
    'adminUrl' in answer &&
    'template' in answer &&
    typeof answer.adminUrl === 'string' &&
    typeof answer.template === 'string'
  ) {
    return { adminUrl: answer.adminUrl, template: answer.template }
  }
  throw new Error(`unexpected answer of the broker: ${text}`)
}

import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { migrate } from '../../src/infra/migrate.ts'
import { ensureUsagePartitions } from '../../src/infra/migrations/ensure-usage-partitions.ts'
import { startEmbeddedPostgres } from '../../src/infra/postgres/embedded-postgres.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Answers with a `TestServer`, which it starts at the first question. */
    testPostgresBroker: string
  }
}

export interface TestServer {
  /** Of the server's maintenance database, to make others from. */
  readonly adminUrl: string
  /** A migrated database without rows; nobody connects to it. */
  readonly template: string
}

/**
 * One PostgreSQL for a whole run of vitest, started when the first suite asks for a database, so that a run of pure
 * tests does not wait for it. `TEST_DATABASE_URL` names a server to use instead (its user must be allowed to create
 * databases).
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let starting: Promise<RunningTestServer> | undefined
  const broker = createServer((_request, response) => {
    starting ??= startServer()
    starting.then(
      ({ server }) => response.end(JSON.stringify(server)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    )
  })
  await new Promise<void>((resolve) => broker.listen(0, '127.0.0.1', resolve))
  const address = broker.address()
  if (typeof address !== 'object' || address === null) throw new Error('the broker has no port')
  project.provide('testPostgresBroker', `http://127.0.0.1:${address.port}`)
  return async () => {
    broker.closeAllConnections()
    broker.close()
    await (await starting?.catch(() => undefined))?.stop()
  }
}

interface RunningTestServer {
  readonly server: TestServer
  stop(): Promise<void>
}

async function startServer(): Promise<RunningTestServer> {
  const given = process.env['TEST_DATABASE_URL']
  const { adminUrl, stop } =
    given === undefined ? await startEmbedded() : { adminUrl: given, stop: undefined }
  const template = `tollgate_test_template_${process.pid}_${Date.now()}`
  await runSql(adminUrl, `CREATE DATABASE ${template}`)
  await prepareTemplate(withDatabase(adminUrl, template))
  return {
    server: { adminUrl, template },
    stop: stop ?? (() => runSql(adminUrl, `DROP DATABASE ${template}`)),
  }
}

async function startEmbedded() {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'tollgate-test-'))
  const postgres = await startEmbeddedPostgres({
    dataDirectory,
    log: { info() {}, warn: console.warn, error: console.error },
    settings: { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off', max_connections: '200' },
  })
  return {
    adminUrl: postgres.url,
    stop: async () => {
      await postgres.stop()
      await rm(dataDirectory, { recursive: true, force: true })
    },
  }
}

async function prepareTemplate(databaseUrl: string): Promise<void> {
  await migrate({ databaseUrl, log: { info() {}, warn: console.warn, error: console.error } })
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 })
  const now = new Date()
  await ensureUsagePartitions(pool, new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1)), 3)
  await pool.end()
}

export function withDatabase(url: string, database: string): string {
  const changed = new URL(url)
  changed.pathname = `/${database}`
  return changed.toString()
}

export async function runSql(databaseUrl: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}

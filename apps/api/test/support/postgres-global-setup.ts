import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { migrate } from '../../src/infra/migrate.ts'
import { ensureUsagePartitions } from '../../src/infra/migrations/ensure-usage-partitions.ts'
import { startEmbeddedPostgres } from '../../src/infra/postgres/embedded-postgres.ts'
import { dockerAnswers, startContainer } from './docker.ts'

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
 * tests does not wait for it: the one that `TEST_DATABASE_URL` names (its user must be allowed to create databases), else
 * Docker's, else the embedded one.
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
    given === undefined || given === ''
      ? ((await startInDocker()) ?? (await startEmbedded()))
      : { adminUrl: given, stop: undefined }
  const template = `tollgate_test_template_${process.pid}_${Date.now()}`
  await runSql(adminUrl, `CREATE DATABASE ${template}`)
  await prepareTemplate(withDatabase(adminUrl, template))
  return {
    server: { adminUrl, template },
    stop: stop ?? (() => runSql(adminUrl, `DROP DATABASE ${template}`)),
  }
}

interface AdminServer {
  readonly adminUrl: string
  stop(): Promise<void>
}

async function startInDocker(): Promise<AdminServer | undefined> {
  if (!(await dockerAnswers())) return undefined
  try {
    const quick = Object.entries(quickSettings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    const container = await startContainer({
      image: 'postgres:18-alpine',
      port: 5432,
      environment: { POSTGRES_USER: 'tollgate', POSTGRES_PASSWORD: 'tollgate' },
      command: ['postgres', ...quick],
      // Its first start is one for itself, to make the database; the second one is for us.
      ready: { log: /database system is ready to accept connections/, times: 2 },
    })
    return {
      adminUrl: `postgresql://tollgate:tollgate@${container.host}:${container.port}/tollgate`,
      stop: () => container.kill('SIGKILL'),
    }
  } catch (error) {
    // No image and no way to fetch one.
    console.warn(`Docker answers, but starts no PostgreSQL: ${String(error)}`)
    return undefined
  }
}

/** What is in it is worth nothing after the run. */
const quickSettings = {
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  max_connections: '200',
}

async function startEmbedded(): Promise<AdminServer> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'tollgate-test-'))
  const postgres = await startEmbeddedPostgres({
    dataDirectory,
    log: { info() {}, warn: console.warn, error: console.error },
    settings: quickSettings,
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

import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDashboard, type TestDashboard } from '../../../test/support/dashboard.ts'
import { testDatabase, type TestDatabase } from '../../../test/support/postgres.ts'
import { tcpProxy, type TcpProxy } from '../../../test/support/tcp-proxy.ts'
import { usageRecord } from '../../../test/support/usage-records.ts'
import { until } from '../../../test/support/until.ts'
import { PrismaClient } from '../../generated/prisma/client.ts'
import { isDatabaseAway } from './database-away.ts'

let database: TestDatabase
let proxy: TcpProxy
let dashboard: TestDashboard
beforeAll(async () => {
  database = await testDatabase()
  proxy = await tcpProxy(Number(new URL(database.url).port))
  const url = new URL(database.url)
  url.hostname = '127.0.0.1'
  url.port = String(proxy.port)
  const pool = new pg.Pool({ connectionString: url.toString(), max: 5 })
  // As the service does: one that breaks in use rejects what runs on it, and tells its listeners too.
  pool.on('connect', (client) => client.on('error', () => {}))
  pool.on('error', () => {})
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) })
  dashboard = await testDashboard({
    quiet: true,
    database: {
      url: url.toString(),
      pool,
      prisma,
      close: async () => {
        await prisma.$disconnect()
        await pool.end()
        await proxy.close()
        await database.close()
      },
    },
  })
})
afterAll(() => dashboard.close())

describe('while Postgres is away', () => {
  it('the dashboard says so and comes back by itself', async () => {
    await dashboard.expectOk('POST', '/api/teams', { name: 'red' })
    proxy.cut()
    for (const url of [
      '/api/teams',
      '/api/overview',
      '/api/usage?range=all',
      '/api/requests',
      '/api/setup',
    ]) {
      const { status, json } = await dashboard.call('GET', url)
      expect([status, json.error.code], `${url} ${JSON.stringify(json)}`).toEqual([503, 'unavailable'])
    }
    const changed = await dashboard.call('POST', '/api/teams', { name: 'blue' })
    expect([changed.status, changed.json.error.code]).toEqual([503, 'unavailable'])
    proxy.mend()
    await until(async () => (await dashboard.call('GET', '/api/overview')).status === 200)
    const { data } = await dashboard.expectOk('GET', '/api/teams')
    expect(data.map(({ name }: { name: string }) => name)).toEqual(['red'])
  })

  it('a report does not leave out what still waits in the journal', async () => {
    const record = usageRecord({ startedAtMs: Date.now() })
    proxy.cut()
    dashboard.books.journal.open({ record })
    await dashboard.books.journal.settle(record)
    expect((await dashboard.call('GET', '/api/usage?range=all')).status).toBe(503)
    proxy.mend()
    await until(async () => (await dashboard.call('GET', '/api/usage?range=all')).status === 200)
    expect((await dashboard.expectOk('GET', '/api/usage?range=all')).totals.requests).toBe(1)
  })
})

describe('another fault', () => {
  it('is not taken for an absent database', () => {
    expect(isDatabaseAway(new Error('no such column'))).toBe(false)
    expect(isDatabaseAway({ code: 'P2002' })).toBe(false)
    const circular: { cause?: unknown } = {}
    circular.cause = circular
    expect(isDatabaseAway(circular)).toBe(false)
  })
})

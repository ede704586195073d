import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { v7 as uuidv7 } from 'uuid'
import { testDatabase, type TestDatabase } from '../../../test/support/postgres.ts'
import { tcpProxy, type TcpProxy } from '../../../test/support/tcp-proxy.ts'
import { until } from '../../../test/support/until.ts'
import type { Snapshot } from '../../domain/snapshot/snapshot.ts'
import { PrismaClient } from '../../generated/prisma/client.ts'
import { systemClock } from '../../ports/clock.ts'
import { MemoryCounters } from '../counters/memory-counters.ts'
import { GrantReporter } from './grant-reporter.ts'

let database: TestDatabase
let proxy: TcpProxy
let prisma: PrismaClient
let pool: pg.Pool
beforeAll(async () => {
  database = await testDatabase()
  const url = new URL(database.url)
  proxy = await tcpProxy(Number(url.port))
  url.hostname = '127.0.0.1'
  url.port = String(proxy.port)
  pool = new pg.Pool({ connectionString: url.toString(), max: 5 })
  pool.on('error', () => {})
  prisma = new PrismaClient({ adapter: new PrismaPg(pool) })
})
afterAll(async () => {
  await prisma.$disconnect()
  await pool.end()
  await proxy.close()
  await database.close()
})

const snapshot: Snapshot = {
  version: 1,
  currency: 'CNY',
  timeZone: 'Asia/Shanghai',
  countersTimeZone: undefined,
  keys: new Map(),
  routes: new Map(),
  quotas: new Map(),
  grants: new Map(),
}

describe('what a provider says of a grant', () => {
  it('waits for the database, is entered once, and is known here when the promise resolves', async () => {
    const accountId = uuidv7()
    const grantId = uuidv7()
    await database.prisma.account.create({
      data: {
        id: accountId,
        name: 'main',
        provider: 'ark',
        protocol: 'ark',
        baseUrl: 'http://127.0.0.1:1',
        credentials: Buffer.alloc(0),
      },
    })
    await database.prisma.grant.create({
      data: {
        id: grantId,
        accountId,
        name: 'gift',
        models: ['*'],
        unit: 'tokens',
        validFrom: new Date(0),
        whenEmpty: 'provider-stops',
        entries: { create: { id: uuidv7(), kind: 'credit', amount: 500_000n, actor: 'user:1' } },
      },
    })
    const warnings: string[] = []
    let refreshed = 0
    const reporter = new GrantReporter({
      db: prisma,
      clock: systemClock,
      log: { info() {}, warn: (_fields, message) => void warnings.push(message), error() {} },
      snapshot: () => snapshot,
      counters: new MemoryCounters(),
      refresh: async () => {
        refreshed += 1
      },
    })
    proxy.cut()
    const report = {
      grantId,
      size: 500_000n,
      atMs: Date.now(),
      provider: 'ark',
      upstreamCode: 'QuotaExceeded',
      message: 'Your account has exhausted its free trial quota',
    }
    const told = Array.from({ length: 20 }, () => reporter.exhausted(report))
    await until(() => warnings.some((message) => message.includes('tried again')))
    expect(await database.prisma.grantEntry.count({ where: { grantId } })).toBe(1)
    proxy.mend()
    await Promise.all(told)
    expect(
      await database.prisma.grantEntry.findMany({ where: { grantId, kind: 'adjustment' } }),
    ).toMatchObject([{ amount: -500_000n, actor: 'system' }])
    expect(refreshed).toBe(1)
    reporter.stop()
  })
})

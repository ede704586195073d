import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Fastify from 'fastify'
import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDatabase, type TestDatabase } from '../../../test/support/postgres.ts'
import { until } from '../../../test/support/until.ts'
import { noSteps } from '../../ports/steps.ts'
import { openBooks, type Books } from '../../books.ts'
import { builtInAdapters } from '../../dashboard.ts'
import { catalogueOf } from '../../domain/prices/book-catalogue.ts'
import { seedPriceBook } from '../../domain/prices/seed-price-book.ts'
import { gateway } from '../../http/gateway/plugin.ts'
import { systemClock } from '../../ports/clock.ts'
import { PostgresLedger } from '../ledger/postgres-ledger.ts'
import { readPriceBook } from '../price-book/read-price-book.ts'
import { deriveKeys, secretsWith } from '../secrets.ts'
import { startLiveTraffic } from './live-traffic.ts'
import { startDemo, type Demo } from './start-demo.ts'

describe('the demo at work', () => {
  let database: TestDatabase
  let demo: Demo
  let books: Books
  let dataDirectory: string
  let url: string
  const app = Fastify({ forceCloseConnections: 'idle' })
  const log = { info() {}, warn() {}, error() {} }

  beforeAll(async () => {
    database = await testDatabase()
    dataDirectory = await mkdtemp(join(tmpdir(), 'tollgate-demo-'))
    const secrets = secretsWith(deriveKeys('a master key of the tests, 32 characters').credentials)
    const book = await readPriceBook()
    await seedPriceBook(database.prisma, book)
    demo = await startDemo({
      db: database.prisma,
      ledger: new PostgresLedger(database.pool),
      secrets,
      adapters: builtInAdapters,
      catalogue: catalogueOf(book),
      clock: systemClock,
      log,
      hashPassword: async (password) => `not signed in with in this suite: ${password.length}`,
    })
    books = await openBooks({
      pool: database.pool,
      db: database.prisma,
      databaseUrl: database.url,
      dataDirectory,
      secrets,
      clock: systemClock,
      log,
      limits: {
        admissionWaitMs: 1_000,
        usefulOutputTokens: 256,
        usefulGrantOutputTokens: 2_048,
        unknownOutputTokens: 8_192,
        requestMsMax: 3_600_000,
        settlementMs: 60_000,
        firstByteMs: 10_000,
        idleMs: 10_000,
        answerBytesMax: 1_048_576,
      },
      journalBytesMax: 64 * 1_048_576,
      durability: 'journal',
      privateUpstreams: true,
      steps: noSteps,
      redisUrl: undefined,
      self: { id: uuidv7(), role: 'all', host: 'test', version: 'test' },
    })
    await app.register(gateway, {
      prefix: '/v1',
      services: books.services,
      ledger: books.ledger,
      bodyBytesMax: 1_048_576,
    })
    url = await app.listen({ host: '127.0.0.1', port: 0 })
  })
  afterAll(async () => {
    await demo.stop()
    await app.close()
    await books.stop(1_000)
    await database.close()
    await rm(dataDirectory, { recursive: true, force: true })
  })

  it('answers every key for what its team may use, at each of the eight providers', async () => {
    const models = [
      'smart',
      'fast',
      'qwen-plus',
      'doubao-seed-1-6',
      'ernie-x1.1',
      'hy3',
      'lite',
      'Baichuan4-Turbo',
      'qwen3-235b',
      'text-embedding-v4',
    ]
    for (const model of models) {
      const embedding = model.startsWith('text-embedding')
      const response = await fetch(`${url}/v1/${embedding ? 'embeddings' : 'chat/completions'}`, {
        method: 'POST',
        headers: { authorization: 'Bearer sk-tg-demo-research-agents', 'content-type': 'application/json' },
        body: JSON.stringify(
          embedding
            ? { model, input: 'x' }
            : { model, max_tokens: 300, messages: [{ role: 'user', content: 'x' }] },
        ),
      })
      expect(response.status, `${model}: ${await response.text()}`).toBe(200)
    }
    for (const { secret, team, name } of demo.keys) {
      const response = await fetch(`${url}/v1/models`, { headers: { authorization: `Bearer ${secret}` } })
      expect(response.status, `${team}/${name}`).toBe(200)
    }
  })

  it('is used by many, mostly served, and leaves nothing open when it stops', async () => {
    const before = await database.prisma.usageRecord.count()
    const since = new Date()
    const traffic = startLiveTraffic({ url, seed: 7, perSecond: 40, log })
    await until(async () => {
      await books.live.drain()
      return (await database.prisma.usageRecord.count()) >= before + 80
    })
    await traffic.stop()
    await until(() => books.live.live().inFlight === 0)
    await books.live.drain()
    const records = await database.prisma.usageRecord.findMany({ where: { startedAt: { gte: since } } })
    const ok = records.filter(({ status }) => status === 'ok')
    expect(ok.length / records.length).toBeGreaterThan(0.7)
    expect(new Set(records.map(({ teamName }) => teamName)).size).toBe(4)
    expect(records.some(({ stream }) => stream)).toBe(true)
    expect(records.filter(({ status }) => status === 'error')).toEqual([])
    const marketing = records.filter(({ teamName }) => teamName === 'marketing')
    expect(marketing.every(({ billedCost }) => billedCost === 0n)).toBe(true)
  })
})

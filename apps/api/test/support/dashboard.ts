import Fastify, { type FastifyInstance, type InjectOptions } from 'fastify'
import { v7 as uuidv7 } from 'uuid'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { noSteps } from '../../src/ports/steps.ts'
import { openBooks, type Books } from '../../src/books.ts'
import { registerDashboard } from '../../src/dashboard.ts'
import { catalogueOf } from '../../src/domain/prices/book-catalogue.ts'
import { seedPriceBook } from '../../src/domain/prices/seed-price-book.ts'
import { readPriceBook } from '../../src/infra/price-book/read-price-book.ts'
import { deriveKeys, secretsWith } from '../../src/infra/secrets.ts'
import { PgBossJobs } from '../../src/infra/jobs/pg-boss-jobs.ts'
import { createSignIn } from '../../src/infra/sign-in/better-auth-sign-in.ts'
import { systemClock } from '../../src/ports/clock.ts'
import type { Jobs } from '../../src/ports/jobs.ts'
import { testDatabase, type TestDatabase } from './postgres.ts'

/** The dashboard API as the service composes it: real books, real sign-in, a database of its own. */
export interface TestDashboard {
  readonly app: FastifyInstance
  readonly books: Books
  readonly database: TestDatabase
  /** As the admin key. */
  call(method: Method, url: string, body?: object): Promise<Answer>
  /** As whoever the headers say. */
  callAs(headers: Record<string, string>, method: Method, url: string, body?: object): Promise<Answer>
  /** Headers of a person with this role, signed in, as their browser sends them. */
  signIn(role: Role, team?: string): Promise<Record<string, string>>
  /** As the admin key; fails the test unless it answers with a 2xx. */
  expectOk(method: Method, url: string, body?: object): Promise<Json>
  close(): Promise<void>
}

type Role = 'owner' | 'admin' | 'manager' | 'viewer'
type Method = NonNullable<InjectOptions['method']>
/** Whatever an answer says: tests look into it and compare. */
export type Json = ReturnType<typeof JSON.parse>

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | number | undefined>>
  readonly json: Json
}

export const password = 'correct horse battery'
export const adminKey = 'test-admin-key-of-the-dashboard'

export async function testDashboard(
  options: {
    readonly privateUpstreams?: boolean
    readonly publicUrl?: string
    readonly database?: TestDatabase
    /** Default: a queue that was not started, and takes nothing. */
    readonly jobs?: Jobs
    /** For tests that break what is under it: the warnings are expected. */
    readonly quiet?: boolean
  } = {},
): Promise<TestDashboard> {
  const database = options.database ?? (await testDatabase())
  const dataDirectory = await mkdtemp(join(tmpdir(), 'tollgate-dashboard-'))
  const keys = deriveKeys('a master key of the tests, 32 characters')
  const secrets = secretsWith(keys.credentials)
  const log =
    options.quiet === true
      ? { debug() {}, info() {}, warn() {}, error() {} }
      : { debug() {}, info() {}, warn: console.warn, error: console.error }
  const book = await readPriceBook()
  await seedPriceBook(database.prisma, book)
  const books = await openBooks({
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
    steps: noSteps,
    redisUrl: undefined,
    self: { id: uuidv7(), role: 'all', host: 'test', version: 'test' },
    privateUpstreams: options.privateUpstreams ?? true,
  })
  const app = Fastify({ logger: false })
  await registerDashboard(app, {
    database: { ...database, close: async () => {} },
    books,
    secrets,
    catalogue: catalogueOf(book),
    signIn: createSignIn({ db: database.prisma, secret: keys.sessions }),
    adminKey,
    publicUrl: options.publicUrl,
    jobs:
      options.jobs ?? new PgBossJobs({ pool: database.pool, timeZone: 'Asia/Shanghai', runs: false, log }),
    version: '0.1.0',
    demoLogin: undefined,
  })
  await app.ready()
  let people = 0
  const callAs: TestDashboard['callAs'] = async (headers, method, url, body) => {
    const answer = await app.inject({
      method,
      url,
      headers,
      ...(body === undefined ? {} : { payload: body }),
    })
    return {
      status: answer.statusCode,
      headers: answer.headers,
      json: answer.body === '' ? undefined : JSON.parse(answer.body),
    }
  }
  const call: TestDashboard['call'] = (method, url, body) =>
    callAs({ authorization: `Bearer ${adminKey}` }, method, url, body)
  const expectOk: TestDashboard['expectOk'] = async (method, url, body) => {
    const answer = await call(method, url, body)
    expect(answer.status, `${method} ${url}: ${JSON.stringify(answer.json)}`).toBeLessThan(300)
    return answer.json
  }
  return {
    app,
    books,
    database,
    call,
    callAs,
    async signIn(role, team) {
      people += 1
      const email = `person-${people}@example.com`
      await expectOk('POST', '/api/users', {
        name: `${role} ${people}`,
        email,
        role,
        password,
        ...(team === undefined ? {} : { team }),
      })
      const answer = await app.inject({
        method: 'POST',
        url: '/api/auth/sign-in/email',
        payload: { email, password },
        remoteAddress: `10.0.0.${people}`,
      })
      expect(answer.statusCode, answer.body).toBe(200)
      return { cookie: cookieOf(answer.headers['set-cookie']), origin: 'http://localhost:80' }
    },
    expectOk,
    async close() {
      await app.close()
      await books.stop(1_000)
      await database.close()
      await rm(dataDirectory, { recursive: true, force: true })
    },
  }
}

/** `name=value` of the first cookie that was set. */
export function cookieOf(header: string | string[] | number | undefined): string {
  const first = Array.isArray(header) ? header[0] : String(header ?? '')
  return first?.split(';')[0] ?? ''
}

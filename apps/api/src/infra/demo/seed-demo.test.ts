import { startSimulator, type Simulator } from '@tollgate/simulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDatabase, type TestDatabase } from '../../../test/support/postgres.ts'
import { builtInAdapters } from '../../dashboard.ts'
import { hashKeySecret } from '../../domain/administration/key-secret.ts'
import { catalogueOf } from '../../domain/prices/book-catalogue.ts'
import { seedPriceBook } from '../../domain/prices/seed-price-book.ts'
import { createSignIn } from '../sign-in/better-auth-sign-in.ts'
import { PostgresLedger } from '../ledger/postgres-ledger.ts'
import { readPriceBook } from '../price-book/read-price-book.ts'
import { deriveKeys, secretsWith } from '../secrets.ts'
import { demoKeys, demoLogin } from './demo-world.ts'
import { seedDemo, type SeedDemoServices } from './seed-demo.ts'

const nowMs = Date.parse('2026-11-23T08:30:00Z')
const keys = deriveKeys('a master key of the tests, 32 characters')
let database: TestDatabase
let simulator: Simulator
let services: SeedDemoServices
let tookMs: number

beforeAll(async () => {
  ;[database, simulator] = await Promise.all([testDatabase(), startSimulator()])
  services = await servicesOf(database, simulator)
  const started = performance.now()
  expect(await seedDemo(services)).toEqual({ seeded: true })
  tookMs = performance.now() - started
})
afterAll(async () => {
  await simulator.close()
  await database.close()
})

describe('the demo', () => {
  it('is there in seconds', () => {
    // Half of this on a machine with nothing else to do.
    expect(tookMs).toBeLessThan(6_000)
  })

  it('has a month of about six thousand requests, every one of them in the rollups', async () => {
    const [records] = await query(`
      select count(*)::int as requests, sum(total_tokens)::text as tokens, sum(list_cost)::text as list,
        sum(billed_cost)::text as billed, sum(grant_amount)::text as granted, min(started_at) as first,
        max(ended_at) as last from usage_record`)
    const [rollups] = await query(`
      select sum(requests)::int as requests, sum(total_tokens)::text as tokens, sum(list_cost)::text as list,
        sum(billed_cost)::text as billed, sum(grant_amount)::text as granted from usage_rollup`)
    expect(records).toMatchObject(rollups ?? {})
    expect(records?.['requests']).toBeGreaterThan(5_500)
    expect(records?.['requests']).toBeLessThan(7_000)
    expect(new Date(String(records?.['first'])).getTime()).toBeGreaterThan(nowMs - 31 * 86_400_000)
    expect(new Date(String(records?.['last'])).getTime()).toBeLessThanOrEqual(nowMs)
  })

  it('looks like people at work: days above nights, weekdays above weekends, some errors, some silence', async () => {
    const [row] = await query(`
      with local as (select *, started_at at time zone 'Asia/Shanghai' as at from usage_record)
      select
        count(*) filter (where extract(hour from at) between 9 and 17)::float / count(*) as office,
        count(*) filter (where extract(hour from at) < 7)::float / count(*) as night,
        count(*) filter (where extract(isodow from at) >= 6)::float / count(*) as weekend,
        count(*) filter (where status = 'error')::float / count(*) as errors,
        count(*) filter (where status = 'cancelled')::float / count(*) as cancelled,
        count(*) filter (where usage_source = 'estimated')::float / count(*) as estimated,
        count(*) filter (where stream)::float / count(*) as streams,
        count(*) filter (where cached_input_tokens > 0)::float / count(*) as cached,
        count(*) filter (where reasoning_tokens > 0)::float / count(*) as reasoning,
        count(distinct model)::int as models, count(distinct provider)::int as providers,
        count(distinct member_id)::int as members
      from local`)
    const between = (name: string, low: number, high: number) => {
      expect(row?.[name], name).toBeGreaterThan(low)
      expect(row?.[name], name).toBeLessThan(high)
    }
    between('office', 0.6, 0.9)
    between('night', 0.005, 0.1)
    between('weekend', 0.05, 0.2)
    between('errors', 0.01, 0.03)
    between('cancelled', 0.003, 0.02)
    between('estimated', 0.008, 0.03)
    between('streams', 0.4, 0.7)
    between('cached', 0.05, 0.3)
    between('reasoning', 0.01, 0.1)
    expect(row).toMatchObject({ providers: 8, members: 6 })
    expect(row?.['models']).toBeGreaterThan(10)
  })

  it('has grants in every state, never overspent, with records that agree', async () => {
    const rows = await query(`
      select g.name, g.unit, g.expires_at, g."window", sum(e.amount)::float as amount,
        (select coalesce(sum(grant_amount), 0)::float from usage_record where grant_id = g.id) as used,
        (select count(*)::int from usage_record where grant_id = g.id
          and (started_at < g.valid_from or started_at >= g.expires_at)) as outside,
        (select coalesce(max(n), 0)::int from (select count(*) n from usage_record where grant_id = g.id
          group by (started_at at time zone 'Asia/Shanghai')::date) d) as busiest
      from "grant" g join grant_entry e on e.grant_id = g.id group by g.id`)
    const used = new Map(rows.map((row) => [row['name'], Number(row['used']) / Number(row['amount'])]))
    expect(used.get('qwen3.7-plus')).toBeCloseTo(0.52, 2)
    expect(used.get('qwen-plus')).toBeCloseTo(0.962, 2)
    expect(used.get('qwen-flash')).toBeLessThan(0.02)
    expect(used.get('sign-up gift')).toBeCloseTo(0.63, 2)
    for (const row of rows) {
      expect(row['outside'], String(row['name'])).toBe(0)
      if (row['window'] === 'once')
        expect(row['used'], String(row['name'])).toBeLessThan(Number(row['amount']))
      else expect(row['busiest']).toBeLessThan(Number(row['amount']))
    }
    const ends = rows.map((row) => (row['expires_at'] === null ? null : days(row['expires_at'])))
    expect(ends).toEqual(expect.arrayContaining([-7, 5, 47, null]))
    const [money] = await query(`select sum(list_cost - billed_cost)::float / 1e9 as saved,
      count(*) filter (where price_version_id is null)::int as unpriced from usage_record`)
    expect(money?.['saved']).toBeGreaterThan(1)
    expect(money?.['unpriced']).toBe(0)
  })

  it('has two quotas that are nearly full', async () => {
    const rows = await query(`
      select t.name, q.metric, q."limit"::float as limit,
        (select sum(case q.metric when 'cost' then billed_cost else total_tokens end)::float from usage_record u
          where u.team_id = q.team_id and u.started_at >= '2026-10-31T16:00:00Z') as used
      from quota q join team t on t.id = q.team_id where q."window" = 'month' order by t.name`)
    const percent = new Map(
      rows.map((row) => [
        `${String(row['name'])} ${String(row['metric'])}`,
        (Number(row['used']) / Number(row['limit'])) * 100,
      ]),
    )
    expect(percent.get('support tokens')).toBeCloseTo(83, 0)
    expect(percent.get('marketing cost')).toBeCloseTo(97, 0)
    expect(percent.get('research cost')).toBeLessThan(70)
    expect(percent.get('data cost')).toBeLessThan(70)
  })

  it("is the dashboard's to change, opened by the keys and the login that are printed", async () => {
    const { prisma } = database
    for (const table of ['account', 'route', 'team', 'key', 'quota', '"grant"'])
      expect(await query(`select distinct origin from ${table}`), table).toEqual([{ origin: 'api' }])
    const rows = await prisma.key.findMany({ include: { team: true } })
    for (const { team, name, secret } of demoKeys) {
      const row = rows.find((key) => key.name === name && key.team.name === team)
      expect(Buffer.from(row?.hash ?? []).equals(hashKeySecret(secret)), `${team}/${name}`).toBe(true)
    }
    const signIn = createSignIn({ db: prisma, secret: keys.sessions })
    const answer = await signIn.handle({
      path: '/api/auth/sign-in/email',
      method: 'POST',
      cookie: undefined,
      userAgent: undefined,
      clientIp: '127.0.0.1',
      body: { ...demoLogin },
    })
    expect(answer.status).toBe(200)
  })

  it('is the same after a second start, at the simulator of that start', async () => {
    const before = await query(`select * from usage_record order by request_id`)
    const other = await startSimulator()
    try {
      await database.pool.query(
        `update account set base_url = 'https://elsewhere.example/v1' where name = 'ark-main'`,
      )
      const later = { ...services, endpoints: other.endpoints, clock: { now: () => nowMs + 86_400_000 } }
      expect(await seedDemo(later)).toEqual({ seeded: false })
      expect(await query(`select * from usage_record order by request_id`)).toEqual(before)
      const urls = await query(`select name, base_url from account order by name`)
      expect(urls.find((row) => row['name'] === 'ark-main')?.['base_url']).toBe(
        'https://elsewhere.example/v1',
      )
      for (const row of urls.filter((account) => account['name'] !== 'ark-main'))
        expect(String(row['base_url'])).toContain(`http://127.0.0.1:${other.port}/`)
      expect(await database.prisma.user.count()).toBe(1)
    } finally {
      await other.close()
    }
  })

  it('goes on where an interrupted start was, and is then the same', async () => {
    const fresh = await testDatabase()
    try {
      const again = await servicesOf(fresh, simulator)
      let batches = 0
      const broken = {
        ...again.ledger,
        write: (records: Parameters<typeof again.ledger.write>[0]) => {
          batches += 1
          if (batches === 3) throw new Error('the power went out')
          return again.ledger.write(records)
        },
      }
      await expect(seedDemo({ ...again, ledger: broken })).rejects.toThrow('the power went out')
      await seedDemo({ ...again, clock: { now: () => nowMs + 600_000 } })
      const summary = `select model, status, count(*)::int as n, sum(total_tokens)::text as tokens, sum(billed_cost)::text as billed,
        min(started_at) as first, max(started_at) as last from usage_record group by 1, 2 order by 1, 2`
      const { rows } = await fresh.pool.query(summary)
      expect(rows).toEqual(await query(summary))
      const [sums] = (await fresh.pool.query('select sum(requests)::int as n from usage_rollup')).rows
      expect(sums).toEqual((await query('select count(*)::int as n from usage_record'))[0])
    } finally {
      await fresh.close()
    }
  })

  it('does not mix with a database that is in use', async () => {
    const used = await testDatabase()
    try {
      await used.prisma.team.create({ data: { id: crypto.randomUUID(), name: 'ours', models: ['*'] } })
      await expect(seedDemo(await servicesOf(used, simulator))).rejects.toThrow(/empty database only/)
    } finally {
      await used.close()
    }
  })
})

async function servicesOf(target: TestDatabase, at: Simulator): Promise<SeedDemoServices> {
  const book = await readPriceBook()
  await seedPriceBook(target.prisma, book)
  const signIn = createSignIn({ db: target.prisma, secret: keys.sessions })
  return {
    db: target.prisma,
    ledger: new PostgresLedger(target.pool),
    secrets: secretsWith(keys.credentials),
    adapters: builtInAdapters,
    catalogue: catalogueOf(book),
    endpoints: at.endpoints,
    clock: { now: () => nowMs },
    log: { info() {}, warn() {}, error() {} },
    hashPassword: (password) => signIn.hashPassword(password),
  }
}

async function query(sql: string): Promise<Record<string, unknown>[]> {
  return (await database.pool.query<Record<string, unknown>>(sql)).rows
}

function days(at: unknown): number {
  return Math.round((new Date(String(at)).getTime() - nowMs) / 86_400_000)
}

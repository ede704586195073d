import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { v7 as uuidv7 } from 'uuid'
import { testDatabase, type TestDatabase } from '../../../test/support/postgres.ts'
import { builtInAdapters } from '../../dashboard.ts'
import { hashKeySecret } from '../../domain/administration/key-secret.ts'
import { catalogueOf } from '../../domain/prices/book-catalogue.ts'
import type { PriceBook } from '../../domain/prices/price-book.ts'
import { seedPriceBook } from '../../domain/prices/seed-price-book.ts'
import type { Logger } from '../../ports/logger.ts'
import { readPriceBook } from '../price-book/read-price-book.ts'
import { deriveKeys, secretsWith } from '../secrets.ts'
import { applyConfigurationFile } from './apply-configuration-file.ts'
import { ConfigurationError } from './configuration-error.ts'

const tables = [
  'account',
  'offering',
  'route',
  'route_offering',
  '"grant"',
  'grant_entry',
  'team',
  'member',
  'key',
  'quota',
  'setting',
  'audit_entry',
  'price_version',
]
const secret = 'sk-research-0123456789abcdef'
const now = Date.parse('2026-11-20T08:00:00Z')
const secretsOf = (masterKey: string) => secretsWith(deriveKeys(masterKey).credentials)
const secrets = secretsOf('a master key of the tests, 32 characters')

let database: TestDatabase
let book: PriceBook
let folder: string
let logged: string[]
beforeAll(async () => {
  database = await testDatabase()
  book = await readPriceBook()
  folder = await mkdtemp(join(tmpdir(), 'tollgate-config-'))
})
afterAll(async () => {
  await database.close()
  await rm(folder, { recursive: true, force: true })
})
beforeEach(async () => {
  logged = []
  await database.pool.query(`truncate ${tables.join(', ')}, usage_record cascade`)
  await seedPriceBook(database.prisma, book)
})

const file = `currency: CNY
accounts:
  - name: tongyi-main
    provider: tongyi
    credentials: { apiKey: "\${DASHSCOPE_API_KEY}" }
    models:
      - qwen-plus
      - { name: qwen-contract, upstream: qwen-max, inputPerMillion: "2", outputPerMillion: "8" }
    grants:
      - { models: [qwen-plus], unit: tokens, amount: 1000000, expiresAt: 2027-02-01, whenEmpty: provider-stops }
  - name: lab
    provider: openai-compatible
    baseUrl: http://10.0.0.5:8000/v1
    models: [{ name: qwen3-32b, upstream: Qwen/Qwen3-32B, inputPerMillion: "0", outputPerMillion: "0" }]
models:
  - { name: smart, offerings: [tongyi-main/qwen-plus, lab/qwen3-32b] }
teams:
  - name: research
    quotas:
      - { metric: tokens, window: day, limit: 200000 }
      - { metric: cost, window: month, limit: "100.00" }
    members:
      - { name: Ann, email: ann@example.com, quotas: [{ metric: tokens, window: day, limit: 1000 }] }
    keys:
      - { name: notebook, secret: "\${RESEARCH_KEY}", member: Ann, quotas: [{ metric: requests, window: minute, limit: 5 }] }
`

describe('the configuration file', () => {
  it('is what the database says after the start, secrets sealed or hashed', async () => {
    const { changes } = await apply(file)
    expect(changes).toBeGreaterThan(10)
    const { prisma } = database
    const account = await prisma.account.findUniqueOrThrow({
      where: { name: 'tongyi-main' },
      include: { offerings: { orderBy: { name: 'asc' }, include: { prices: true } }, grants: true },
    })
    expect(account).toMatchObject({
      provider: 'tongyi',
      protocol: 'tongyi-compatible',
      origin: 'yaml',
      enabled: true,
    })
    expect(secrets.open(account.id, account.credentials)).toEqual({ apiKey: 'sk-dashscope-secret' })
    expect(account.offerings).toMatchObject([
      { name: 'qwen-contract', upstreamModel: 'qwen-max', prices: [{ origin: 'yaml', currency: 'CNY' }] },
      { name: 'qwen-plus', contextTokens: 1_000_000, prices: [] },
    ])
    expect(account.grants).toMatchObject([
      {
        name: 'qwen-plus',
        expiresAt: new Date('2027-01-31T16:00:00Z'),
        validFrom: new Date(now),
        source: 'yaml',
      },
    ])
    expect(await entriesOf('qwen-plus')).toEqual([['credit', 1_000_000n, 'yaml']])
    expect(await offeringsOf('smart')).toEqual(['tongyi-main/qwen-plus', 'lab/qwen3-32b'])
    const key = await prisma.key.findFirstOrThrow({ include: { member: true, quotas: true } })
    expect(key).toMatchObject({
      name: 'notebook',
      member: { name: 'Ann' },
      quotas: [{ scope: 'key', limit: 5n }],
    })
    expect(Buffer.from(key.hash)).toEqual(Buffer.from(hashKeySecret(secret)))
    expect(await prisma.setting.findUnique({ where: { name: 'timeZone' } })).toMatchObject({
      value: 'Asia/Shanghai',
    })
    const actors = await prisma.auditEntry.findMany({ distinct: ['actor'] })
    expect(actors.map(({ actor }) => actor)).toEqual(['yaml'])

    const everything = JSON.stringify(await contents(), (_, value: unknown) =>
      typeof value === 'bigint' ? value.toString() : value,
    )
    expect(everything).toContain('tongyi-main')
    for (const clear of ['sk-dashscope-secret', secret, Buffer.from('sk-dashscope-secret').toString('hex')])
      expect(everything).not.toContain(clear)
  })

  it('changes nothing when it is applied again, by however many starters at once', async () => {
    await apply(file)
    const before = await contents()
    expect(await apply(file)).toEqual({ applied: true, changes: 0 })
    const answers = await Promise.all([apply(file), apply(file), apply(file)])
    expect(answers.map(({ changes }) => changes)).toEqual([0, 0, 0])
    expect(await contents()).toEqual(before)
  })

  it('is written once by several first starters', async () => {
    const answers = await Promise.all([apply(file), apply(file), apply(file)])
    expect(answers.filter(({ changes }) => changes > 0)).toHaveLength(1)
    expect(await database.prisma.grantEntry.count()).toBe(1)
  })

  it('lets a team go on while the counters are away only when all its quotas are soft, the dashboard’s too', async () => {
    await apply(file)
    const soft = file
      .replace('limit: 200000 }', 'limit: 200000, hard: false, guarantee: bounded }')
      .replace('"100.00" }', '"100.00", hard: false }')
      .replace('limit: 1000 }', 'limit: 1000, hard: false }')
      .replace('limit: 5 }', 'limit: 5, hard: false }')
      .replace('- name: research', '- name: research\n    onCountersDown: allow')
    const team = await database.prisma.team.findFirstOrThrow()
    const id = uuidv7()
    const quota = { scope: 'team', metric: 'requests', window: 'hour', limit: 9n, hard: true, origin: 'api' }
    await database.prisma.quota.create({ data: { id, teamId: team.id, ...quota } })
    await expect(apply(soft)).rejects.toThrow(/onCountersDown.*requests a hour/s)
    expect(await database.prisma.team.findFirst()).toMatchObject({ onCountersDown: 'refuse' })
    await database.prisma.quota.update({ where: { id }, data: { hard: false } })
    await apply(soft)
    expect(await database.prisma.team.findFirst()).toMatchObject({ onCountersDown: 'allow' })
    expect(await database.prisma.quota.count({ where: { hard: true } })).toBe(0)
    expect(await database.prisma.quota.count({ where: { guarantee: 'bounded' } })).toBe(1)
    expect((await apply(soft)).changes).toBe(0)
    await apply(file)
    expect(await database.prisma.team.findFirst()).toMatchObject({ onCountersDown: 'refuse' })
    expect(await database.prisma.quota.count({ where: { guarantee: 'bounded' } })).toBe(0)
  })

  it('updates what changed in it, and nothing else', async () => {
    await apply(file)
    const before = await contents()
    await apply(
      file
        .replace('limit: 200000', 'limit: 300000')
        .replace('"100.00" }', '"100.00", hard: false }')
        .replace('qwen-plus, lab/qwen3-32b]', 'qwen-contract], policy: priority')
        .replace('inputPerMillion: "2"', 'inputPerMillion: "2.4"')
        .replace(':8000', ':9000'),
    )
    const after = await contents()
    const changed = (table: string) =>
      (after[table] ?? []).filter((row) => !(before[table] ?? []).some((old) => sameRow(old, row)))
    expect(changed('quota')).toMatchObject([{ limit: '300000' }, { limit: '100000000000', hard: false }])
    expect(changed('account')).toMatchObject([{ name: 'lab', base_url: 'http://10.0.0.5:9000/v1' }])
    expect(changed('route')).toMatchObject([{ model: 'smart', policy: 'priority' }])
    expect(await offeringsOf('smart')).toEqual(['tongyi-main/qwen-contract'])
    // The old price stays for what was booked by it.
    expect(changed('price_version')).toMatchObject([{ origin: 'yaml', model: 'qwen-max' }])
    for (const table of ['"grant"', 'grant_entry', 'team', 'member', 'key', 'offering', 'setting'])
      expect(changed(table), table).toEqual([])
    expect(after['quota']?.map((row) => row['id'])).toEqual(before['quota']?.map((row) => row['id']))
  })

  it('seals credentials again only when they are others, and then gives the account a new chance', async () => {
    await apply(file)
    const { prisma } = database
    const find = () => prisma.account.findUniqueOrThrow({ where: { name: 'tongyi-main' } })
    const before = await find()
    await prisma.account.update({ where: { id: before.id }, data: { state: 'invalid_credentials' } })
    await apply(file)
    expect(await find()).toMatchObject({ credentials: before.credentials, state: 'invalid_credentials' })
    await apply(file, { DASHSCOPE_API_KEY: 'sk-another' })
    const after = await find()
    expect(after.state).toBe('ok')
    expect(secrets.open(after.id, after.credentials)).toEqual({ apiKey: 'sk-another' })
  })

  it('restores credentials that were sealed with a master key that is lost', async () => {
    const old = secretsOf('another master key, of 32 characters too')
    await apply(file, {}, { secrets: old })
    await apply(file)
    const row = await database.prisma.account.findUniqueOrThrow({ where: { name: 'tongyi-main' } })
    expect(secrets.open(row.id, row.credentials)).toEqual({ apiKey: 'sk-dashscope-secret' })
  })

  it('books a changed amount of a grant as an adjustment, beside what people corrected', async () => {
    await apply(file)
    const grant = await database.prisma.grant.findFirstOrThrow()
    await database.prisma.grantEntry.create({
      data: { id: uuidv7(), grantId: grant.id, kind: 'adjustment', amount: -250_000n, actor: 'user:1' },
    })
    expect((await apply(file)).changes).toBe(0)
    await apply(file.replace('amount: 1000000', 'amount: 1500000'))
    await apply(file.replace('amount: 1000000', 'amount: 1500000'))
    expect(await entriesOf('qwen-plus')).toEqual([
      ['credit', 1_000_000n, 'yaml'],
      ['adjustment', -250_000n, 'user:1'],
      ['adjustment', 500_000n, 'yaml'],
    ])
  })

  it('does not let a grant change what it counts', async () => {
    await apply(file)
    const before = await contents()
    await expect(apply(file.replace('unit: tokens, amount', 'unit: requests, amount'))).rejects.toThrow(
      /tollgate\.yaml:10:32: accounts\[0\]\.grants\[0\]\.unit: grant "qwen-plus" counts tokens/,
    )
    expect(await contents()).toEqual(before)
  })
})

describe('what is gone from the file', () => {
  const empty = 'currency: CNY\n'

  it('is switched off, revoked or closed, and nothing that the ledger names is deleted', async () => {
    await apply(file)
    const before = await contents()
    await apply(empty)
    const { prisma } = database
    expect(await prisma.account.findMany({ where: { enabled: true } })).toEqual([])
    expect(await prisma.team.findMany({ where: { enabled: true } })).toEqual([])
    expect(await prisma.route.findMany({ where: { enabled: true } })).toEqual([])
    expect(await prisma.key.findFirst()).toMatchObject({ revokedAt: new Date(now) })
    // An ended grant that still "stops at zero" would keep its models from ever being paid for.
    expect(await prisma.grant.findFirst()).toMatchObject({
      expiresAt: new Date(now),
      whenEmpty: 'provider-bills',
    })
    expect(await prisma.quota.count()).toBe(0)
    for (const table of ['account', 'offering', '"grant"', 'grant_entry', 'team', 'member', 'key', 'route'])
      expect((await contents())[table]?.length, table).toBe(before[table]?.length)
    const once = await contents()
    expect((await apply(empty)).changes).toBe(0)
    expect(await contents()).toEqual(once)
  })

  it('is as before when it comes back', async () => {
    await apply(file)
    const ids = (await contents())['key']?.map((row) => row['id'])
    await apply(empty)
    await apply(file)
    const { prisma } = database
    expect(await prisma.account.count({ where: { enabled: true } })).toBe(2)
    expect(await prisma.key.findFirst()).toMatchObject({ id: ids?.[0], revokedAt: null })
    expect(await prisma.grant.findFirst()).toMatchObject({
      expiresAt: new Date('2027-01-31T16:00:00Z'),
      whenEmpty: 'provider-stops',
      validFrom: new Date(now),
    })
    expect(await entriesOf('qwen-plus')).toEqual([['credit', 1_000_000n, 'yaml']])
    expect(await prisma.quota.count()).toBe(4)
  })

  it('leaves alone what the dashboard made', async () => {
    await apply(file)
    const { prisma } = database
    const team = await prisma.team.create({ data: { id: uuidv7(), name: 'guests', models: ['*'] } })
    await prisma.quota.create({
      data: { id: uuidv7(), scope: 'team', teamId: team.id, metric: 'tokens', window: 'day', limit: 5n },
    })
    await prisma.key.create({
      data: {
        id: uuidv7(),
        teamId: team.id,
        name: 'k',
        hash: hashKeySecret('sk-guest-0123456789'),
        preview: 'sk',
      },
    })
    await apply(empty)
    expect(await prisma.team.findMany({ where: { enabled: true } })).toMatchObject([{ name: 'guests' }])
    expect(await prisma.quota.count()).toBe(1)
    expect(await prisma.key.findFirst({ where: { name: 'k' } })).toMatchObject({ revokedAt: null })
  })

  it('includes a model, whose price override gives way to the price book', async () => {
    const withOverride = file.replace(
      '- qwen-plus\n',
      '- { name: qwen-plus, inputPerMillion: "9", outputPerMillion: "9" }\n',
    )
    await apply(withOverride)
    await apply(file)
    const offering = await database.prisma.offering.findFirstOrThrow({
      where: { name: 'qwen-plus' },
      include: { prices: { orderBy: { id: 'asc' } } },
    })
    const ofBook = await database.prisma.priceVersion.findFirstOrThrow({
      where: { offeringId: null, provider: 'tongyi', model: 'qwen-plus' },
    })
    expect(offering.prices).toHaveLength(2)
    expect(offering.prices[1]?.price).toEqual(ofBook.price)
    expect((await apply(file)).changes).toBe(0)
  })

  it('is not everything just because there is no file', async () => {
    await apply(file)
    const path = join(folder, 'missing.yaml')
    const services = {
      db: database.prisma,
      secrets,
      env: {},
      adapters: builtInAdapters,
      catalogue: catalogueOf(book),
      clock: { now: () => now },
      log,
    }
    expect(await applyConfigurationFile(services, { path, required: false })).toEqual({
      applied: false,
      changes: 0,
    })
    expect(await database.prisma.account.count({ where: { enabled: true } })).toBe(2)
    await expect(applyConfigurationFile(services, { path, required: true })).rejects.toThrow(
      /TOLLGATE_CONFIG names .*missing\.yaml, which does not exist/,
    )
  })
})

describe('what the dashboard made, when the file names it too', () => {
  it('follows the file from then on, which is said in the log', async () => {
    const { prisma } = database
    const accountId = uuidv7()
    const teamId = uuidv7()
    await prisma.account.create({
      data: {
        id: accountId,
        name: 'tongyi-main',
        provider: 'tongyi',
        protocol: 'tongyi-compatible',
        baseUrl: 'http://elsewhere/v1',
        credentials: secrets.seal(accountId, { apiKey: 'sk-of-the-dashboard' }),
        grants: {
          create: {
            id: uuidv7(),
            name: 'qwen-plus',
            models: ['qwen-plus'],
            unit: 'tokens',
            validFrom: new Date(now - 1_000),
            whenEmpty: 'provider-bills',
            entries: {
              create: [
                { id: uuidv7(), kind: 'credit', amount: 400_000n, actor: 'user:1' },
                { id: uuidv7(), kind: 'adjustment', amount: -100_000n, actor: 'user:1' },
              ],
            },
          },
        },
      },
    })
    await prisma.team.create({
      data: {
        id: teamId,
        name: 'research',
        models: ['x'],
        quotas: { create: { id: uuidv7(), scope: 'team', metric: 'tokens', window: 'day', limit: 7n } },
        keys: {
          create: { id: uuidv7(), name: 'notebook', hash: hashKeySecret('sk-old-0123456789'), preview: 'sk' },
        },
      },
    })
    await apply(file)
    expect(await prisma.account.findUnique({ where: { name: 'tongyi-main' } })).toMatchObject({
      id: accountId,
      origin: 'yaml',
      baseUrl: 'https://dashscope.aliyuncs.com/compatible-mode/v1',
    })
    expect(await prisma.team.findUnique({ where: { name: 'research' } })).toMatchObject({
      id: teamId,
      origin: 'yaml',
    })
    expect(await prisma.quota.findMany({ where: { scope: 'team', metric: 'tokens' } })).toMatchObject([
      { limit: 200_000n, origin: 'yaml' },
    ])
    expect(await prisma.key.findFirst()).toMatchObject({ name: 'notebook', origin: 'yaml' })
    // The file's amount is instead of what was credited; what the console said stands.
    expect(await entriesOf('qwen-plus')).toEqual([
      ['credit', 400_000n, 'user:1'],
      ['adjustment', -100_000n, 'user:1'],
      ['adjustment', -400_000n, 'system'],
      ['credit', 1_000_000n, 'yaml'],
    ])
    for (const what of [
      /account "tongyi-main" was made in the dashboard/,
      /team "research"/,
      /grant "qwen-plus"/,
      /key "notebook"/,
      /quota on tokens/,
    ])
      expect(logged).toContainEqual(expect.stringMatching(what))
    logged.length = 0
    expect((await apply(file)).changes).toBe(0)
    expect(logged.filter((line) => line.includes('dashboard'))).toEqual([])
  })
})

describe('keys of the file', () => {
  const keys = (lines: string) => `teams:\n  - name: r\n    keys:\n${lines}`
  const first = 'sk-first-0123456789'
  const second = 'sk-second-0123456789'

  it('take new secrets, change places and are renamed without a moment of two keys for one secret', async () => {
    await apply(keys(`      - { name: a, secret: ${first} }\n      - { name: b, secret: ${second} }\n`))
    await apply(keys(`      - { name: a, secret: ${second} }\n      - { name: b, secret: ${first} }\n`))
    expect(await opened()).toEqual({ [first]: 'b', [second]: 'a' })
    await apply(keys(`      - { name: c, secret: ${first} }\n      - { name: a, secret: ${second} }\n`))
    expect(await opened()).toEqual({ [first]: 'c', [second]: 'a' })
    const rows = await database.prisma.key.findMany({ orderBy: { name: 'asc' } })
    expect(rows.map(({ name, revokedAt }) => [name, revokedAt !== null])).toEqual([
      ['a', false],
      ['b', true],
      ['c', false],
    ])
    const again = await apply(
      keys(`      - { name: c, secret: ${first} }\n      - { name: a, secret: ${second} }\n`),
    )
    expect(again.changes).toBe(0)
  })

  it('that were revoked in the dashboard stay closed until they have a new secret', async () => {
    await apply(keys(`      - { name: a, secret: ${first} }\n`))
    await database.prisma.key.updateMany({ data: { revokedAt: new Date(now), origin: 'api' } })
    expect((await apply(keys(`      - { name: a, secret: ${first} }\n`))).changes).toBe(0)
    expect(logged).toContainEqual(
      expect.stringMatching(/key "a" of team "r" was revoked in the dashboard and stays so/),
    )
    expect(await opened()).toEqual({})
    await apply(keys(`      - { name: a, secret: ${second} }\n`))
    expect(await opened()).toEqual({ [second]: 'a' })
  })

  it('may not have the secret of a key that the dashboard made', async () => {
    const { prisma } = database
    await prisma.team.create({
      data: {
        id: uuidv7(),
        name: 'guests',
        models: ['*'],
        keys: { create: { id: uuidv7(), name: 'g', hash: hashKeySecret(first), preview: 'sk' } },
      },
    })
    await expect(apply(keys(`      - { name: a, secret: ${first} }\n`))).rejects.toThrow(
      /tollgate\.yaml:4:20: teams\[0\]\.keys\[0\]\.secret: opens the key "g" of team "guests" already/,
    )
    expect(await prisma.team.count()).toBe(1)
  })

  async function opened(): Promise<Record<string, string>> {
    const rows = await database.prisma.key.findMany({ where: { revokedAt: null } })
    const names = [first, second].flatMap((text) => {
      const row = rows.find(({ hash }) => Buffer.from(hash).equals(hashKeySecret(text)))
      return row === undefined ? [] : [[text, row.name] as const]
    })
    return Object.fromEntries(names)
  }
})

describe('a file with mistakes', () => {
  it('stops the start with all of them, and leaves the database as it was', async () => {
    await apply(file)
    const before = await contents()
    const wrong = apply(file.replace('limit: 200000', 'limt: 200000').replace('free', 'fre'), {
      RESEARCH_KEY: '',
    })
    await expect(wrong).rejects.toBeInstanceOf(ConfigurationError)
    await expect(wrong).rejects.toThrow(/tollgate\.yaml:20:\d+: teams\[0\]\.quotas\[0\]\.limt: unknown field/)
    await expect(wrong).rejects.toThrow(/RESEARCH_KEY is not set/)
    expect(await contents()).toEqual(before)
  })

  it('may not change the currency of books that have records', async () => {
    await apply(file)
    await apply(file.replace('currency: CNY', 'currency: USD'))
    await apply(file)
    await database.pool.query(
      `insert into usage_record (request_id, started_at, ended_at, team_id, team_name, key_id, key_name, endpoint, stream,
         model, attempts, status, total_tokens, usage_source, reserved_tokens, reserved_cost, currency, billed_cost)
       values (gen_random_uuid(), now(), now(), gen_random_uuid(), 't', gen_random_uuid(), 'k', 'chat.completions', false,
         'm', '[]', 'ok', 1, 'provider', 1, 0, 'CNY', 0)`,
    )
    await expect(apply(file.replace('currency: CNY', 'currency: USD'))).rejects.toThrow(
      /tollgate\.yaml:1:1: currency: the books are kept in "CNY"/,
    )
  })
})

const log: Logger = {
  info: (_fields, message) => void logged.push(message),
  warn: (_fields, message) => void logged.push(message),
  error: (_fields, message) => void logged.push(message),
}

async function apply(
  text: string,
  env: Record<string, string> = {},
  options: { readonly secrets?: typeof secrets } = {},
) {
  const path = join(folder, 'tollgate.yaml')
  await writeFile(path, text)
  return applyConfigurationFile(
    {
      db: database.prisma,
      secrets: options.secrets ?? secrets,
      env: { DASHSCOPE_API_KEY: 'sk-dashscope-secret', RESEARCH_KEY: secret, ...env },
      adapters: builtInAdapters,
      catalogue: catalogueOf(book),
      clock: { now: () => now },
      log,
    },
    { path, required: true },
  )
}

type Row = Readonly<Record<string, unknown>>

/** Every row of every table that a configuration touches. */
async function contents(): Promise<Readonly<Record<string, readonly Row[]>>> {
  const read = await Promise.all(
    tables.map(async (table) => {
      const { rows } = await database.pool.query<Row>(`select * from ${table} t order by t::text`)
      return [table, sortById(rows)] as const
    }),
  )
  return Object.fromEntries(read)
}

function sortById(rows: readonly Row[]): readonly Row[] {
  return rows.toSorted((left, right) => String(left['id']).localeCompare(String(right['id'])))
}

function sameRow(left: Row, right: Row): boolean {
  return JSON.stringify(left) === JSON.stringify(right)
}

async function entriesOf(grant: string) {
  const rows = await database.prisma.grantEntry.findMany({
    where: { grant: { name: grant } },
    orderBy: { id: 'asc' },
  })
  return rows.map(({ kind, amount, actor }) => [kind, amount, actor])
}

async function offeringsOf(model: string): Promise<string[]> {
  const route = await database.prisma.route.findUniqueOrThrow({
    where: { model },
    include: {
      offerings: { orderBy: { position: 'asc' }, include: { offering: { include: { account: true } } } },
    },
  })
  return route.offerings.map(({ offering }) => `${offering.account.name}/${offering.name}`)
}

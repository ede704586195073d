import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { adapters } from '@tollgate/adapters'
import type { Protocol } from '@tollgate/adapters/contract'
import { startSimulator, type Simulator } from '@tollgate/simulator'
import Fastify from 'fastify'
import OpenAI from 'openai'
import { v7 as uuidv7 } from 'uuid'
import { openBooks, type Books } from '../../src/books.ts'
import type { GatewayLimits } from '../../src/domain/completion/services.ts'
import { gateway } from '../../src/http/gateway/plugin.ts'
import type { Clock } from '../../src/ports/clock.ts'
import { systemClock } from '../../src/ports/clock.ts'
import { noSteps } from '../../src/ports/steps.ts'
import type { Secrets } from '../../src/ports/secrets.ts'
import { testDatabase, type TestDatabase } from './postgres.ts'

export interface TestGateway {
  readonly url: string
  readonly simulator: Simulator
  readonly database: TestDatabase
  readonly books: Books
  readonly dataDirectory: string
  /** An account at the simulator. Resolves with its offerings by name. */
  addAccount(setup: AccountSetup): Promise<{ readonly accountId: string }>
  /** Many at once, with one new snapshot for all of them. */
  addAccounts(setups: readonly AccountSetup[]): Promise<void>
  addGrant(setup: GrantSetup): Promise<string>
  /** A public name over offerings named `account/name`, in this order. */
  addRoute(model: string, policy: string, offerings: readonly string[]): Promise<void>
  /** A team with one key; the secret is what a client sends. */
  addTeam(
    setup?: TeamSetup,
  ): Promise<{ readonly teamId: string; readonly keyId: string; readonly secret: string }>
  client(secret: string): OpenAI
  close(): Promise<void>
}

export interface AccountSetup {
  readonly protocol: Protocol
  readonly name?: string
  readonly baseUrl?: string
  readonly credentials?: Readonly<Record<string, string>>
  readonly options?: Readonly<Record<string, string>>
  readonly models: readonly ModelSetup[]
}

export interface ModelSetup {
  readonly name: string
  readonly upstream?: string
  readonly kind?: 'chat' | 'embedding'
  readonly maxOutputTokens?: number | undefined
  /** Nanos per million tokens; `undefined`: no price. Default: 1 CNY in, 2 CNY out. */
  readonly price?: { readonly input: bigint; readonly output: bigint } | undefined
}

export interface GrantSetup {
  readonly accountId: string
  readonly models: readonly string[]
  readonly amount: bigint
  readonly unit?: string
  readonly window?: 'once' | 'day' | 'month'
  readonly covers?: readonly ('chat' | 'embeddings')[]
  readonly whenEmpty?: 'provider-stops' | 'provider-bills'
  readonly validFrom?: Date
  readonly expiresAt?: Date
}

export interface TeamSetup {
  readonly name?: string
  readonly onCountersDown?: 'refuse' | 'allow'
  readonly models?: readonly string[]
  readonly quotas?: readonly {
    readonly metric: string
    readonly window: string
    readonly limit: bigint
    readonly hard?: boolean
    readonly model?: string
  }[]
}

const defaultLimits: GatewayLimits = {
  admissionWaitMs: 5_000,
  usefulOutputTokens: 256,
  usefulGrantOutputTokens: 2_048,
  unknownOutputTokens: 8_192,
  requestMsMax: 1_800_000,
  settlementMs: 60_000,
  firstByteMs: 10_000,
  idleMs: 10_000,
  answerBytesMax: 33_554_432,
}

/** The gateway on real sockets, a real database and the simulator, without the dashboard. */
export async function startTestGateway(
  options: {
    readonly limits?: Partial<GatewayLimits>
    readonly clock?: Clock
    readonly journalBytesMax?: number
    /** Counters in this Redis. Default: in memory. */
    readonly redisUrl?: string
    /** Another process of the same books: its database and simulator are shared, and stay with it. */
    readonly beside?: TestGateway
  } = {},
): Promise<TestGateway> {
  const { beside } = options
  const [database, simulator] =
    beside === undefined
      ? await Promise.all([testDatabase(), startSimulator()])
      : [beside.database, beside.simulator]
  const dataDirectory = await mkdtemp(join(tmpdir(), 'tollgate-gateway-'))
  const books = await openBooks({
    pool: database.pool,
    db: database.prisma,
    databaseUrl: database.url,
    dataDirectory,
    secrets: plainSecrets,
    clock: options.clock ?? systemClock,
    log: silentLog,
    limits: { ...defaultLimits, ...options.limits },
    journalBytesMax: options.journalBytesMax ?? 64 * 1_048_576,
    durability: 'journal',
    privateUpstreams: true,
    steps: noSteps,
    redisUrl: options.redisUrl,
    self: { id: uuidv7(), role: 'all', host: 'test', version: 'test' },
  })
  const app = Fastify()
  await app.register(gateway, {
    prefix: '/v1',
    services: books.services,
    ledger: books.ledger,
    bodyBytesMax: 20 * 1_048_576,
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const { prisma } = database
  const refreshed = async <Result>(result: Promise<Result>): Promise<Result> => {
    const value = await result
    await books.keeper.refresh()
    return value
  }
  return {
    url,
    simulator,
    database,
    books,
    dataDirectory,
    addAccount: (setup) => refreshed(addAccount(database, simulator, setup)),
    addAccounts: (setups) =>
      refreshed(
        (async () => {
          for (const setup of setups) await addAccount(database, simulator, setup)
        })(),
      ),
    addGrant: (setup) => refreshed(addGrant(database, setup)),
    addRoute: (...route) => refreshed(addRoute(prisma, ...route)),
    addTeam: (setup = {}) => refreshed(addTeam(prisma, setup)),
    client: (secret) => new OpenAI({ apiKey: secret, baseURL: `${url}/v1`, maxRetries: 0 }),
    async close() {
      app.server.closeAllConnections()
      await app.close()
      await books.stop(1_000)
      if (beside === undefined) {
        await simulator.close()
        await database.close()
      }
      await rm(dataDirectory, { recursive: true, force: true })
    },
  }
}

async function addAccount(
  { prisma }: TestDatabase,
  simulator: Simulator,
  setup: AccountSetup,
): Promise<{ accountId: string }> {
  const endpoint = simulator.endpoints[setup.protocol]
  if (endpoint === undefined) throw new Error(`the simulator does not speak ${setup.protocol}`)
  const accountId = uuidv7()
  await prisma.account.create({
    data: {
      id: accountId,
      name: setup.name ?? `${setup.protocol}-main`,
      provider: adapters[setup.protocol].provider,
      protocol: setup.protocol,
      baseUrl: setup.baseUrl ?? endpoint.baseUrl,
      credentials: Buffer.from(JSON.stringify(setup.credentials ?? endpoint.credentials)),
      options: { ...setup.options },
    },
  })
  for (const model of setup.models) {
    const offeringId = uuidv7()
    await prisma.offering.create({
      data: {
        id: offeringId,
        accountId,
        name: model.name,
        upstreamModel: model.upstream ?? model.name,
        kind: model.kind ?? 'chat',
        maxOutputTokens: 'maxOutputTokens' in model ? (model.maxOutputTokens ?? null) : 2_048,
        capabilities: [],
      },
    })
    const price = 'price' in model ? model.price : { input: 1_000_000_000n, output: 2_000_000_000n }
    if (price === undefined) continue
    await prisma.priceVersion.create({
      data: {
        id: uuidv7(),
        provider: adapters[setup.protocol].provider,
        model: model.upstream ?? model.name,
        offeringId,
        price: {
          tiers: [{ inputNanosPerMillion: String(price.input), outputNanosPerMillion: String(price.output) }],
        },
        effectiveFrom: new Date(0),
        origin: 'api',
      },
    })
  }
  return { accountId }
}

async function addGrant({ prisma }: TestDatabase, setup: GrantSetup): Promise<string> {
  const id = uuidv7()
  await prisma.grant.create({
    data: {
      id,
      accountId: setup.accountId,
      name: `grant ${id}`,
      models: [...setup.models],
      unit: setup.unit ?? 'tokens',
      window: setup.window ?? 'once',
      covers: [...(setup.covers ?? [])],
      validFrom: setup.validFrom ?? new Date(0),
      expiresAt: setup.expiresAt ?? null,
      whenEmpty: setup.whenEmpty ?? 'provider-stops',
      entries: { create: { id: uuidv7(), kind: 'credit', amount: setup.amount, actor: 'system' } },
    },
  })
  return id
}

async function addRoute(
  prisma: TestDatabase['prisma'],
  model: string,
  policy: string,
  offerings: readonly string[],
): Promise<void> {
  const routeId = uuidv7()
  await prisma.route.create({ data: { id: routeId, model, policy } })
  for (const [position, pinned] of offerings.entries()) {
    const [account = '', name = ''] = pinned.split('/')
    const offering = await prisma.offering.findFirstOrThrow({ where: { name, account: { name: account } } })
    await prisma.routeOffering.create({ data: { routeId, offeringId: offering.id, position } })
  }
}

async function addTeam(prisma: TestDatabase['prisma'], setup: TeamSetup) {
  const teamId = uuidv7()
  const keyId = uuidv7()
  const secret = `sk-tg-${randomBytes(32).toString('base64url')}`
  await prisma.team.create({
    data: {
      id: teamId,
      name: setup.name ?? `team ${teamId}`,
      models: [...(setup.models ?? ['*'])],
      onCountersDown: setup.onCountersDown ?? 'refuse',
      keys: {
        create: {
          id: keyId,
          name: 'test',
          hash: createHash('sha256').update(secret).digest(),
          preview: secret.slice(0, 10),
          models: [],
          allowedIps: [],
        },
      },
      quotas: {
        create: (setup.quotas ?? []).map((quota) => ({
          id: uuidv7(),
          scope: 'team',
          metric: quota.metric,
          window: quota.window,
          limit: quota.limit,
          hard: quota.hard ?? true,
          model: quota.model ?? null,
        })),
      },
    },
  })
  return { teamId, keyId, secret }
}

/** Encryption has a suite of its own; here the row holds the text. */
const plainSecrets: Secrets = {
  seal: (_accountId, credentials) => new TextEncoder().encode(JSON.stringify(credentials)),
  open: (_accountId, sealed) => JSON.parse(Buffer.from(sealed).toString('utf8')),
}

const silentLog = { info() {}, warn() {}, error() {} }

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { grantCounter } from '../../src/domain/counters/windows.ts'
import { readPriceBook } from '../../src/infra/price-book/read-price-book.ts'
import { countFigure } from '../support/figures.ts'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { startRedisServer } from '../support/redis.ts'
import { until } from '../support/until.ts'
import { edgeStorm } from './support/edge-storm.ts'
import { grantRows, shapeOf, triedShapes, type TriedShape } from './support/grant-shapes.ts'
import { ask, type Seen } from './support/ask.ts'

const book = await readPriceBook()
const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000)
const stormRequests = 60
/** Of a grant in tokens; a request has about 100, and holds about 300. */
const tokensGiven = 2_500
const callsGiven = 12
/** A call of the flagship class. */
const magicubesACall = 2
/** The same for input and output, so that a grant of money is one of tokens. */
const nanosPerToken = 1_000n

const limits = { usefulOutputTokens: 16, firstByteMs: 5_000, idleMs: 5_000 }

let app: TestGateway
let secret: string
/** Those who serve: the first one alone, or two with their counters in one Redis. */
let gateways: readonly TestGateway[]

const modes = [
  {
    name: 'embedded',
    start: async () => [await startTestGateway({ limits })],
  },
  {
    name: 'two that share their counters',
    async start() {
      const redis = await startRedisServer()
      const first = await startTestGateway({ limits, redisUrl: redis.url })
      const second = await startTestGateway({ limits, redisUrl: redis.url, beside: first })
      const close = async () => {
        await first.close()
        await redis.close()
      }
      return [{ ...first, close }, second]
    },
  },
]

/** The whole of a mode is in one `describe`: `app` is the one that is asked and looked at. */
function useGateways(start: (typeof modes)[number]['start']): void {
  beforeAll(async () => {
    gateways = await start()
    const [first] = gateways
    if (first === undefined) throw new Error('nobody serves')
    app = first
    secret = (await app.addTeam()).secret
    await refreshAll()
  })
  afterAll(async () => {
    for (const gateway of gateways.toReversed()) await gateway.close()
  })
}

/** What was just set up is known to all of them. */
async function refreshAll(): Promise<void> {
  for (const gateway of gateways) await gateway.books.keeper.refresh()
}

interface Account {
  readonly name: string
  readonly accountId: string
  readonly grantId: string
  /** As the simulator names it. */
  readonly key: string
}

function givenOf({ grant, kind }: Pick<TriedShape, 'grant' | 'kind'>): bigint {
  if (grant.unit === 'requests') return BigInt(callsGiven)
  const tokens = BigInt(kind === 'embedding' ? tokensGiven / 4 : tokensGiven)
  return grant.unit === 'money' ? tokens * nanosPerToken : tokens
}

function give(tried: TriedShape, key: string, amount: bigint, whenEmpty = tried.grant.whenEmpty): void {
  const scope = { provider: tried.grant.provider, account: key }
  if (tried.grant.unit === 'requests')
    app.simulator.setGrant({ ...scope, magicubes: Number(amount) * magicubesACall })
  else {
    const tokens = Number(tried.grant.unit === 'money' ? amount / nanosPerToken : amount)
    app.simulator.setGrant({ ...scope, model: tried.model, tokens, whenEmpty })
  }
}

/** An account with the grant of that shape, as large here as at the provider. */
async function addAccount(
  tried: TriedShape,
  name: string,
  number: number,
  how: { readonly here?: bigint; readonly whenEmpty?: 'provider-stops' | 'provider-bills' } = {},
): Promise<Account> {
  const endpoint = app.simulator.endpoints[tried.protocol]
  const credentials = Object.fromEntries(
    Object.entries(endpoint?.credentials ?? {}).map(([field, value]) => [
      field,
      value.replace(/1(?=[^1]*$)/, String(number)),
    ]),
  )
  const price = { input: nanosPerToken * 1_000_000n, output: nanosPerToken * 1_000_000n }
  const { accountId } = await app.addAccount({
    protocol: tried.protocol,
    name,
    credentials,
    models: [{ name: 'm', upstream: tried.model, kind: tried.kind, maxOutputTokens: 4_096, price }],
  })
  const grantId = await app.addGrant({
    accountId,
    models: tried.grant.models,
    unit: tried.grant.unit,
    window: tried.grant.window,
    amount: how.here ?? givenOf(tried),
    whenEmpty: how.whenEmpty ?? tried.grant.whenEmpty,
  })
  return { name, accountId, grantId, key: Object.values(credentials)[0] ?? '' }
}

/** What the provider took of its grant, in the unit. */
function takenBy(tried: TriedShape, key: string): bigint {
  const lines = app.simulator
    .bill()
    .lines.filter((line) => line.account === key && line.model === tried.model)
  const sum = (of: 'requests' | 'freeTokens') => BigInt(lines.reduce((total, line) => total + line[of], 0))
  if (tried.grant.unit === 'requests') return sum('requests')
  return tried.grant.unit === 'money' ? sum('freeTokens') * nanosPerToken : sum('freeTokens')
}

async function counterOf(grantId: string) {
  const { counters, clock } = app.books.services
  const snapshot = app.books.keeper.current()
  const grant = snapshot.grants.get(grantId)
  if (grant === undefined) throw new Error('the grant is not in the snapshot')
  const [reading] = await counters.read([grantCounter(grant, clock.now(), snapshot.timeZone)], clock.now())
  if (reading === undefined) throw new Error('no reading')
  return { ...reading, grant }
}

async function bookedOn(grantId: string) {
  for (const gateway of gateways) await gateway.books.live.drain()
  const { _sum, _count } = await app.database.prisma.usageRecord.aggregate({
    where: { grantId },
    _sum: { grantAmount: true, billedCost: true },
    _count: true,
  })
  return { amount: _sum.grantAmount ?? 0n, billed: _sum.billedCost ?? 0n, requests: _count }
}

function askFor(tried: TriedShape, model: string, tokens: number): Promise<Seen> {
  const text = `[[sim tokens=${tokens}]] how much is left?`
  return tried.kind === 'embedding'
    ? ask(`${app.url}/v1/embeddings`, secret, { model, input: text })
    : ask(`${app.url}/v1/chat/completions`, secret, {
        model,
        messages: [{ role: 'user', content: text }],
        max_tokens: tokens,
      })
}

describe('never-spills: the shapes of grants', () => {
  it('are all tried, and nothing else', () => {
    expect(Object.keys(grantRows).toSorted()).toEqual([...new Set(book.grants.map(shapeOf))].toSorted())
  })
})

describe.each(modes)(`never-spills: a storm at the edge of a grant, $name (seed ${seed})`, ({ start }) => {
  useGateways(start)

  it.each(triedShapes(book).map((tried, index) => ({ ...tried, index })))(
    '$shape, $protocol, $model: nothing is paid, and no more is left here than there',
    async (tried) => {
      app.simulator.reset()
      const name = `storm${tried.index}`
      const accounts = [
        await addAccount(tried, `${name}a`, 1),
        await addAccount(tried, `${name}b`, 2),
      ] as const
      for (const { key } of accounts) give(tried, key, givenOf(tried))
      await app.addRoute(
        name,
        'free-only',
        accounts.map((account) => `${account.name}/m`),
      )
      await refreshAll()
      const outcomes = await edgeStorm({
        targets: gateways.map(({ url }) => ({ url, secret })),
        model: name,
        kind: tried.kind,
        requests: stormRequests,
        seed: seed + tried.index,
        name,
        addFault: (fault) => void app.simulator.addFault(fault),
        cuts: tried.grant.whenEmpty === 'provider-bills',
        thinks: tried.thinks === true,
      })
      countFigure('requests', stormRequests)
      await until(() => gateways.every(({ books }) => books.services.inFlight.live(0).inFlight === 0))
      app.simulator.clearFaults()
      // Whatever the storm has left is used to the last answer that fits.
      let last: Seen | undefined
      await until(async () => {
        last = await askFor(tried, name, 40)
        return last.code === 'insufficient_quota'
      }, 20_000)
      expect(last).toMatchObject({ status: 429, code: 'insufficient_quota' })
      expect(outcomes.some((outcome) => outcome.status === 200)).toBe(true)

      for (const account of accounts) {
        const { settled, held, grant } = await counterOf(account.grantId)
        const taken = takenBy(tried, account.key)
        const booked = await bookedOn(account.grantId)
        expect({ held, tooMuch: settled > grant.amount, tooLittle: settled < taken }).toEqual({
          held: 0n,
          tooMuch: false,
          tooLittle: false,
        })
        expect(booked).toMatchObject({ amount: settled, billed: 0n })
        const lines = app.simulator.bill().lines.filter((line) => line.account === account.key)
        if (tried.grant.unit !== 'requests')
          expect(lines.reduce((sum, line) => sum + line.paidTokens, 0)).toBe(0)
      }
      // Refused here, before the platform had to.
      const refusedThere = app.simulator.requests().filter(({ status }) => status === 402 || status === 403)
      expect(refusedThere).toEqual([])
    },
  )
})

describe.each(modes)('never-spills: a grant that is smaller than we believe, $name', ({ start }) => {
  useGateways(start)

  it.each(triedShapes(book).map((tried, index) => ({ ...tried, index })))(
    '$shape, $protocol, $model: the platform’s own word empties it, and the next request is not sent',
    async (tried) => {
      app.simulator.reset()
      const name = `small${tried.index}`
      // The switch "stop when the free quota is used up" is on, so that the platform has something to say.
      const account = await addAccount(tried, name, 1, {
        here: givenOf(tried) * 100n,
        whenEmpty: 'provider-stops',
      })
      give(tried, account.key, givenOf(tried) / 6n, 'provider-stops')
      await app.addRoute(name, 'free-only', [`${name}/m`])
      let outcome: Seen = await askFor(tried, name, 60)
      expect(outcome.status, outcome.text).toBe(200)
      for (let tries = 0; outcome.status === 200 && tries < 50; tries += 1)
        outcome = await askFor(tried, name, 60)
      expect(outcome.status, outcome.text).toBeGreaterThanOrEqual(400)

      const sent = app.simulator.requests().length
      expect(await askFor(tried, name, 60)).toMatchObject({ status: 429, code: 'insufficient_quota' })
      await until(async () => {
        const { settled, held, grant } = await counterOf(account.grantId)
        return (
          grant.amount + grant.lapsing.reduce((sum, entry) => sum + entry.amount, 0n) - settled - held <= 0n
        )
      })
      expect(await askFor(tried, name, 60)).toMatchObject({ status: 429, code: 'insufficient_quota' })
      expect(app.simulator.requests()).toHaveLength(sent)

      const entries = await app.database.prisma.grantEntry.findMany({
        where: { grantId: account.grantId },
        orderBy: { id: 'asc' },
      })
      const { settled } = await counterOf(account.grantId)
      expect(entries).toMatchObject([
        { kind: 'credit' },
        { kind: 'adjustment', actor: 'system', reason: expect.stringContaining(tried.grant.provider) },
      ])
      expect(entries.reduce((sum, entry) => sum + entry.amount, 0n)).toBe(settled)
      expect(entries[1]?.effectiveUntil === null).toBe(tried.grant.window === 'once')
    },
  )
})

describe('never-spills: as time passes', () => {
  let timed: TestGateway
  let key: string
  let nowMs = Date.now()
  const requestMsMax = 60_000
  beforeAll(async () => {
    timed = await startTestGateway({ clock: { now: () => nowMs }, limits: { requestMsMax } })
    key = (await timed.addTeam()).secret
  })
  afterAll(() => timed.close())

  const call = (model: string) =>
    ask(`${timed.url}/v1/chat/completions`, key, {
      model,
      messages: [{ role: 'user', content: '[[sim tokens=30 gap=1]] hi' }],
      max_tokens: 64,
    })

  it('a grant that expires in the middle of a storm is left in time', async () => {
    const endpoint = timed.simulator.endpoints['tongyi-compatible']
    const scope = { provider: 'tongyi', account: endpoint?.credentials['apiKey'] ?? '', model: 'qwen-turbo' }
    timed.simulator.setGrant({ ...scope, tokens: 1_000_000, whenEmpty: 'provider-bills' })
    const expiresAtMs = nowMs + 600_000
    const { accountId } = await timed.addAccount({
      protocol: 'tongyi-compatible',
      name: 'ending',
      models: [{ name: 'qwen-turbo' }],
    })
    await timed.addGrant({
      accountId,
      models: ['qwen-turbo'],
      amount: 1_000_000n,
      whenEmpty: 'provider-bills',
      expiresAt: new Date(expiresAtMs),
    })
    await timed.addRoute('ending-free', 'free-only', ['ending/qwen-turbo'])

    // The last moment at which the longest request still ends before the grant.
    nowMs = expiresAtMs - requestMsMax - 1
    const before = Array.from({ length: 30 }, () => call('ending-free'))
    expect(await Promise.race(before)).toMatchObject({ status: 200 })
    nowMs += 1
    const late = await Promise.all(Array.from({ length: 30 }, () => call('ending-free')))
    expect(new Set(late.map(({ code }) => code))).toEqual(new Set(['insufficient_quota']))
    expect(late[0]?.text).toContain('expires at')
    expect((await Promise.all(before)).every(({ status }) => status === 200 || status === 429)).toBe(true)

    nowMs = expiresAtMs
    timed.simulator.setGrant({ ...scope, tokens: 0, whenEmpty: 'provider-bills' })
    const after = await Promise.all(Array.from({ length: 30 }, () => call('ending-free')))
    expect(
      after.every(({ code, text }) => code === 'insufficient_quota' && text.includes('expired at')),
    ).toBe(true)
    expect(timed.simulator.bill().totals.freeTokens).toBeGreaterThan(0)
    expect(timed.simulator.bill().totals.paidTokens).toBe(0)
  })

  it('a renewing grant has its whole amount again at its turn, and not before, whoever emptied it', async () => {
    const account = timed.simulator.endpoints['modelscope']?.credentials['apiKey'] ?? ''
    const setMagicubes = (magicubes: number) =>
      timed.simulator.setGrant({ provider: 'modelscope', account, magicubes })
    setMagicubes(3 * magicubesACall)
    const { accountId } = await timed.addAccount({
      protocol: 'modelscope',
      name: 'cubes',
      models: [{ name: 'glm', upstream: 'ZhipuAI/GLM-5.2', price: undefined }],
    })
    const grantId = await timed.addGrant({
      accountId,
      models: ['*'],
      unit: 'requests',
      window: 'day',
      amount: 5n,
      whenEmpty: 'provider-stops',
    })
    await timed.addRoute('daily', 'free-only', ['cubes/glm'])
    for (const _ of [1, 2, 3]) expect(await call('daily')).toMatchObject({ status: 200 })
    // We believe in two more; the platform does not.
    expect(await call('daily')).toMatchObject({ status: 429 })
    const entry = () => timed.database.prisma.grantEntry.findFirst({ where: { grantId, kind: 'adjustment' } })
    await until(async () => (await entry()) !== null)
    const turnMs = (await entry())?.effectiveUntil?.getTime() ?? 0
    expect(new Date(turnMs).toISOString()).toContain('T16:00:00.000Z')
    await timed.books.keeper.refresh()
    const { version } = timed.books.keeper.current()

    setMagicubes(100 * magicubesACall)
    nowMs = turnMs - 1
    expect(await call('daily')).toMatchObject({ status: 429, code: 'insufficient_quota' })
    nowMs = turnMs
    for (const _ of [1, 2, 3, 4, 5]) expect(await call('daily')).toMatchObject({ status: 200 })
    expect(await call('daily')).toMatchObject({ status: 429, code: 'insufficient_quota' })
    // The clock alone did it: nothing was read again.
    expect(timed.books.keeper.current().version).toBe(version)
  })
})

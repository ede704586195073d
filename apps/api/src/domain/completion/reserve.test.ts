import { adapters } from '@tollgate/adapters'
import type { Protocol } from '@tollgate/adapters/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MemoryCounters } from '../../infra/counters/memory-counters.ts'
import { overshootCounter, quotaCounter } from '../counters/windows.ts'
import { GatewayError } from '../errors.ts'
import { Estimator } from '../estimate/estimator.ts'
import { RawInput } from '../estimate/raw-input.ts'
import { bucketCount, sizeCount } from '../estimate/ratio-histogram.ts'
import type { Price, PriceTier } from '../prices/price.ts'
import { worstCaseCost } from '../prices/worst-case-cost.ts'
import type { KeyEntry, OfferingEntry, QuotaEntry, Snapshot } from '../snapshot/snapshot.ts'
import { AdmissionGate } from './admission-gate.ts'
import type { RequestBounds } from './bound-request.ts'
import { reserve, type Reservation, type ReserveServices } from './reserve.ts'

const nowMs = Date.UTC(2026, 10, 23)
const timeZone = 'Asia/Shanghai'
const useful = 256

describe('a clamp', () => {
  it('gives each of several answers an equal share of what is left', async () => {
    const { reservation, readings } = await ask({
      quotas: [tokens(1_000n)],
      bounds: { inputTokens: 90, outputTokens: 2_000, choices: 3 },
    })
    expect(reservation).toMatchObject({ outputTokens: 303, clamped: true, tokens: 999 })
    expect(readings[0]).toEqual({ settled: 0n, held: 999n })
  })

  it('is the largest that every quota can bear, of tokens, of money, of any window', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.bigInt({ min: 300n, max: 9_000n }),
        fc.bigInt({ min: 300n, max: 9_000n }),
        fc.bigInt({ min: 1_000_000n, max: 90_000_000n }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 3_000 }),
        tiersOf,
        async (daily, minutely, money, choices, inputTokens, tiers) => {
          const bounds = { inputTokens, outputTokens: 2_000, choices }
          const quotas = [
            tokens(daily),
            tokens(minutely, { id: 'minute', window: 'minute' }),
            quotaOf({ id: 'cost', metric: 'cost', limit: money }),
          ]
          const price: Price = { tiers }
          const costOf = (output: number) =>
            worstCaseCost(price, { inputTokens, outputTokens: output * choices, atMs: nowMs }) ?? 0n
          const fits = (output: number) =>
            BigInt(inputTokens + output * choices) <= (daily < minutely ? daily : minutely) &&
            costOf(output) <= money
          const asked = ask({ quotas, bounds, offerings: [offeringOf({ price })] })
          if (!fits(useful)) {
            await expect(asked).rejects.toBeInstanceOf(GatewayError)
            return
          }
          const { reservation, readings } = await asked
          expect(fits(reservation.outputTokens)).toBe(true)
          if (reservation.clamped) expect(fits(reservation.outputTokens + 1)).toBe(false)
          readings.forEach(({ held }, index) => expect(held).toBeLessThanOrEqual(quotas[index]?.limit ?? 0n))
        },
      ),
      { numRuns: 200, seed: 11 },
    )
  })

  it('is not made for less than a useful answer, nor for embeddings, nor past a quota that counts requests', async () => {
    const bounds = { inputTokens: 100, outputTokens: 1_000 }
    expect((await ask({ quotas: [tokens(356n)], bounds })).reservation.outputTokens).toBe(256)
    await expect(ask({ quotas: [tokens(355n)], bounds })).rejects.toMatchObject({
      code: 'insufficient_quota',
    })
    // Who asks for less than that gets all of it or nothing.
    const short = { inputTokens: 100, outputTokens: 50 }
    expect((await ask({ quotas: [tokens(150n)], bounds: short })).reservation.clamped).toBe(false)
    await expect(ask({ quotas: [tokens(149n)], bounds: short })).rejects.toBeInstanceOf(GatewayError)
    const embedding = { inputTokens: 100, outputTokens: 0 }
    await expect(ask({ quotas: [tokens(99n)], bounds: embedding })).rejects.toBeInstanceOf(GatewayError)
    const requests = quotaOf({ id: 'requests', metric: 'requests', limit: 0n })
    await expect(ask({ quotas: [tokens(400n), requests], bounds })).rejects.toMatchObject({
      code: 'insufficient_quota',
    })
  })

  it('counts what an offering cannot give anyway as not asked for', async () => {
    const { reservation } = await ask({
      quotas: [tokens(500n)],
      bounds: { inputTokens: 100, outputTokens: 8_000 },
      offerings: [offeringOf({ maxOutputTokens: 300 })],
    })
    expect(reservation).toMatchObject({ outputTokens: 8_000, clamped: false, tokens: 400 })
  })

  it('leaves room for thinking that the platform does not count into the bound', async () => {
    const thinking = {
      offerings: [offeringOf({ protocol: 'tongyi-compatible', upstreamModel: 'qwen-plus' })],
      quotas: [tokens(1_100n)],
    }
    const body = { enable_thinking: true, messages: [] }
    const bounds = { inputTokens: 100, outputTokens: 2_000, body }
    expect((await ask({ ...thinking, bounds })).reservation).toMatchObject({
      outputTokens: 500,
      tokens: 1_100,
    })
    const budget = { ...body, thinking_budget: 100 }
    expect((await ask({ ...thinking, bounds: { ...bounds, body: budget } })).reservation).toMatchObject({
      outputTokens: 900,
      tokens: 1_100,
    })
  })

  it('does not help where nothing bounds the thinking, and the refusal says what would', async () => {
    const offerings = [
      offeringOf({ protocol: 'tongyi-compatible', upstreamModel: 'qwq-plus', contextTokens: 50_000 }),
    ]
    const bounds = { inputTokens: 100, outputTokens: 2_000 }
    await expect(ask({ offerings, bounds, quotas: [tokens(50_099n)] })).rejects.toThrow(/thinks as long as/)
    expect((await ask({ offerings, bounds, quotas: [tokens(50_100n)] })).reservation.tokens).toBe(50_100)
  })

  it('does not help where no bound can be sent: the longest answer of the model is held, whatever was asked for', async () => {
    const offerings = [
      offeringOf({ protocol: 'hunyuan-native', maxOutputTokens: 6_144, contextTokens: 256_000 }),
    ]
    const bounds = { inputTokens: 100, outputTokens: 500 }
    await expect(ask({ offerings, bounds, quotas: [tokens(6_243n)] })).rejects.toThrow(/takes no max_tokens/)
    const { reservation } = await ask({ offerings, bounds, quotas: [tokens(6_244n)] })
    expect(reservation).toMatchObject({ tokens: 6_244, outputTokens: 500, clamped: false })
  })
})

describe('a bounded quota', () => {
  const bounds = { inputTokens: 100, outputTokens: 2_000 }

  it('holds what answers usually come to, and beside it the worst case, which bounds how far it can be passed', async () => {
    const estimator = estimatorOf({ share: 1 / 64 })
    const quota = tokens(1_000n, { guarantee: 'bounded' })
    const { reservation, readings, worst } = await ask({ quotas: [quota], bounds, estimator })
    expect(reservation).toMatchObject({ outputTokens: 2_000, clamped: false, tokens: 2_100 })
    const held = readings[0]?.held ?? 0n
    expect(held).toBeGreaterThan(100n)
    expect(held).toBeLessThan(160n)
    expect(worst).toEqual([{ settled: 0n, held: 2_100n }])
  })

  it('is never held less than an exact one beside it needs, which never shrinks', async () => {
    const estimator = estimatorOf({ share: 1 / 64 })
    const quotas = [tokens(9_000n), tokens(9_000n, { id: 'bounded', guarantee: 'bounded' })]
    const { readings } = await ask({ quotas, bounds, estimator })
    expect(readings[0]?.held).toBe(2_100n)
    expect(readings[1]?.held).toBeLessThan(160n)
  })

  it('holds the worst case of a model of which little is known', async () => {
    const quota = tokens(9_000n, { guarantee: 'bounded' })
    const { readings, worst } = await ask({ quotas: [quota], bounds })
    expect(readings[0]?.held).toBe(2_100n)
    expect(worst[0]?.held).toBe(2_100n)
  })

  it('of money holds the price of what answers usually come to', async () => {
    const price: Price = { tiers: [{ inputNanosPerMillion: 0n, outputNanosPerMillion: 1_000_000n }] }
    const quota = quotaOf({ metric: 'cost', limit: 5_000n, guarantee: 'bounded' })
    const estimator = estimatorOf({ share: 1 / 64 })
    const { readings, worst } = await ask({
      quotas: [quota],
      bounds,
      estimator,
      offerings: [offeringOf({ price })],
    })
    expect(readings[0]?.held).toBeLessThan(60n)
    expect(worst[0]?.held).toBe(2_000n)
  })
})

describe('a soft quota', () => {
  it('neither refuses nor clamps, and is named when it is passed', async () => {
    const quotas = [tokens(99n, { hard: false }), tokens(9_000n, { id: 'roomy', hard: false })]
    const { reservation } = await ask({ quotas, bounds: { inputTokens: 100, outputTokens: 2_000 } })
    expect(reservation).toMatchObject({ clamped: false, softQuotasPassed: ['quota'] })
  })
})

it('clamps again where others took of the rest between the refusal and the second attempt', async () => {
  const quota = tokens(1_000n)
  const ref = quotaCounter(quota, nowMs, timeZone)
  class Contended extends MemoryCounters {
    #meddled = false

    override async reserve(input: Parameters<MemoryCounters['reserve']>[0]) {
      const outcome = await super.reserve(input)
      if (!outcome.granted && !this.#meddled) {
        this.#meddled = true
        const reservationId = 'another'
        const hold = { ...ref, amount: 300n, limit: 1_000n, hard: true }
        await super.reserve({ ...input, reservationId, holds: [hold] })
        const amounts = new Map([[ref.counterId, 300n]])
        await this.settle({ reservationId, amounts, extra: [], atMs: nowMs })
      }
      return outcome
    }
  }
  const { reservation } = await ask({
    quotas: [quota],
    bounds: { inputTokens: 100, outputTokens: 2_000 },
    counters: new Contended(),
  })
  expect(reservation).toMatchObject({ outputTokens: 600, clamped: true })
})

async function ask(setup: {
  readonly quotas: readonly QuotaEntry[]
  readonly bounds: Partial<RequestBounds>
  readonly offerings?: readonly OfferingEntry[]
  readonly estimator?: Estimator
  readonly counters?: MemoryCounters
}) {
  const counters = setup.counters ?? new MemoryCounters()
  for (const quota of setup.quotas)
    await counters.seed({ ref: quotaCounter(quota, nowMs, timeZone), parts: [] })
  const body = setup.bounds.body ?? {}
  const wanted = {
    candidates: setup.offerings ?? [offeringOf({})],
    inputTokens: 0,
    outputTokens: 0,
    choices: 1,
    body,
    rawInput: new RawInput(body),
    ...setup.bounds,
    requestId: 'request',
    snapshot,
    key: { ...key, quotas: setup.quotas },
    model: 'm',
    signal: new AbortController().signal,
  }
  const reservation: Reservation = await reserve(servicesOf(counters, setup.estimator), wanted)
  const read = (refs: Parameters<typeof counters.read>[0]) => counters.read(refs, nowMs)
  return {
    reservation,
    readings: await read(setup.quotas.map((quota) => quotaCounter(quota, nowMs, timeZone))),
    worst: await read(setup.quotas.map(overshootCounter)),
  }
}

function servicesOf(counters: ReserveServices['counters'], estimator = new Estimator()): ReserveServices {
  return {
    clock: { now: () => nowMs },
    counters,
    admission: new AdmissionGate(0, Number.POSITIVE_INFINITY),
    estimator,
    limits: {
      admissionWaitMs: 0,
      usefulOutputTokens: useful,
      usefulGrantOutputTokens: 2_048,
      unknownOutputTokens: 8_192,
      requestMsMax: 1_000,
      settlementMs: 1_000,
      firstByteMs: 1_000,
      idleMs: 1_000,
      answerBytesMax: 1_000,
    },
  }
}

/** Answers of the model take this share of their bound, as a thousand of them have shown. */
function estimatorOf({ share }: { readonly share: number }): Estimator {
  const counts = Array.from({ length: sizeCount * bucketCount }, () => 0)
  counts[bucketCount + 96 + Math.round(Math.log2(share) * 8)] = 1_000
  const estimator = new Estimator()
  estimator.adopt([
    { provider: 'openai-compatible', model: 'upstream', side: 'output', counts, samples: 1_000, misses: 0 },
  ])
  return estimator
}

const tiersOf: fc.Arbitrary<readonly [PriceTier, ...PriceTier[]]> = fc
  .tuple(
    fc.integer({ min: 1, max: 4_000 }),
    fc.array(fc.bigInt({ min: 0n, max: 20_000_000_000n }), { minLength: 4, maxLength: 4 }),
  )
  .map(([edge, [inputLow = 0n, outputLow = 0n, inputHigh = 0n, outputHigh = 0n]]) => [
    { outputUpTo: edge, inputNanosPerMillion: inputLow, outputNanosPerMillion: outputLow },
    { outputOver: edge, inputNanosPerMillion: inputHigh, outputNanosPerMillion: outputHigh },
  ])

const snapshot: Snapshot = {
  version: 1,
  currency: 'CNY',
  timeZone,
  countersTimeZone: undefined,
  keys: new Map(),
  routes: new Map(),
  quotas: new Map(),
  grants: new Map(),
}

const key: KeyEntry = {
  id: 'key',
  name: 'key',
  team: { id: 'team', name: 'team', enabled: true, models: ['*'], onCountersDown: 'refuse' },
  memberId: undefined,
  models: [],
  allowedIps: [],
  expiresAtMs: undefined,
  revokedAtMs: undefined,
  quotas: [],
}

function tokens(limit: bigint, over: Partial<QuotaEntry> = {}): QuotaEntry {
  return quotaOf({ limit, ...over })
}

function quotaOf(over: Partial<QuotaEntry>): QuotaEntry {
  return {
    id: 'quota',
    teamId: 'team',
    scope: 'team',
    scopeId: 'team',
    scopeName: 'team',
    metric: 'tokens',
    window: 'day',
    limit: 0n,
    hard: true,
    guarantee: 'exact',
    model: undefined,
    createdAtMs: 0,
    ...over,
  }
}

function offeringOf(over: {
  readonly protocol?: Protocol
  readonly upstreamModel?: string
  readonly maxOutputTokens?: number
  readonly contextTokens?: number
  readonly price?: Price
}): OfferingEntry {
  const adapter = adapters[over.protocol ?? 'openai']
  return {
    id: 'offering',
    name: 'offering',
    account: {
      id: 'account',
      name: 'account',
      provider: adapter.provider,
      adapter,
      baseUrl: 'http://127.0.0.1',
      credentials: {},
      options: {},
      origin: 'api',
    },
    upstreamModel: over.upstreamModel ?? 'upstream',
    kind: 'chat',
    contextTokens: over.contextTokens,
    maxOutputTokens: over.maxOutputTokens,
    price: over.price === undefined ? undefined : { versionId: 'price', price: over.price, currency: 'CNY' },
    grants: [],
    createdAtMs: 0,
  }
}

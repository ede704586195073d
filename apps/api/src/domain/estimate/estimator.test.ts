import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { UsageRecord } from '../../ports/usage-record.ts'
import { Estimator } from './estimator.ts'
import { missRateMax } from './input-factors.ts'

const provider = 'tongyi'
const model = 'qwen-plus'

/** Traffic that a test sends: how large the prompts look, and what the provider counts for them. */
interface Traffic {
  readonly rawTokens: (random: () => number) => number
  readonly ratio: (random: () => number) => number
}

/** Sends requests one after the other, as the service would; answers how many were larger than their bound. */
function send(estimator: Estimator, traffic: Traffic, count: number, random: () => number): number {
  let misses = 0
  for (let sent = 0; sent < count; sent += 1) {
    const rawTokens = Math.max(1, Math.round(traffic.rawTokens(random)))
    const counted = Math.max(1, Math.round(rawTokens * traffic.ratio(random)))
    const bound = estimator.bound(provider, model, rawTokens, { mayLower: true })
    if (counted > bound) misses += 1
    learn(estimator, rawTokens, counted, bound)
  }
  return misses
}

function learn(estimator: Estimator, rawTokens: number, counted: number, bound: number, written = 10): void {
  estimator.learn(recordOf({ inputTokens: counted, inputBoundTokens: bound, outputTokens: written }), {
    rawTokens,
    outputTokensMax: 1_000,
    choices: 1,
  })
}

describe('what is learned about the input', () => {
  it('is passed by fewer requests than is promised, whatever the traffic', () => {
    fc.assert(
      fc.property(trafficOf, fc.integer(), (traffic, seed) => {
        const random = randomFrom(seed)
        const estimator = new Estimator()
        send(estimator, traffic, 2_000, random)
        const count = 10_000
        // Three standard deviations of luck: a rate is a rate, not a count.
        const allowed = count * missRateMax + 3 * Math.sqrt(count * missRateMax)
        expect(send(estimator, traffic, count, random)).toBeLessThanOrEqual(allowed)
      }),
      { numRuns: 40, seed: 3 },
    )
  })

  it('lowers a bound that is too high by far, and only after enough requests', () => {
    const estimator = new Estimator()
    const bound = () => estimator.bound(provider, model, 1_000, { mayLower: true })
    for (let count = 0; count < 200; count += 1) learn(estimator, 1_000, 500, 1_000)
    expect(bound()).toBe(1_000)
    for (let count = 0; count < 2_000; count += 1) learn(estimator, 1_000, 500, 1_000)
    expect(bound()).toBeGreaterThanOrEqual(500)
    expect(bound()).toBeLessThan(650)
    expect(estimator.bound(provider, model, 1_000, { mayLower: false })).toBe(1_000)
    expect(estimator.bound(provider, 'another', 1_000, { mayLower: true })).toBe(1_000)
  })

  it('never lowers a bound below its floor', () => {
    const estimator = new Estimator()
    for (let count = 0; count < 5_000; count += 1) learn(estimator, 1_000, 1, 1_000)
    expect(estimator.bound(provider, model, 1_000, { mayLower: true })).toBe(250)
  })

  it('catches up at once with prompts that have become denser', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.05, max: 0.9, noNaN: true }),
        fc.double({ min: 0.9, max: 4, noNaN: true }),
        (before, after) => {
          const estimator = new Estimator()
          const traffic = (ratio: number): Traffic => ({ rawTokens: () => 1_000, ratio: () => ratio })
          send(estimator, traffic(before), 3_000, randomFrom(1))
          expect(send(estimator, traffic(after), 2_000, randomFrom(2))).toBeLessThanOrEqual(1)
        },
      ),
      { numRuns: 50, seed: 5 },
    )
  })

  it('raises every bound that a single miss shows to be too low, free-only ones too, also before it may lower any', () => {
    const estimator = new Estimator()
    learn(estimator, 100, 150, 100)
    for (const mayLower of [true, false]) {
      expect(estimator.bound(provider, model, 100, { mayLower })).toBeGreaterThanOrEqual(150)
    }
    expect(estimator.drift()).toMatchObject([{ samples: 1, misses: 1 }])
  })

  it('does not let what a template adds to a short prompt raise the bound of a long one', () => {
    const estimator = new Estimator()
    learn(estimator, 20, 120, 20)
    expect(estimator.bound(provider, model, 100_000, { mayLower: true })).toBe(100_000)
  })

  it('takes nothing from estimates, failures and answers without input', () => {
    const estimator = new Estimator()
    const expected = { rawTokens: 10, outputTokensMax: 10, choices: 1 }
    for (const over of [
      { usageSource: 'estimated' as const },
      { status: 'error' as const },
      { status: 'cancelled' as const },
      { inputTokens: 0 },
      { provider: undefined },
    ]) {
      estimator.learn(recordOf({ inputTokens: 90, ...over }), expected)
    }
    expect(estimator.drift()).toEqual([])
  })
})

describe('what is learned about answers', () => {
  it('says how long they are likely to be, and all that they may be while little is known', () => {
    const estimator = new Estimator()
    for (let count = 0; count < 199; count += 1) learn(estimator, 100, 50, 100, 40)
    expect(estimator.likelyOutput(provider, model, 1_000)).toBe(1_000)
    for (let count = 0; count < 500; count += 1) learn(estimator, 100, 50, 100, 40)
    const likely = estimator.likelyOutput(provider, model, 1_000)
    expect(likely).toBeGreaterThanOrEqual(40)
    expect(likely).toBeLessThan(70)
    // Small bounds are filled more often than large ones: they are judged by their like.
    expect(estimator.likelyOutput(provider, model, 100)).toBe(100)
  })

  it('is never less than what all but one in a hundred stayed within', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 300, maxLength: 600 }),
        (written) => {
          const estimator = new Estimator()
          for (const tokens of written) learn(estimator, 100, 50, 100, tokens)
          const likely = estimator.likelyOutput(provider, model, 1_000)
          const longer = written.filter((tokens) => tokens > likely).length
          expect(longer).toBeLessThanOrEqual(written.length / 100)
        },
      ),
      { numRuns: 50, seed: 7 },
    )
  })
})

describe('what is learned by several processes', () => {
  it('adds up, and what could not be saved is saved later', () => {
    const [here, there, restarted] = [new Estimator(), new Estimator(), new Estimator()]
    for (let count = 0; count < 700; count += 1) {
      learn(here, 1_000, 500, 1_000)
      learn(there, 1_000, 500, 1_000)
    }
    const failed = here.takeUnsaved()
    here.giveBack(failed)
    const sums = new Map<string, number[]>()
    let samples = 0
    for (const changes of [here.takeUnsaved(), there.takeUnsaved()]) {
      for (const { side, counts, samples: more } of changes) {
        sums.set(
          side,
          counts.map((count, at) => count + (sums.get(side)?.[at] ?? 0)),
        )
        if (side === 'input') samples += more
      }
    }
    expect(here.takeUnsaved()).toEqual([])
    restarted.adopt(
      (['input', 'output'] as const).map((side) => ({
        provider,
        model,
        side,
        counts: sums.get(side) ?? [],
        samples,
        misses: 0,
      })),
    )
    expect(restarted.drift()).toMatchObject([{ provider, model, samples: 1_400 }])
    // 700 alone would only have begun to lower it.
    expect(restarted.bound(provider, model, 1_000, { mayLower: true })).toBeLessThan(650)
  })

  it('keeps what was learned while it was being saved', () => {
    const estimator = new Estimator()
    learn(estimator, 1_000, 500, 1_000)
    const saved = estimator.takeUnsaved()
    learn(estimator, 1_000, 500, 1_000)
    estimator.adopt(saved)
    expect(estimator.drift()).toMatchObject([{ samples: 2, sizes: [{ samples: 2 }] }])
    expect(estimator.takeUnsaved()).toMatchObject([
      { side: 'input', samples: 1 },
      { side: 'output', samples: 1 },
    ])
  })
})

/** What is counted many times over is no matter of text, and is not followed. */
const ratioMax = 7

/** Prompts of any mix of kinds, each with its own size and density, some of them rare. */
const trafficOf: fc.Arbitrary<Traffic> = fc
  .array(
    fc.record({
      weight: fc.integer({ min: 1, max: 50 }),
      rawTokens: fc.integer({ min: 10, max: 50_000 }),
      ratio: fc.double({ min: 0.02, max: 3, noNaN: true }),
      spread: fc.double({ min: 0, max: 0.8, noNaN: true }),
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map((kinds) => {
    const total = kinds.reduce((sum, { weight }) => sum + weight, 0)
    let kind = kinds[0]
    return {
      rawTokens: (random) => {
        let left = random() * total
        kind = kinds.find(({ weight }) => (left -= weight) < 0) ?? kinds[0]
        return (kind?.rawTokens ?? 1) * (0.5 + random())
      },
      ratio: (random) => {
        // A long tail: now and then far more than usual.
        const spread = (kind?.spread ?? 0) * -Math.log(1 - random() * 0.999_999)
        return Math.min(ratioMax, (kind?.ratio ?? 1) * (1 + spread))
      },
    }
  })

function randomFrom(seed: number): () => number {
  let state = seed >>> 0 || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    return state / 4_294_967_296
  }
}

function recordOf(over: Partial<UsageRecord>): UsageRecord {
  return {
    requestId: '019b76da-a800-7000-8000-000000000001',
    startedAtMs: 0,
    firstTokenAtMs: undefined,
    endedAtMs: 0,
    teamId: 't',
    teamName: 't',
    keyId: 'k',
    keyName: 'k',
    memberId: undefined,
    endUser: undefined,
    endpoint: 'chat.completions',
    stream: false,
    model: 'm',
    offeringId: undefined,
    accountId: undefined,
    accountName: undefined,
    provider,
    upstreamModel: model,
    upstreamId: undefined,
    attempts: [],
    status: 'ok',
    errorKind: undefined,
    httpStatus: 200,
    finishReason: 'stop',
    inputTokens: 1,
    cachedInputTokens: undefined,
    cacheWriteTokens: undefined,
    outputTokens: 1,
    reasoningTokens: undefined,
    totalTokens: 2,
    usageSource: 'provider',
    reservedTokens: 0,
    inputBoundTokens: undefined,
    reservedCostNanos: 0n,
    maxTokensClamped: undefined,
    priceVersionId: undefined,
    priceTier: undefined,
    currency: 'CNY',
    listCostNanos: undefined,
    billedCostNanos: 0n,
    grantId: undefined,
    grantAmount: undefined,
    softQuotasPassed: [],
    ...over,
  }
}

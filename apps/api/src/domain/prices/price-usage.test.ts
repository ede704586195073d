import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readPriceBook } from '../../infra/price-book/read-price-book.ts'
import { priceUsage } from './price-usage.ts'
import type { Price } from './price.ts'

const cny = (decimal: string): bigint => {
  const [whole = '0', fraction = ''] = decimal.split('.')
  return BigInt(whole + fraction.padEnd(9, '0'))
}

describe('priceUsage', () => {
  const atMs = Date.parse('2026-10-16T03:00:00+08:00')
  const price = (rates: Price['tiers'][0], more: Partial<Price> = {}): Price => ({ tiers: [rates], ...more })

  it('rounds up, once, at the end', () => {
    const third = price({ inputNanosPerMillion: 400_000n, outputNanosPerMillion: 400_000n })
    // 0.4 + 0.4 nanos: one, not two
    expect(priceUsage(third, { inputTokens: 1, outputTokens: 1 }, { atMs })?.costNanos).toBe(1n)
    expect(priceUsage(third, { inputTokens: 5 }, { atMs })?.costNanos).toBe(2n)
  })

  it('is exact where floating point is not', () => {
    const rate = price({ inputNanosPerMillion: cny('0.1'), outputNanosPerMillion: cny('0.2') })
    const usage = { inputTokens: 1_000_000_000_000, outputTokens: 1_000_000_000_001 }
    expect(priceUsage(rate, usage, { atMs })?.costNanos).toBe(300_000_000_000_200n)
  })

  it('does not know the cost of a bucket without a price', () => {
    const inputOnly = price({ inputNanosPerMillion: 1n })
    expect(priceUsage(inputOnly, { inputTokens: 5, outputTokens: 1 }, { atMs })).toBeUndefined()
    expect(priceUsage(inputOnly, { inputTokens: 5, outputTokens: 0 }, { atMs })).toBeDefined()
    expect(priceUsage(inputOnly, { inputTokens: 5 }, { atMs, images: 1 })).toBeUndefined()
  })

  it('does not know the cost of a model without any price, not even of nothing', () => {
    expect(priceUsage(price({}), { inputTokens: 5 }, { atMs })).toBeUndefined()
    expect(priceUsage(price({}), {}, { atMs })).toBeUndefined()
    expect(priceUsage(price({ inputNanosPerMillion: 5n }), {}, { atMs })).toMatchObject({
      costNanos: 0n,
      tier: 0,
    })
  })

  it('charges a bucket without its own price as its neighbour', () => {
    const plain = price({ inputNanosPerMillion: 1_000_000n, outputNanosPerMillion: 10_000_000n })
    const usage = {
      inputTokens: 1,
      cachedInputTokens: 2,
      cacheWriteTokens: 3,
      outputTokens: 4,
      reasoningTokens: 5,
    }
    // 1 + 2 + 3 + (4 + 5) x 10
    expect(priceUsage(plain, usage, { atMs, thinking: true })?.costNanos).toBe(96n)
  })

  it('takes a price of nothing for a price', () => {
    const free = price({ inputNanosPerMillion: 0n, outputNanosPerMillion: 0n })
    expect(priceUsage(free, { inputTokens: 5, outputTokens: 5 }, { atMs })).toMatchObject({
      costNanos: 0n,
      tier: 0,
    })
    const freeCache = price({ inputNanosPerMillion: 1_000_000n, cachedInputNanosPerMillion: 0n })
    expect(priceUsage(freeCache, { cachedInputTokens: 5 }, { atMs })?.costNanos).toBe(0n)
  })

  it('adds fees by request and by picture', () => {
    const fees = price({ inputNanosPerMillion: 1_000_000n }, { perRequestNanos: 100n, perImageNanos: 10n })
    expect(priceUsage(fees, { inputTokens: 1 }, { atMs, images: 2 })?.costNanos).toBe(121n)
    expect(priceUsage({ tiers: [{}], perRequestNanos: 100n }, {}, { atMs })?.costNanos).toBe(100n)
  })

  it('keeps to the last tier for what is longer than any', () => {
    const two: Price = {
      tiers: [
        { inputUpTo: 10, inputNanosPerMillion: 1_000_000n },
        { inputOver: 10, inputUpTo: 20, inputNanosPerMillion: 2_000_000n },
      ],
    }
    expect(priceUsage(two, { inputTokens: 30 }, { atMs })).toMatchObject({ costNanos: 60n, tier: 1 })
    expect(priceUsage(two, { inputTokens: 0, outputTokens: 0 }, { atMs })).toMatchObject({
      costNanos: 0n,
      tier: 0,
    })
  })

  it('charges no fee for a request that was refused, and one for a request without usage', () => {
    const fee = price({ inputNanosPerMillion: 1n, outputNanosPerMillion: 1n }, { perRequestNanos: 100n })
    expect(priceUsage(fee, { inputTokens: 0, outputTokens: 0 }, { atMs })?.costNanos).toBe(0n)
    expect(priceUsage(fee, {}, { atMs })?.costNanos).toBe(100n)
  })

  it('tells what of the cost is the input, at the tier that the output led to', () => {
    const byOutput: Price = {
      tiers: [
        { outputUpTo: 200, inputNanosPerMillion: 2_000_000n, outputNanosPerMillion: 8_000_000n },
        { outputOver: 200, inputNanosPerMillion: 3_000_000n, outputNanosPerMillion: 14_000_000n },
      ],
    }
    expect(priceUsage(byOutput, { inputTokens: 10, outputTokens: 201 }, { atMs })).toEqual({
      costNanos: 2_844n,
      inputCostNanos: 30n,
      tier: 1,
    })
  })

  it('takes of a gap between two tiers the one before', () => {
    const gap: Price = {
      tiers: [
        { inputUpTo: 10, inputNanosPerMillion: 1_000_000n },
        { inputOver: 20, inputNanosPerMillion: 5_000_000n },
      ],
    }
    expect(priceUsage(gap, { inputTokens: 15 }, { atMs })).toMatchObject({ costNanos: 15n, tier: 0 })
  })

  it('never makes more tokens cheaper, for every price of the book', async () => {
    const { models } = await readPriceBook()
    const priced = models.flatMap(({ price: one }) => (one === undefined ? [] : [one]))
    const bucket = fc.constantFrom(
      'inputTokens',
      'cachedInputTokens',
      'cacheWriteTokens',
      'outputTokens',
      'reasoningTokens',
    )
    const count = fc.oneof(fc.nat(300), fc.nat(300_000), fc.constantFrom(200, 32_000, 128_000, 256_000))
    const { counterexample } = fc.check(
      fc.property(
        fc.constantFrom(...priced),
        fc.record({
          inputTokens: count,
          cachedInputTokens: count,
          cacheWriteTokens: fc.nat(10),
          outputTokens: count,
          reasoningTokens: fc.nat(300),
        }),
        bucket,
        fc.nat(1_000),
        fc.boolean(),
        (one, usage, more, by, thinking) => {
          const before = priceUsage(one, usage, { atMs, thinking })
          const after = priceUsage(one, { ...usage, [more]: usage[more] + by }, { atMs, thinking })
          if (before === undefined || after === undefined) return before === after
          return after.costNanos >= before.costNanos
        },
      ),
      { numRuns: 5_000, seed: 20261124 },
    )
    expect(counterexample).toBeNull()
  })

  it('loses nothing and adds less than a nano: parts of a request add up to the whole, rounded once', () => {
    const rate = fc.bigInt(0n, 10n ** 12n)
    const count = fc.nat(1_000_000)
    fc.assert(
      fc.property(rate, rate, rate, count, count, count, (input, cached, output, a, b, c) => {
        const one = price({
          inputNanosPerMillion: input,
          cachedInputNanosPerMillion: cached,
          outputNanosPerMillion: output,
        })
        const exact = BigInt(a) * input + BigInt(b) * cached + BigInt(c) * output
        const found = priceUsage(one, { inputTokens: a, cachedInputTokens: b, outputTokens: c }, { atMs })
        const over = (found?.costNanos ?? -1n) * 1_000_000n - exact
        return over >= 0n && over < 1_000_000n
      }),
      { numRuns: 1_000, seed: 20261125 },
    )
  })
})

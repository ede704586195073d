import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readPriceBook } from '../../infra/price-book/read-price-book.ts'
import { priceUsage } from './price-usage.ts'
import type { Price } from './price.ts'
import { worstCaseCost } from './worst-case-cost.ts'

const atMs = Date.parse('2026-10-16T03:00:00+08:00')

describe('worstCaseCost', () => {
  it('is never below what any request within its bounds is then charged, for every price of the book', async () => {
    const { models } = await readPriceBook()
    const priced = models.flatMap(({ price }) => (price === undefined ? [] : [price]))
    const upTo = (most: number) => fc.oneof(fc.nat(most), fc.constantFrom(0, most))
    const request = fc
      .record({
        price: fc.constantFrom(...priced),
        inputTokens: fc.nat(600_000),
        outputTokens: fc.nat(70_000),
        atMs: fc.integer({ min: Date.parse('2026-10-12T00:00Z'), max: Date.parse('2026-10-19T00:00Z') }),
        thinking: fc.boolean(),
        images: fc.nat(4),
      })
      .chain((bounds) =>
        fc.record({
          bounds: fc.constant(bounds),
          cached: upTo(bounds.inputTokens),
          input: upTo(bounds.inputTokens),
          answer: upTo(bounds.outputTokens),
          all: upTo(bounds.outputTokens),
          // Queued for a while before the platform counts it.
          lateMs: fc.nat(10 * 60_000),
        }),
      )
    const { counterexample } = fc.check(
      fc.property(request, ({ bounds, cached, input, answer, all, lateMs }) => {
        const images = bounds.price.perImageNanos === undefined ? 0 : bounds.images
        const worst = worstCaseCost(bounds.price, { ...bounds, images })
        const usage = {
          inputTokens: Math.max(0, input - cached),
          cachedInputTokens: Math.min(cached, input),
          outputTokens: Math.min(answer, all),
          reasoningTokens: all - Math.min(answer, all),
        }
        const charged = priceUsage(bounds.price, usage, {
          atMs: bounds.atMs + lateMs,
          thinking: bounds.thinking,
          images,
        })
        if (worst === undefined) return bounds.price.tiers[0].inputNanosPerMillion === undefined
        return charged === undefined || charged.costNanos <= worst
      }),
      { numRuns: 3_000, seed: 20261016 },
    )
    expect(counterexample).toBeNull()
  })

  it('is never below what is charged, and never falls with a higher bound, for prices that nobody ever saw', () => {
    const rate = fc.option(fc.bigInt(0n, 50_000_000n), { nil: undefined })
    const edge = fc.option(fc.nat(40), { nil: undefined })
    const tier = fc
      .record({
        inputOver: edge,
        inputUpTo: edge,
        outputOver: edge,
        outputUpTo: edge,
        inputNanosPerMillion: fc.bigInt(0n, 50_000_000n),
        cachedInputNanosPerMillion: rate,
        cacheWriteNanosPerMillion: rate,
        outputNanosPerMillion: fc.bigInt(0n, 50_000_000n),
        thinkingOutputNanosPerMillion: rate,
      })
      .map(known)
    const tiers = fc
      .tuple(tier, fc.array(tier, { maxLength: 3 }))
      .map(([first, rest]): Price['tiers'] => [first, ...rest])
    const anyPrice = fc
      .record({
        tiers,
        perRequestNanos: rate,
        timeOfDay: fc.option(
          fc.record({
            utcOffsetMinutes: fc.constantFrom(-300, 0, 330, 480),
            windows: fc.constant([{ days: [1, 2, 3, 4, 5, 6, 7], fromMinute: 540, toMinute: 720 }]),
            tiers,
          }),
          { nil: undefined },
        ),
      })
      .map(({ tiers: kept, ...more }): Price => ({ tiers: kept, ...known(more) }))
    const bound = fc.record({ inputTokens: fc.nat(60), outputTokens: fc.nat(60) })
    fc.assert(
      fc.property(
        anyPrice,
        bound,
        fc.tuple(fc.nat(100), fc.nat(100), fc.nat(100), fc.nat(100)),
        fc.nat(7 * 24 * 60),
        fc.boolean(),
        (price, bounds, [all, cached, out, reasoning], minute, thinking) => {
          const at = atMs + minute * 60_000
          const input = Math.floor((bounds.inputTokens * all) / 100)
          const output = Math.floor((bounds.outputTokens * out) / 100)
          const fromCache = Math.floor((input * cached) / 100)
          const thought = Math.floor((output * reasoning) / 100)
          const usage = {
            inputTokens: input - fromCache,
            cachedInputTokens: fromCache,
            outputTokens: output - thought,
            reasoningTokens: thought,
          }
          const worst = worstCaseCost(price, { ...bounds, atMs: at }) ?? -1n
          const charged = priceUsage(price, usage, { atMs: at, thinking })
          expect(charged?.costNanos).toBeLessThanOrEqual(worst)
          const longer = {
            inputTokens: bounds.inputTokens + 7,
            outputTokens: bounds.outputTokens + 7,
            atMs: at,
          }
          expect(worstCaseCost(price, longer)).toBeGreaterThanOrEqual(worst)
        },
      ),
      { numRuns: 5_000, seed: 20261126 },
    )
  })

  it('is what the dearest way through costs', () => {
    const price: Price = {
      tiers: [
        { inputUpTo: 10, outputUpTo: 5, inputNanosPerMillion: 1_000_000n, outputNanosPerMillion: 1_000_000n },
        { inputUpTo: 10, outputOver: 5, inputNanosPerMillion: 2_000_000n, outputNanosPerMillion: 3_000_000n },
        { inputOver: 10, inputNanosPerMillion: 10_000_000n, outputNanosPerMillion: 10_000_000n },
      ],
      perRequestNanos: 1_000n,
    }
    expect(worstCaseCost(price, { inputTokens: 10, outputTokens: 5, atMs })).toBe(1_015n)
    expect(worstCaseCost(price, { inputTokens: 10, outputTokens: 6, atMs })).toBe(1_038n)
    expect(worstCaseCost(price, { inputTokens: 11, outputTokens: 6, atMs })).toBe(1_170n)
  })

  it('counts on thinking and on a cache that is written', () => {
    const price: Price = {
      tiers: [
        {
          inputNanosPerMillion: 4_000_000n,
          cachedInputNanosPerMillion: 1_000_000n,
          cacheWriteNanosPerMillion: 5_000_000n,
          outputNanosPerMillion: 2_000_000n,
          thinkingOutputNanosPerMillion: 8_000_000n,
        },
      ],
    }
    expect(worstCaseCost(price, { inputTokens: 10, outputTokens: 10, atMs })).toBe(130n)
  })

  it('counts on the dear hours when they are about to begin', () => {
    const at = (time: string) => Date.parse(`2026-10-16T${time}+08:00`)
    const price: Price = {
      tiers: [{ inputNanosPerMillion: 1_000_000n }],
      timeOfDay: {
        utcOffsetMinutes: 480,
        windows: [{ days: [5], fromMinute: 540, toMinute: 720 }],
        tiers: [{ inputNanosPerMillion: 2_000_000n }],
      },
    }
    const worst = (time: string) => worstCaseCost(price, { inputTokens: 10, outputTokens: 0, atMs: at(time) })
    expect(worst('03:00')).toBe(10n)
    expect(worst('08:50')).toBe(20n)
    expect(worst('10:00')).toBe(20n)
    expect(worst('13:00')).toBe(10n)
  })

  it('is not known without a price for what may be used', () => {
    const inputOnly: Price = { tiers: [{ inputNanosPerMillion: 1_000_000n }] }
    expect(worstCaseCost(inputOnly, { inputTokens: 1, outputTokens: 1, atMs })).toBeUndefined()
    expect(worstCaseCost(inputOnly, { inputTokens: 1, outputTokens: 0, atMs })).toBe(1n)
    expect(worstCaseCost(inputOnly, { inputTokens: 1, outputTokens: 0, atMs, images: 1 })).toBeUndefined()
    expect(worstCaseCost({ tiers: [{}] }, { inputTokens: 1, outputTokens: 1, atMs })).toBeUndefined()
  })

  it('is not known when one of the tiers it may fall in has no price', () => {
    const gap: Price = {
      tiers: [{ inputUpTo: 10, inputNanosPerMillion: 1_000_000n }, { inputOver: 10 }],
    }
    expect(worstCaseCost(gap, { inputTokens: 10, outputTokens: 0, atMs })).toBe(10n)
    expect(worstCaseCost(gap, { inputTokens: 11, outputTokens: 0, atMs })).toBeUndefined()
  })
})

type Known<Fields> = { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> }

/** The fields that have a value. */
function known<Fields extends object>(fields: Fields): Known<Fields> {
  const kept: Known<Fields> = {}
  for (const name in fields) {
    const value = fields[name]
    if (value !== undefined) Object.assign(kept, { [name]: value })
  }
  return kept
}

import type { TokenUsage } from '@tollgate/adapters/contract'
import { beforeAll, describe, expect, it } from 'vitest'
import { readPriceBook } from '../../infra/price-book/read-price-book.ts'
import { formatNanos } from './format-nanos.ts'
import type { PriceBook } from './price-book.ts'
import { priceUsage, type PricedRequest } from './price-usage.ts'
import type { Price } from './price.ts'

const cny = (decimal: string): bigint => {
  const [whole = '0', fraction = ''] = decimal.split('.')
  return BigInt(whole + fraction.padEnd(9, '0'))
}

/** Prices of the shipped book, and bills worked out by hand from the price pages it names. */
describe('priceUsage, by the price pages', () => {
  let book: PriceBook
  beforeAll(async () => {
    book = await readPriceBook()
  })

  const cost = (provider: string, name: string, usage: TokenUsage, request: Partial<PricedRequest> = {}) => {
    const model = book.models.find((candidate) => candidate.provider === provider && candidate.model === name)
    if (model?.price === undefined) throw new Error(`${name} has no price in the book`)
    // Friday 2026-10-16, 03:00 in Beijing: outside of every peak.
    const priced = priceUsage(model.price, usage, {
      atMs: Date.parse('2026-10-16T03:00:00+08:00'),
      ...request,
    })
    return priced && [formatNanos(priced.costNanos), priced.tier]
  }

  it('Qianfan: ernie-4.5-turbo-128k, 0.8 in, 0.2 cached, 3.2 out', () => {
    // 900 x 0.8 + 100 x 0.2 + 500 x 3.2 = 720 + 20 + 1600 = 2340 a million
    const usage = { inputTokens: 900, cachedInputTokens: 100, outputTokens: 500 }
    expect(cost('qianfan', 'ernie-4.5-turbo-128k', usage)).toEqual(['0.00234', 0])
  })

  it('Hunyuan: hunyuan-2.0-instruct, 3.18 in, 7.95 out, three digits after the point', () => {
    // 7 x 3.18 + 3 x 7.95 = 22.26 + 23.85 = 46.11 a million
    const usage = { inputTokens: 7, outputTokens: 3 }
    expect(cost('hunyuan', 'hunyuan-2.0-instruct-20251111', usage)).toEqual(['0.00004611', 0])
  })

  it('Tongyi: qwen-plus, the whole request in one tier by its input', () => {
    // At 128,000 still 0.8 and 2: 102,400 + 2,000 = 104,400 a million
    const thousandOut = { outputTokens: 1_000 }
    expect(cost('tongyi', 'qwen-plus', { inputTokens: 128_000, ...thousandOut })).toEqual(['0.1044', 0])
    // One token more makes all of it 2.4 and 20: 307,202.4 + 20,000
    expect(cost('tongyi', 'qwen-plus', { inputTokens: 128_001, ...thousandOut })).toEqual(['0.3272024', 1])
    // 300,000 x 4.8 + 1,000 x 48 = 1,440,000 + 48,000
    expect(cost('tongyi', 'qwen-plus', { inputTokens: 300_000, ...thousandOut })).toEqual(['1.488', 2])
  })

  it('Tongyi: qwen-plus, cached input counts for the tier and costs its own price', () => {
    // 28,001 + 100,000 cached = 128,001: 28,001 x 2.4 + 100,000 x 0.48 = 67,202.4 + 48,000
    const usage = { inputTokens: 28_001, cachedInputTokens: 100_000, outputTokens: 0 }
    expect(cost('tongyi', 'qwen-plus', usage)).toEqual(['0.1152024', 1])
  })

  it('Tongyi: qwen-plus, thinking makes all output dearer', () => {
    // 1,000 x 0.8 + (200 + 300) x 8 = 800 + 4,000
    const usage = { inputTokens: 1_000, outputTokens: 200, reasoningTokens: 300 }
    expect(cost('tongyi', 'qwen-plus', usage)).toEqual(['0.0048', 0])
    // Thinking switched on but nothing thought: the mode counts. 800 + 200 x 8
    expect(
      cost('tongyi', 'qwen-plus', { inputTokens: 1_000, outputTokens: 200 }, { thinking: true }),
    ).toEqual(['0.0024', 0])
    // 800 + 200 x 2
    expect(cost('tongyi', 'qwen-plus', { inputTokens: 1_000, outputTokens: 200 })).toEqual(['0.0012', 0])
  })

  it('Tongyi: qwen3.8-max, writing an explicit cache', () => {
    // 100 x 12 + 400 x 1.5 + 500 x 15 + 10 x 36 = 1,200 + 600 + 7,500 + 360
    const usage = { inputTokens: 100, cachedInputTokens: 400, cacheWriteTokens: 500, outputTokens: 10 }
    expect(cost('tongyi', 'qwen3.8-max', usage)).toEqual(['0.00966', 0])
  })

  it('Tongyi: pictures by the piece', () => {
    expect(cost('tongyi', 'qwen-image', {}, { images: 3 })).toEqual(['0.75', 0])
  })

  it('Spark: generalv3.5, 60 in and out', () => {
    // (123 + 456) x 60 = 34,740
    expect(cost('spark', 'generalv3.5', { inputTokens: 123, outputTokens: 456 })).toEqual(['0.03474', 0])
  })

  it('Ark: doubao-seed-1-8, where a short answer is cheaper', () => {
    // 1,000 x 0.8 + 200 x 2 = 1,200; with one token more all of it: 800 + 201 x 8 = 2,408
    const model = 'doubao-seed-1-8-251228'
    expect(cost('ark', model, { inputTokens: 1_000, outputTokens: 200 })).toEqual(['0.0012', 0])
    expect(cost('ark', model, { inputTokens: 1_000, outputTokens: 201 })).toEqual(['0.002408', 1])
    // Reasoning is output too: 150 + 51
    const thought = { inputTokens: 1_000, outputTokens: 150, reasoningTokens: 51 }
    expect(cost('ark', model, thought)).toEqual(['0.002408', 1])
    // 40,000 x 1.2 + 100 x 16 = 48,000 + 1,600: no short answers above 32,000
    expect(cost('ark', model, { inputTokens: 40_000, outputTokens: 100 })).toEqual(['0.0496', 2])
  })

  it('Ark: glm-4-7, where the length of the answer changes the price of the input', () => {
    // 1,000 x 2 + 200 x 8 = 3,600; 1,000 x 3 + 201 x 14 = 5,814
    expect(cost('ark', 'glm-4-7-251222', { inputTokens: 1_000, outputTokens: 200 })).toEqual(['0.0036', 0])
    expect(cost('ark', 'glm-4-7-251222', { inputTokens: 1_000, outputTokens: 201 })).toEqual(['0.005814', 1])
  })

  it('Baichuan: Baichuan4-Air, 0.98 in and out', () => {
    // (1 + 2) x 0.98 = 2.94 a million
    expect(cost('baichuan', 'Baichuan4-Air', { inputTokens: 1, outputTokens: 2 })).toEqual(['0.00000294', 0])
  })

  it('ModelScope: paid in magicubes, so it costs no money', () => {
    expect(cost('modelscope', 'ZhipuAI/GLM-5.2', { inputTokens: 5_000, outputTokens: 5_000 })).toEqual([
      '0',
      0,
    ])
  })

  it('DeepSeek: by the hour in Beijing at which the request began', () => {
    const usage = { inputTokens: 1_000, cachedInputTokens: 1_000, outputTokens: 1_000 }
    const at = (time: string) => cost('deepseek', 'deepseek-flash', usage, { atMs: Date.parse(time) })?.[0]
    // 1,000 x (1 + 0.02 + 4) and twice that
    const [cheap, dear] = ['0.00502', '0.01004']
    expect(at('2026-10-16T08:59:59.999+08:00')).toBe(cheap)
    expect(at('2026-10-16T09:00:00+08:00')).toBe(dear)
    expect(at('2026-10-16T11:59:59.999+08:00')).toBe(dear)
    expect(at('2026-10-16T12:00:00+08:00')).toBe(cheap)
    expect(at('2026-10-16T14:00:00+08:00')).toBe(dear)
    expect(at('2026-10-16T18:00:00+08:00')).toBe(cheap)
    // Saturday and Sunday; and Monday in Beijing while it is Sunday evening in New York.
    expect(at('2026-10-17T10:00:00+08:00')).toBe(cheap)
    expect(at('2026-10-18T10:00:00+08:00')).toBe(cheap)
    expect(at('2026-10-18T21:30:00-04:00')).toBe(dear)
  })
})

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
})

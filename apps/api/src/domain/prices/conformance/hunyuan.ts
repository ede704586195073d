import type { ConformanceTable } from './table.ts'

/** Hunyuan's old platform, and TokenHub after it, whose prices have up to four digits behind the point. */
export const hunyuan: ConformanceTable = {
  provider: 'hunyuan',
  sources: [
    'cloud.tencent.com/document/product/1729/97731',
    'cloud.tencent.com/document/product/1823/130053',
    'npm model-bank 1.0.20260927202305',
  ],
  rows: [
    {
      model: 'hunyuan-turbos-latest',
      shows: 'the old platform',
      usage: { inputTokens: 1_234, outputTokens: 567 },
      sum: '1,234 x 0.8 + 567 x 2',
      cost: '0.0021212',
    },
    {
      model: 'hunyuan-t1-latest',
      shows: 'reasoning is output',
      usage: { inputTokens: 100, outputTokens: 50, reasoningTokens: 450 },
      sum: '100 x 1 + 500 x 4',
      cost: '0.0021',
    },
    {
      model: 'hunyuan-lite',
      shows: 'a free model',
      usage: { inputTokens: 100_000, outputTokens: 6_000 },
      sum: '100,000 x 0 + 6,000 x 0',
      cost: '0',
    },
    {
      model: 'hunyuan-2.0-instruct-20251111',
      shows: 'TokenHub: two digits behind the point',
      usage: { inputTokens: 7, outputTokens: 3 },
      sum: '7 x 3.18 + 3 x 7.95',
      cost: '0.00004611',
    },
    {
      model: 'hunyuan-2.0-instruct-20251111',
      shows: 'TokenHub: three digits behind the point in the second tier',
      usage: { inputTokens: 32_001, outputTokens: 1 },
      sum: '32,001 x 4.505 + 1 x 11.13',
      cost: '0.144175635',
    },
    {
      model: 'hunyuan-2.0-thinking-20251109',
      shows: 'a model that always thinks',
      usage: { inputTokens: 3, outputTokens: 1, reasoningTokens: 2 },
      sum: '3 x 3.975 + 3 x 15.9',
      cost: '0.000059625',
    },
    {
      model: 'hy3-preview',
      shows: 'tiers at 16k and 32k: the first, with a cache hit',
      usage: { inputTokens: 15_000, cachedInputTokens: 1_000, outputTokens: 10 },
      sum: '15,000 x 1.2 + 1,000 x 0.4 + 10 x 4',
      cost: '0.01844',
    },
    {
      model: 'hy3-preview',
      shows: 'tiers at 16k and 32k: the second',
      usage: { inputTokens: 15_001, cachedInputTokens: 1_000, outputTokens: 10 },
      sum: '15,001 x 1.6 + 1,000 x 0.6 + 10 x 6.4',
      cost: '0.0246656',
    },
    {
      model: 'hy3-preview',
      shows: 'tiers at 16k and 32k: the last',
      usage: { inputTokens: 32_001, outputTokens: 10 },
      sum: '32,001 x 2 + 10 x 8',
      cost: '0.064082',
    },
    {
      model: 'hy3',
      shows: 'a quarter of the price for cached input',
      usage: { inputTokens: 1, cachedInputTokens: 3, outputTokens: 1 },
      sum: '1 x 1 + 3 x 0.25 + 1 x 4',
      cost: '0.00000575',
    },
    {
      model: 'hunyuan-embedding',
      shows: 'an embedding',
      usage: { inputTokens: 1_000 },
      sum: '1,000 x 0.7',
      cost: '0.0007',
    },
  ],
}

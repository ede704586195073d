import type { ConformanceTable } from './table.ts'

/** Qianfan: flat prices, and tiers by input for ERNIE 5. Its tool tokens are in the total alone and have no price known. */
export const qianfan: ConformanceTable = {
  provider: 'qianfan',
  sources: ['cloud.baidu.com/doc/qianfan/s/rmh4stp0j', 'npm model-bank 1.0.20260927202305'],
  rows: [
    {
      model: 'ernie-4.5-turbo-128k',
      shows: 'a cache hit at a quarter',
      usage: { inputTokens: 900, cachedInputTokens: 100, outputTokens: 500 },
      sum: '900 x 0.8 + 100 x 0.2 + 500 x 3.2',
      cost: '0.00234',
    },
    {
      model: 'ernie-4.5-turbo-128k',
      shows: 'a total above the buckets (tools) costs nothing more',
      usage: { inputTokens: 10, outputTokens: 10, totalTokens: 500 },
      sum: '10 x 0.8 + 10 x 3.2',
      cost: '0.00004',
    },
    {
      model: 'ernie-4.5-turbo-vl',
      shows: 'vision, by the same kind of tokens',
      usage: { inputTokens: 1_500, cachedInputTokens: 500, outputTokens: 250 },
      sum: '1,500 x 3 + 500 x 0.75 + 250 x 9',
      cost: '0.007125',
    },
    {
      model: 'ernie-5.1',
      shows: 'the first tier, to its end',
      usage: { inputTokens: 32_000, outputTokens: 100 },
      sum: '32,000 x 4 + 100 x 18',
      cost: '0.1298',
    },
    {
      model: 'ernie-5.1',
      shows: 'the second tier',
      usage: { inputTokens: 32_001, outputTokens: 100 },
      sum: '32,001 x 6 + 100 x 22',
      cost: '0.194206',
    },
    {
      model: 'ernie-5.0-thinking-latest',
      shows: 'reasoning is output',
      usage: { inputTokens: 1_000, outputTokens: 100, reasoningTokens: 900 },
      sum: '1,000 x 6 + 1,000 x 24',
      cost: '0.03',
    },
    {
      model: 'ernie-novel-8k',
      shows: 'the dearest by far',
      usage: { inputTokens: 1, outputTokens: 1 },
      sum: '1 x 40 + 1 x 120',
      cost: '0.00016',
    },
    {
      model: 'ernie-speed-8k',
      shows: 'a free model: nothing, and known to be nothing',
      usage: { inputTokens: 8_000, outputTokens: 2_000 },
      sum: '8,000 x 0 + 2,000 x 0',
      cost: '0',
    },
    {
      model: 'bge-large-zh',
      shows: 'an embedding',
      usage: { inputTokens: 512 },
      sum: '512 x 0.5',
      cost: '0.000256',
    },
    {
      model: 'irag-1.0',
      shows: 'a picture',
      usage: {},
      images: 1,
      sum: '1 piece x 0.14',
      cost: '0.14',
    },
  ],
}

import type { ConformanceTable } from './table.ts'

/**
 * Ark: tiers by input, and for some models, up to 32k of input, by output as well (short answers up to 200 tokens,
 * reasoning included). Batches are another endpoint, at a price of their own, and do not pass through here; there are no
 * cheaper hours. Storage of an explicit cache is billed by the hour and belongs to no request.
 */
export const ark: ConformanceTable = {
  provider: 'ark',
  sources: ['volcengine.com/docs/82379/1544106 (prices)', 'npm model-bank 1.0.20260927202305'],
  rows: [
    {
      model: 'doubao-seed-1-8-251228',
      shows: 'a short answer, the longest there is',
      usage: { inputTokens: 32_000, outputTokens: 200 },
      sum: '32,000 x 0.8 + 200 x 2',
      cost: '0.026',
    },
    {
      model: 'doubao-seed-1-8-251228',
      shows: 'an answer of one token more: all of it at the higher price',
      usage: { inputTokens: 32_000, outputTokens: 201 },
      sum: '32,000 x 0.8 + 201 x 8',
      cost: '0.027208',
    },
    {
      model: 'doubao-seed-1-8-251228',
      shows: 'reasoning counts for the length of the answer',
      usage: { inputTokens: 100, outputTokens: 101, reasoningTokens: 100 },
      sum: '100 x 0.8 + 201 x 8',
      cost: '0.001688',
    },
    {
      model: 'doubao-seed-1-8-251228',
      shows: 'no short answers above 32k of input',
      usage: { inputTokens: 32_001, outputTokens: 200 },
      sum: '32,001 x 1.2 + 200 x 16',
      cost: '0.0416012',
    },
    {
      model: 'doubao-seed-1-8-251228',
      shows: 'the end of the second tier of input',
      usage: { inputTokens: 128_000, outputTokens: 1 },
      sum: '128,000 x 1.2 + 1 x 16',
      cost: '0.153616',
    },
    {
      model: 'doubao-seed-1-8-251228',
      shows: 'the third tier of input, most of it from the cache, which costs the same in every tier',
      usage: { inputTokens: 28_001, cachedInputTokens: 100_000, outputTokens: 300 },
      sum: '28,001 x 2.4 + 100,000 x 0.16 + 300 x 24',
      cost: '0.0904024',
    },
    {
      model: 'doubao-seed-1-6-251015',
      shows: 'no answer at all is a short one',
      usage: { inputTokens: 10, outputTokens: 0 },
      sum: '10 x 0.8',
      cost: '0.000008',
    },
    {
      model: 'glm-4-7-251222',
      shows: 'the length of the answer changes the price of the input: short',
      usage: { inputTokens: 900, cachedInputTokens: 100, outputTokens: 200 },
      sum: '900 x 2 + 100 x 0.4 + 200 x 8',
      cost: '0.00344',
    },
    {
      model: 'glm-4-7-251222',
      shows: 'the length of the answer changes the price of the input: long',
      usage: { inputTokens: 900, cachedInputTokens: 100, outputTokens: 201 },
      sum: '900 x 3 + 100 x 0.6 + 201 x 14',
      cost: '0.005574',
    },
    {
      model: 'doubao-seed-2-0-lite-260428',
      shows: 'tiers by input alone',
      usage: { inputTokens: 32_000, outputTokens: 100 },
      sum: '32,000 x 0.6 + 100 x 3.6',
      cost: '0.01956',
    },
    {
      model: 'doubao-seed-2-0-lite-260428',
      shows: 'thinking costs what answering costs',
      usage: { inputTokens: 256_000, outputTokens: 50, reasoningTokens: 50 },
      thinking: true,
      sum: '256,000 x 1.8 + 100 x 10.8',
      cost: '0.46188',
    },
    {
      model: 'doubao-1-5-pro-32k-250115',
      shows: 'one price for every length',
      usage: { inputTokens: 123, outputTokens: 45 },
      sum: '123 x 0.8 + 45 x 2',
      cost: '0.0001884',
    },
    {
      model: 'doubao-seedream-4-0-250828',
      shows: 'pictures by the piece',
      usage: {},
      images: 2,
      sum: '2 pieces x 0.2',
      cost: '0.4',
    },
  ],
}

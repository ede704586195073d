import type { ConformanceTable } from './table.ts'

/** Spark: no current price page is known and third parties disagree (not verified); one price for input and output. */
export const spark: ConformanceTable = {
  provider: 'spark',
  sources: ['labring/aiproxy core/relay/adaptor/xunfei (2026-06)', 'npm model-bank 1.0.20260927202305'],
  rows: [
    {
      model: 'lite',
      shows: 'a free model',
      usage: { inputTokens: 4_000, outputTokens: 4_000 },
      sum: '4,000 x 0 + 4,000 x 0',
      cost: '0',
    },
    {
      model: 'generalv3',
      shows: 'Pro',
      usage: { inputTokens: 100, outputTokens: 50 },
      sum: '150 x 14',
      cost: '0.0021',
    },
    {
      model: 'pro-128k',
      shows: 'Pro-128K',
      usage: { inputTokens: 128_000, outputTokens: 1 },
      sum: '128,001 x 26',
      cost: '3.328026',
    },
    {
      model: 'generalv3.5',
      shows: 'Max',
      usage: { inputTokens: 123, outputTokens: 456 },
      sum: '579 x 60',
      cost: '0.03474',
    },
    {
      model: '4.0Ultra',
      shows: 'Ultra, which thinks fast at no price of its own',
      usage: { inputTokens: 10, outputTokens: 20, reasoningTokens: 70 },
      sum: '100 x 140',
      cost: '0.014',
    },
  ],
}

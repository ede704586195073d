import type { ConformanceTable } from './table.ts'

/**
 * DeepSeek: peak hours are Monday to Friday from 9 to 12 and from 14 to 18 in Beijing, by the start of the request. China
 * has no daylight saving, so New York's and London's make no difference. Public holidays are off-peak there; here they are
 * priced as the working days that they fall on, which is never less.
 */
export const deepseek: ConformanceTable = {
  provider: 'deepseek',
  sources: ['api-docs.deepseek.com/zh-cn/quick_start/pricing (2026-10)'],
  rows: [
    {
      model: 'deepseek-flash',
      shows: 'at night',
      usage: { inputTokens: 1_000, cachedInputTokens: 1_000, outputTokens: 1_000 },
      sum: '1,000 x 1 + 1,000 x 0.02 + 1,000 x 4',
      cost: '0.00502',
    },
    {
      model: 'deepseek-flash',
      shows: 'the last moment before the morning peak',
      usage: { inputTokens: 100, outputTokens: 10 },
      at: '2026-10-16T08:59:59.999+08:00',
      sum: '100 x 1 + 10 x 4',
      cost: '0.00014',
    },
    {
      model: 'deepseek-flash',
      shows: 'the first moment of the morning peak',
      usage: { inputTokens: 100, outputTokens: 10 },
      at: '2026-10-16T09:00:00+08:00',
      sum: '100 x 2 + 10 x 8',
      cost: '0.00028',
    },
    {
      model: 'deepseek-flash',
      shows: 'the last moment of the morning peak',
      usage: { inputTokens: 100, outputTokens: 10 },
      at: '2026-10-16T11:59:59.999+08:00',
      sum: '100 x 2 + 10 x 8',
      cost: '0.00028',
    },
    {
      model: 'deepseek-flash',
      shows: 'noon is off-peak',
      usage: { inputTokens: 100, outputTokens: 10 },
      at: '2026-10-16T12:00:00+08:00',
      sum: '100 x 1 + 10 x 4',
      cost: '0.00014',
    },
    {
      model: 'deepseek-flash',
      shows: 'the afternoon peak',
      usage: { inputTokens: 50, cachedInputTokens: 50, outputTokens: 10 },
      at: '2026-10-16T14:00:00+08:00',
      sum: '50 x 2 + 50 x 0.04 + 10 x 8',
      cost: '0.000182',
    },
    {
      model: 'deepseek-flash',
      shows: 'the end of the afternoon peak',
      usage: { inputTokens: 100, outputTokens: 10 },
      at: '2026-10-16T18:00:00+08:00',
      sum: '100 x 1 + 10 x 4',
      cost: '0.00014',
    },
    {
      model: 'deepseek-flash',
      shows: 'Saturday',
      usage: { inputTokens: 100, outputTokens: 10 },
      at: '2026-10-17T10:00:00+08:00',
      sum: '100 x 1 + 10 x 4',
      cost: '0.00014',
    },
    {
      model: 'deepseek-flash',
      shows: 'Monday morning in Beijing while New York has Sunday evening, in its summer time',
      usage: { inputTokens: 100, outputTokens: 10 },
      at: '2026-10-18T21:00:00-04:00',
      sum: '100 x 2 + 10 x 8',
      cost: '0.00028',
    },
    {
      model: 'deepseek-flash',
      shows: 'the same hour in Beijing when New York has left its summer time',
      usage: { inputTokens: 100, outputTokens: 10 },
      at: '2026-11-15T20:00:00-05:00',
      sum: '100 x 2 + 10 x 8',
      cost: '0.00028',
    },
    {
      model: 'deepseek-v4-pro',
      shows: 'reasoning at peak',
      usage: { inputTokens: 1_000, cachedInputTokens: 9_000, outputTokens: 100, reasoningTokens: 900 },
      at: '2026-10-16T15:30:00+08:00',
      sum: '1,000 x 9 + 9,000 x 0.3 + 1,000 x 27',
      cost: '0.0387',
    },
    {
      model: 'deepseek-v4-pro',
      shows: 'the same off-peak',
      usage: { inputTokens: 1_000, cachedInputTokens: 9_000, outputTokens: 100, reasoningTokens: 900 },
      at: '2026-10-16T18:30:00+08:00',
      sum: '1,000 x 4.5 + 9,000 x 0.15 + 1,000 x 13.5',
      cost: '0.01935',
    },
  ],
}

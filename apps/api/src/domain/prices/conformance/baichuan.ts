import type { ConformanceTable } from './table.ts'

/** Baichuan: flat prices, no cached price, no free model. */
export const baichuan: ConformanceTable = {
  provider: 'baichuan',
  sources: ['platform.baichuan-ai.com/prices (audited 2026-04)', 'npm model-bank 1.0.20260927202305'],
  rows: [
    {
      model: 'Baichuan4-Air',
      shows: 'the cheapest',
      usage: { inputTokens: 1, outputTokens: 2 },
      sum: '3 x 0.98',
      cost: '0.00000294',
    },
    {
      model: 'Baichuan4-Turbo',
      shows: 'one price for both directions',
      usage: { inputTokens: 1_000, outputTokens: 1_000 },
      sum: '2,000 x 15',
      cost: '0.03',
    },
    {
      model: 'Baichuan4',
      shows: 'the dearest',
      usage: { inputTokens: 12_345, outputTokens: 678 },
      sum: '13,023 x 100',
      cost: '1.3023',
    },
    {
      model: 'Baichuan-M2',
      shows: 'reasoning is output',
      usage: { inputTokens: 500, outputTokens: 100, reasoningTokens: 400 },
      sum: '500 x 2 + 500 x 20',
      cost: '0.011',
    },
    {
      model: 'Baichuan-M3',
      shows: 'the medical model',
      usage: { inputTokens: 300, outputTokens: 200 },
      sum: '300 x 10 + 200 x 30',
      cost: '0.009',
    },
    {
      model: 'Baichuan-Text-Embedding',
      shows: 'an embedding',
      usage: { inputTokens: 512 },
      sum: '512 x 0.5',
      cost: '0.000256',
    },
  ],
}

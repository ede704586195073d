import { describe, expect, it } from 'vitest'
import type { Overview } from '../../shared/api/types.ts'
import { chartSeries } from './chart-series.ts'

const zero = {
  requests: 0,
  inputTokens: 0,
  cachedInputTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  totalTokens: 0,
  listCost: '0',
  billedCost: '0',
  saved: '0',
  estimatedRequests: 0,
  interruptedRequests: 0,
  unpricedRequests: 0,
}
const row = (bucket: string, model: string, part: Partial<typeof zero>): Overview['series'][number] => ({
  ...zero,
  bucket,
  model,
  ...part,
})
const hours = ['2026-11-23T06:00:00.000Z', '2026-11-23T07:00:00.000Z', '2026-11-23T08:00:00.000Z']

describe('chart', () => {
  it('has a bar for every hour, also for those without a request', () => {
    const { rows } = chartSeries(
      [row('2026-11-23T08:00:00Z', 'qwen-plus', { totalTokens: 7 })],
      hours,
      'tokens',
    )
    expect(rows).toEqual([
      { bucket: hours[0], values: [0], total: 0 },
      { bucket: hours[1], values: [0], total: 0 },
      { bucket: hours[2], values: [7], total: 7 },
    ])
  })

  it('loses no row that stands outside the expected hours', () => {
    const { rows } = chartSeries(
      [row('2026-11-23T01:00:00Z', 'qwen-plus', { requests: 3 })],
      hours,
      'requests',
    )
    expect(rows.map(({ total }) => total)).toEqual([3, 0, 0, 0])
  })

  it('stacks the largest model first and the others last', () => {
    const at = '2026-11-23T08:00:00Z'
    const { models } = chartSeries(
      [
        row(at, 'other', { billedCost: '9' }),
        row(at, 'qwen3.5-plus', { billedCost: '0.5' }),
        row(at, 'hy3', { billedCost: '2.25' }),
      ],
      hours,
      'spend',
    )
    expect(models).toEqual([
      { model: 'hy3', total: 2.25 },
      { model: 'qwen3.5-plus', total: 0.5 },
      { model: 'other', total: 9 },
    ])
  })
})

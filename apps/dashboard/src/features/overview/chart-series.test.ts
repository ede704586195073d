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
const shanghai = { timeZone: 'Asia/Shanghai', nowMs: Date.parse('2026-11-23T08:30:00Z') }

describe('chart', () => {
  it('has a bar for every hour of the day, also for those without a request', () => {
    const { rows } = chartSeries([row('2026-11-23T08:00:00Z', 'qwen-plus', { totalTokens: 7 })], 'tokens', {
      ...shanghai,
      range: '24h',
      bucket: 'hour',
    })
    expect(rows).toHaveLength(24)
    expect(rows.at(-1)).toEqual({ bucket: '2026-11-23T08:00:00.000Z', values: [7], total: 7 })
    expect(rows[0]?.total).toBe(0)
  })

  it('begins days at midnight of the installation', () => {
    const { rows } = chartSeries([row('2026-11-22T16:00:00Z', 'qwen-plus', { requests: 3 })], 'requests', {
      ...shanghai,
      range: '7d',
      bucket: 'day',
    })
    expect(rows.map(({ total }) => total)).toEqual([0, 0, 0, 0, 0, 0, 3])
  })

  it('keeps a bar that the service counts and the page did not expect', () => {
    const { rows } = chartSeries([row('2026-11-01T16:00:00Z', 'qwen-plus', { requests: 3 })], 'requests', {
      ...shanghai,
      range: '7d',
      bucket: 'day',
    })
    expect(rows).toHaveLength(8)
    expect(rows[0]?.total).toBe(3)
  })

  it('stacks the largest model first and the others last', () => {
    const at = '2026-11-23T08:00:00Z'
    const { models } = chartSeries(
      [
        row(at, 'other', { billedCost: '9' }),
        row(at, 'qwen3.5-plus', { billedCost: '0.5' }),
        row(at, 'hy3', { billedCost: '2.25' }),
      ],
      'spend',
      { ...shanghai, range: '24h', bucket: 'hour' },
    )
    expect(models).toEqual([
      { model: 'hy3', total: 2.25 },
      { model: 'qwen3.5-plus', total: 0.5 },
      { model: 'other', total: 9 },
    ])
  })
})

import { describe, expect, it } from 'vitest'
import { emptyQuota, isLimit, suggestedQuotas, toQuotaInput } from './quota-form.ts'

describe('quota form', () => {
  it('sends money as a decimal string and counts as numbers', () => {
    expect(toQuotaInput({ ...emptyQuota, metric: 'cost', window: 'month', limit: '100.00' })).toEqual({
      metric: 'cost',
      window: 'month',
      limit: '100.00',
      hard: true,
      guarantee: 'exact',
    })
    expect(toQuotaInput({ ...emptyQuota, limit: '200000' }).limit).toBe(200_000)
  })

  it('sends no window with parallelism', () => {
    expect(toQuotaInput({ ...emptyQuota, metric: 'concurrency', limit: '4' })).toEqual({
      metric: 'concurrency',
      limit: 4,
      hard: true,
      guarantee: 'exact',
    })
  })

  it('sends every metric that is not estimated as exact, whatever was chosen before', () => {
    const bounded = { ...emptyQuota, guarantee: 'bounded' as const, limit: '4' }
    expect(toQuotaInput(bounded).guarantee).toBe('bounded')
    expect(toQuotaInput({ ...bounded, metric: 'requests' }).guarantee).toBe('exact')
  })

  it('leaves out what was not narrowed', () => {
    const narrowed = toQuotaInput({ ...emptyQuota, limit: '1', model: ' qwen-* ', member: 'li' })
    expect(narrowed).toMatchObject({ model: 'qwen-*', member: 'li' })
    expect(toQuotaInput({ ...emptyQuota, limit: '1' })).not.toHaveProperty('model')
  })

  it('takes no fractions of tokens and no words', () => {
    expect(isLimit({ metric: 'tokens', limit: '1.5' })).toBe(false)
    expect(isLimit({ metric: 'cost', limit: '1.5' })).toBe(true)
    expect(isLimit({ metric: 'requests', limit: '' })).toBe(false)
    expect(suggestedQuotas.every(isLimit)).toBe(true)
  })
})

import { describe, expect, it } from 'vitest'
import type { RequestDetail } from '../../shared/api/types.ts'
import { costSteps } from './cost-steps.ts'

function adjustment(listCost: string, billedCost: string, priced = 0): RequestDetail['adjustments'][number] {
  return {
    kind: 're-pricing',
    reason: 'set later',
    actor: 'system',
    createdAt: '2026-11-20T10:00:00Z',
    priceVersion: null,
    listCost,
    billedCost,
    grantAmount: null,
    priced,
  }
}
const shown = (row: Pick<RequestDetail, 'listCost' | 'billedCost' | 'adjustments'>) =>
  costSteps(row).map(({ listCost, billedCost }) => [
    listCost.before,
    listCost.after,
    billedCost.before,
    billedCost.after,
  ])

describe('corrections of a request', () => {
  it('lead from what was booked at first to what it costs now, to the last digit', () => {
    const adjustments = [adjustment('0.2', '0.1'), adjustment('-0.000000001', '0')]
    expect(shown({ listCost: '0.499999999', billedCost: '0.3', adjustments })).toEqual([
      ['0.3', '0.5', '0.2', '0.3'],
      ['0.5', '0.499999999', '0.3', '0.3'],
    ])
  })

  it('show a price that was unknown as unknown, not as nothing', () => {
    const found = adjustment('0.5', '0.5', 1)
    expect(shown({ listCost: '0.5', billedCost: '0.5', adjustments: [found] })).toEqual([
      [null, '0.5', '0', '0.5'],
    ])
    const lost = adjustment('-0.5', '-0.5', -1)
    expect(shown({ listCost: null, billedCost: '0', adjustments: [found, lost] })).toEqual([
      [null, '0.5', '0', '0.5'],
      ['0.5', null, '0.5', '0'],
    ])
  })
})

import { describe, expect, it } from 'vitest'
import type { GrantProposal } from '../../shared/api/types.ts'
import { expiryOf, initialChoice, toInput } from './grant-selection.ts'

const proposal: GrantProposal = {
  name: 'qwen-plus',
  models: ['qwen-plus'],
  unit: 'tokens',
  amount: '1000000',
  window: 'once',
  validDays: 90,
  whenEmpty: 'provider-stops',
  confidence: 'documented',
  note: null,
  sources: [],
  exists: false,
}

describe('proposed grants', () => {
  it('are ticked beforehand only when the vendor documents them and they are not there yet', () => {
    expect(initialChoice(proposal, '2026-11-23').selected).toBe(true)
    expect(initialChoice({ ...proposal, confidence: 'third-party' }, '2026-11-23').selected).toBe(false)
    expect(initialChoice({ ...proposal, exists: true }, '2026-11-23').selected).toBe(false)
  })

  it('end as many days after their first day as the vendor says', () => {
    expect(expiryOf(proposal, '2026-11-23')).toBe('2027-02-21')
    expect(expiryOf({ ...proposal, validDays: null }, '2026-11-23')).toBe('')
    expect(expiryOf({ ...proposal, window: 'day', validDays: 1 }, '2026-11-23')).toBe('')
  })

  it('are sent with local midnights and the catalogue as their source', () => {
    const choice = initialChoice(proposal, '2026-11-23')
    expect(toInput('tongyi-main', proposal, choice, 'Asia/Shanghai')).toMatchObject({
      amount: 1_000_000,
      validFrom: '2026-11-22T16:00:00.000Z',
      expiresAt: '2027-02-20T16:00:00.000Z',
      source: 'catalogue',
      confidence: 'documented',
    })
  })

  it('count as confirmed when a person corrects the amount', () => {
    const choice = { ...initialChoice(proposal, '2026-11-23'), amount: '654321' }
    expect(toInput('tongyi-main', proposal, choice, 'Asia/Shanghai')).toMatchObject({
      amount: 654_321,
      source: 'console',
      confidence: 'confirmed',
    })
  })

  it('keep money as the decimal string it is', () => {
    const money: GrantProposal = { ...proposal, unit: 'money', amount: '8.00' }
    expect(toInput('baichuan', money, initialChoice(money, '2026-11-23'), 'Asia/Shanghai').amount).toBe(
      '8.00',
    )
  })
})

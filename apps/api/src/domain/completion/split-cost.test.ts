import { describe, expect, it } from 'vitest'
import type { GrantEntry } from '../snapshot/snapshot.ts'
import type { Measured } from './measure.ts'
import { splitCost } from './split-cost.ts'

/** 1 CNY a million in, 2 CNY out: 1,000 and 2,000 nanos a token. */
const price = {
  versionId: 'v',
  currency: 'CNY',
  price: {
    tiers: [{ inputNanosPerMillion: 1_000_000_000n, outputNanosPerMillion: 2_000_000_000n }] as const,
  },
}
const measured: Measured = {
  usage: { inputTokens: 100, outputTokens: 50 },
  totalTokens: 150,
  source: 'provider',
}
const list = 200_000n
const hold = (
  unit: GrantEntry['unit'],
  amount: bigint,
  whenEmpty: GrantEntry['whenEmpty'] = 'provider-bills',
) => ({
  amount,
  grant: {
    id: 'g',
    accountId: 'a',
    name: 'grant',
    models: ['*'],
    covers: [],
    currency: 'CNY',
    lapsing: [],
    unit,
    amount,
    window: 'once' as const,
    validFromMs: 0,
    expiresAtMs: undefined,
    whenEmpty,
  },
})

describe('who pays', () => {
  it('money pays all of it without a grant', () => {
    expect(splitCost(measured, price, undefined, 0)).toEqual({
      listCostNanos: list,
      tier: 0,
      billedCostNanos: list,
      grantAmount: undefined,
    })
  })

  it.each([
    ['tokens', 1_000n, 150n, 0n],
    ['tokens', 75n, 75n, 100_000n],
    ['input-tokens', 1_000n, 100n, 100_000n],
    ['input-tokens', 50n, 50n, 150_000n],
    ['output-tokens', 1_000n, 50n, 100_000n],
    ['requests', 1n, 1n, 0n],
    ['money', 1_000_000n, list, 0n],
    ['money', 30_000n, 30_000n, 170_000n],
  ] as const)(
    'a grant of %s of which %i are held pays %i, and %i nanos are billed',
    (unit, held, covered, billed) => {
      expect(splitCost(measured, price, hold(unit, held), 0)).toMatchObject({
        grantAmount: covered,
        billedCostNanos: billed,
        listCostNanos: list,
      })
    },
  )

  it('nothing is billed beyond a grant whose platform stops at zero', () => {
    expect(splitCost(measured, price, hold('tokens', 100n, 'provider-stops'), 0)).toMatchObject({
      grantAmount: 150n,
      billedCostNanos: 0n,
    })
  })

  it('a refused request takes nothing from a grant, not even of requests', () => {
    const nothing: Measured = {
      usage: { inputTokens: 0, outputTokens: 0 },
      totalTokens: 0,
      source: 'provider',
    }
    expect(splitCost(nothing, price, hold('requests', 1n), 0)).toMatchObject({
      grantAmount: 0n,
      billedCostNanos: 0n,
    })
  })

  it('the list cost of a model without a price is unknown, not zero', () => {
    expect(splitCost(measured, undefined, hold('tokens', 1_000n), 0)).toMatchObject({
      listCostNanos: undefined,
      billedCostNanos: 0n,
      grantAmount: 150n,
    })
  })

  it('a fee a request is paid beside a grant of tokens, and by one of calls', () => {
    const withFee = { ...price, price: { ...price.price, perRequestNanos: 7n } }
    expect(splitCost(measured, withFee, hold('tokens', 1_000n), 0).billedCostNanos).toBe(7n)
    expect(splitCost(measured, withFee, hold('requests', 1n), 0).billedCostNanos).toBe(0n)
    const input = splitCost(measured, withFee, hold('input-tokens', 1_000n), 0).billedCostNanos
    const output = splitCost(measured, withFee, hold('output-tokens', 1_000n), 0).billedCostNanos
    expect(input + output).toBe(list + 7n + 7n)
  })

  it('all that was held is booked where nothing may spill and the provider has not had its last word', () => {
    const guarded = { ...hold('tokens', 1_000n), guarded: true }
    const booked = (change: Partial<Measured>) =>
      splitCost({ ...measured, ...change }, price, guarded, 0).grantAmount
    expect(booked({})).toBe(150n)
    expect(booked({ source: 'estimated' })).toBe(1_000n)
    expect(booked({ source: 'interrupted' })).toBe(1_000n)
    // Running totals of a stream that broke off.
    expect(booked({ final: false })).toBe(1_000n)
    const money = { ...hold('money', list * 10n), guarded: true }
    expect(splitCost({ ...measured, source: 'estimated' }, price, money, 0)).toMatchObject({
      grantAmount: list * 10n,
      billedCostNanos: 0n,
    })
  })
})

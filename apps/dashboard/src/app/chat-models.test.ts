import { describe, expect, it } from 'vitest'
import type { Account, Grant, PriceView } from '../shared/api/types.ts'
import { chatModels } from './chat-models.ts'

const noPrice: PriceView = {
  currency: 'CNY',
  inputPerMillion: null,
  cachedInputPerMillion: null,
  cacheWritePerMillion: null,
  outputPerMillion: null,
  thinkingOutputPerMillion: null,
  tiers: null,
  offPeak: null,
  perRequest: null,
  perImage: null,
  effectiveFrom: null,
  origin: 'price-book',
}
const prices: Readonly<Record<string, string>> = { 'qwen-turbo': '0.60', 'qwen-max': '9.60' }

const account = (name: string, models: readonly string[]): Account => ({
  id: name,
  name,
  provider: 'tongyi',
  protocol: 'tongyi-compatible',
  baseUrl: null,
  options: {},
  credentials: {},
  enabled: true,
  origin: 'api',
  state: 'ok',
  stateMessage: null,
  stateAt: null,
  models: models.map((model) => ({
    name: model,
    upstream: model,
    kind: model.includes('embedding') ? 'embedding' : 'chat',
    enabled: true,
    price: prices[model] === undefined ? null : { ...noPrice, outputPerMillion: prices[model] },
  })),
  createdAt: '2026-11-23T00:00:00Z',
  updatedAt: '2026-11-23T00:00:00Z',
})

const grant = (of: string, models: string[], state: Grant['state'] = 'active'): Grant => ({
  id: `${of}${models.join()}`,
  account: of,
  provider: 'tongyi',
  name: models.join(),
  models,
  covers: [],
  unit: 'tokens',
  currency: 'CNY',
  window: 'once',
  validFrom: '2026-11-23T00:00:00Z',
  expiresAt: null,
  whenEmpty: 'provider-stops',
  source: 'catalogue',
  confidence: 'documented',
  note: null,
  origin: 'api',
  state,
  granted: 1,
  settled: 0,
  held: 0,
  left: 1,
  expired: 0,
  usedPercent: 0,
  resetsAt: null,
  saved: '0',
  forecast: { perDay: null, emptyAt: null, expiresFirst: null },
  createdAt: '2026-11-23T00:00:00Z',
})

describe('models to try', () => {
  const accounts = [
    account('old', ['hy3']),
    account('new', ['qwen-max', 'qwen3.5-plus', 'text-embedding-v4']),
  ]

  it('are chat models, those of the new account first', () => {
    expect(chatModels(accounts, [], 'new')).toEqual(['qwen-max', 'qwen3.5-plus', 'hy3'])
  })

  it('begin with one that costs nothing', () => {
    expect(chatModels(accounts, [grant('new', ['qwen3.5-*'])], 'new')[0]).toBe('qwen3.5-plus')
  })

  it('put the cheapest first, and those without a price last', () => {
    const models = chatModels([account('new', ['qvq', 'qwen-max', 'qwen-turbo'])], [], 'new')
    expect(models).toEqual(['qwen-turbo', 'qwen-max', 'qvq'])
  })

  it('take a dot in a pattern for a dot, and an empty grant for none', () => {
    expect(chatModels(accounts, [grant('new', ['qwen3x5-plus'])], 'new')[0]).toBe('qwen-max')
    expect(chatModels(accounts, [grant('new', ['qwen3.5-*'], 'empty')], 'new')[0]).toBe('qwen-max')
  })
})

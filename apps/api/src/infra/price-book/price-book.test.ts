import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { adapters } from '@tollgate/adapters'
import { beforeAll, describe, expect, it } from 'vitest'
import { testFolder } from '../../../test/support/embedded-postgres.ts'
import { catalogueOf } from '../../domain/prices/book-catalogue.ts'
import type { PriceBook } from '../../domain/prices/price-book.ts'
import { priceFromJson, priceToJson } from '../../domain/prices/price-json.ts'
import type { PriceTier } from '../../domain/prices/price.ts'
import { matchesAny } from '../../domain/routing/match-pattern.ts'
import { readPriceBook } from './read-price-book.ts'

describe('the price book that is shipped', () => {
  let book: PriceBook
  beforeAll(async () => {
    book = await readPriceBook()
  })

  it('has models of every platform there is an adapter for', () => {
    const priced = new Set(book.models.filter(({ kind }) => kind === 'chat').map(({ provider }) => provider))
    const known = new Set<string>(Object.values(adapters).map(({ provider }) => provider))
    // Servers of one's own, whose models nobody can know.
    known.delete('openai-compatible')
    expect([...priced].sort()).toEqual([...known].sort())
  })

  it('names no model twice, under whatever name', () => {
    const names = book.models.flatMap(({ provider, model, aliases }) =>
      [model, ...aliases].map((name) => `${provider} ${name}`),
    )
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
  })

  it('leaves a price out where none is known: it is not free', () => {
    const unpriced = book.models.filter(({ price }) => price === undefined).map(({ model }) => model)
    expect(unpriced).toEqual(['qwen3-rerank', 'doubao-embedding-vision-251215', 'spark-x'])
    const free = book.models.filter(({ price }) => price?.tiers[0].inputNanosPerMillion === 0n)
    expect(free.filter(({ provider }) => provider !== 'modelscope').map(({ model }) => model)).toEqual([
      'ernie-speed-8k',
      'ernie-speed-128k',
      'ernie-lite-8k',
      'ernie-tiny-8k',
      'hunyuan-lite',
      'lite',
    ])
  })

  it('has tiers that follow on one another without a gap', () => {
    const gaps: string[] = []
    for (const { model, price } of book.models) {
      const tiers: readonly PriceTier[] = price?.tiers ?? []
      let reached = 0
      for (const tier of tiers) {
        const from = tier.inputOver ?? 0
        const splitByOutput = from === 0 && (tier.outputOver ?? 0) > 0
        if (!splitByOutput && from !== reached) gaps.push(`${model} from ${from}, reached ${reached}`)
        reached = tier.inputUpTo ?? Infinity
      }
    }
    expect(gaps).toEqual([])
  })

  it('survives the way into the database and back', () => {
    for (const { price } of book.models) {
      if (price !== undefined) {
        expect(priceFromJson(JSON.parse(JSON.stringify(priceToJson(price))))).toEqual(price)
      }
    }
  })

  it('has grants of models it knows, each in one pool of a name, with a reason to believe it', () => {
    const keys = book.grants.map(({ provider, name }) => `${provider} ${name}`)
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([])
    for (const { provider, models, name, amount } of book.grants) {
      const known = book.models.filter((model) => model.provider === provider)
      const covered = known.filter((model) => matchesAny(models, model.model))
      expect(covered, `${provider} ${name}`).not.toEqual([])
      expect(amount).toBeGreaterThan(0n)
    }
  })

  it("covers no model's use by the gift of another (Ark counts by base model)", () => {
    const ofArk = book.grants.filter(({ provider }) => provider === 'ark')
    for (const { model } of book.models.filter(
      ({ provider, kind }) => provider === 'ark' && kind === 'chat',
    )) {
      expect(ofArk.filter(({ models }) => matchesAny(models, model)).length, model).toBe(1)
    }
  })

  it('proposes the gifts that belong to an account as a whole once', () => {
    const of = (provider: string, name: string) =>
      book.grants.find((grant) => grant.provider === provider && grant.name === name)
    expect(of('baichuan', 'sign-up gift (tokens)')).toMatchObject({
      models: ['*'],
      unit: 'tokens',
      amount: 1_000_000n,
      confidence: 'brief',
    })
    expect(of('baichuan', 'sign-up gift (money)')).toMatchObject({ unit: 'money', amount: 8_000_000_000n })
    expect(of('hunyuan', 'resource pack')).toMatchObject({ amount: 1_000_000n, validDays: 365 })
    expect(of('hunyuan', 'resource pack')?.models).toContain('hunyuan-turbos-latest')
    expect(of('hunyuan', 'resource pack')?.models).not.toContain('hunyuan-lite')
    expect(of('modelscope', 'daily magicubes')).toMatchObject({
      models: ['*'],
      unit: 'requests',
      amount: 125n,
      window: 'day',
      whenEmpty: 'provider-stops',
    })
  })

  it('tells administration of each model by its proper name, and of nothing to a server of your own', () => {
    const catalogue = catalogueOf(book)
    expect(catalogue.models('tongyi').find(({ name }) => name === 'qwen-plus')).toMatchObject({
      kind: 'chat',
      contextTokens: 1_000_000,
      currency: 'CNY',
      asOf: '2026-09',
    })
    expect(catalogue.models('deepseek').map(({ name }) => name)).toEqual([
      'deepseek-flash',
      'deepseek-v4-pro',
    ])
    expect(catalogue.models('openai-compatible')).toEqual([])
    expect(catalogue.grants('tongyi').length).toBeGreaterThan(40)
  })
})

describe('readPriceBook', () => {
  it('names the place of a mistake instead of reading it as free', async () => {
    const path = join(await testFolder(), 'price-book.json')
    const model = { provider: 'ark', model: 'm', kind: 'chat', sources: ['s'], asOf: '2026-09' }
    const write = (price: object) =>
      writeFile(
        path,
        JSON.stringify({
          version: 1,
          effectiveFrom: '2026-10-01T00:00:00+08:00',
          currency: 'CNY',
          models: [{ ...model, price }],
          grants: [],
        }),
      )
    await write({ input: '0.8', ouput: '2' })
    await expect(readPriceBook(path)).rejects.toThrow(/ouput/)
    await write({ input: 'eight' })
    await expect(readPriceBook(path)).rejects.toThrow(/"eight" is not a decimal amount/)
    await write({ input: '-1' })
    await expect(readPriceBook(path)).rejects.toThrow(/"-1" is not a decimal amount/)
    await write({ input: '0.8' })
    expect((await readPriceBook(path)).models[0]?.price?.tiers[0]).toEqual({
      inputNanosPerMillion: 800_000_000n,
    })
  })
})

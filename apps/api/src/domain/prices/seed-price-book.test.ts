import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { testDatabase, type TestDatabase } from '../../../test/support/postgres.ts'
import type { BookModel, PriceBook } from './price-book.ts'
import { seedPriceBook } from './seed-price-book.ts'

const model = (name: string, inputNanosPerMillion: bigint, more: Partial<BookModel> = {}): BookModel => ({
  provider: 'tongyi',
  model: name,
  aliases: [],
  kind: 'chat',
  contextTokens: undefined,
  maxOutputTokens: undefined,
  capabilities: [],
  price: { tiers: [{ inputNanosPerMillion, outputNanosPerMillion: 2n }] },
  note: undefined,
  sources: ['price page', 'a second look'],
  asOf: '2026-09',
  ...more,
})

const book = (version: number, effectiveFrom: string, models: readonly BookModel[]): PriceBook => ({
  version,
  effectiveFrom: new Date(effectiveFrom),
  currency: 'CNY',
  models,
  grants: [],
})

describe('seedPriceBook', () => {
  let database: TestDatabase
  beforeEach(async () => {
    database = await testDatabase()
  })
  afterEach(() => database.close())

  const rows = async () =>
    (
      await database.prisma.priceVersion.findMany({ orderBy: [{ model: 'asc' }, { effectiveFrom: 'asc' }] })
    ).map((row) => [row.model, JSON.stringify(row.price), row.effectiveFrom.toISOString().slice(0, 10)])
  const priced = (input: string) =>
    `{"tiers":[{"inputNanosPerMillion":"${input}","outputNanosPerMillion":"2"}]}`

  it('takes the first price of a model for all time before, under each of its names', async () => {
    const first = book(1, '2026-10-01T00:00:00+08:00', [
      model('qwen-plus', 8n),
      model('doubao-1', 3n, { aliases: ['doubao-one'] }),
      model('unpriced', 0n, { price: undefined }),
    ])
    expect(await seedPriceBook(database.prisma, first)).toEqual({ inserted: 3 })
    expect(await rows()).toEqual([
      ['doubao-1', priced('3'), '2000-01-01'],
      ['doubao-one', priced('3'), '2000-01-01'],
      ['qwen-plus', priced('8'), '2000-01-01'],
    ])
    expect(await database.prisma.priceVersion.findFirst()).toMatchObject({
      provider: 'tongyi',
      origin: 'price-book',
      source: 'price page; a second look',
      currency: 'CNY',
      offeringId: null,
    })
  })

  it('adds what a later version changed from its date on, and touches nothing else', async () => {
    await seedPriceBook(database.prisma, book(1, '2026-10-01T00:00:00Z', [model('a', 8n), model('b', 3n)]))
    const before = await database.prisma.priceVersion.findMany({ orderBy: { id: 'asc' } })
    const second = book(2, '2026-12-01T00:00:00Z', [model('a', 6n), model('b', 3n), model('c', 1n)])
    expect(await seedPriceBook(database.prisma, second)).toEqual({ inserted: 2 })
    expect(await rows()).toEqual([
      ['a', priced('8'), '2000-01-01'],
      ['a', priced('6'), '2026-12-01'],
      ['b', priced('3'), '2000-01-01'],
      ['c', priced('1'), '2000-01-01'],
    ])
    const kept = await database.prisma.priceVersion.findMany({
      where: { id: { in: before.map(({ id }) => id) } },
      orderBy: { id: 'asc' },
    })
    expect(kept).toEqual(before)
  })

  it('does nothing for a version it has seen or a newer one has replaced', async () => {
    await seedPriceBook(database.prisma, book(2, '2026-10-01T00:00:00Z', [model('a', 8n)]))
    expect(await seedPriceBook(database.prisma, book(2, '2026-10-01T00:00:00Z', [model('a', 9n)]))).toEqual({
      inserted: 0,
    })
    expect(await seedPriceBook(database.prisma, book(1, '2026-10-01T00:00:00Z', [model('a', 7n)]))).toEqual({
      inserted: 0,
    })
    expect(await rows()).toEqual([['a', priced('8'), '2000-01-01']])
  })

  it('seeds once when several processes start together', async () => {
    const first = book(1, '2026-10-01T00:00:00Z', [model('a', 8n), model('b', 3n)])
    const outcomes = await Promise.all([1, 2, 3, 4].map(() => seedPriceBook(database.prisma, first)))
    expect(outcomes.map(({ inserted }) => inserted).sort((a, b) => a - b)).toEqual([0, 0, 0, 2])
    expect(await rows()).toHaveLength(2)
  })

  it('does not take an override of an offering for a price of the book', async () => {
    await seedPriceBook(database.prisma, book(1, '2026-10-01T00:00:00Z', [model('a', 8n)]))
    await database.prisma.priceVersion.create({
      data: {
        id: '00000000-0000-7000-8000-000000000001',
        provider: 'tongyi',
        model: 'a',
        price: { tiers: [{ inputNanosPerMillion: '6' }] },
        effectiveFrom: new Date('2026-11-01T00:00:00Z'),
        origin: 'api',
      },
    })
    const second = book(2, '2026-12-01T00:00:00Z', [model('a', 8n)])
    expect(await seedPriceBook(database.prisma, second)).toEqual({ inserted: 0 })
  })
})

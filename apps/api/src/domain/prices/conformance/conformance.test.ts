import { beforeAll, describe, expect, it } from 'vitest'
import { readPriceBook } from '../../../infra/price-book/read-price-book.ts'
import { formatNanos } from '../format-nanos.ts'
import type { PriceBook } from '../price-book.ts'
import { priceUsage } from '../price-usage.ts'
import { ark } from './ark.ts'
import { baichuan } from './baichuan.ts'
import { deepseek } from './deepseek.ts'
import { hunyuan } from './hunyuan.ts'
import { modelscope } from './modelscope.ts'
import { qianfan } from './qianfan.ts'
import { spark } from './spark.ts'
import type { ConformanceRow, ConformanceTable } from './table.ts'
import { tongyi } from './tongyi.ts'

const tables: readonly ConformanceTable[] = [
  ark,
  baichuan,
  deepseek,
  hunyuan,
  modelscope,
  qianfan,
  spark,
  tongyi,
]
const offPeak = '2026-10-16T03:00:00+08:00'

let book: PriceBook
beforeAll(async () => {
  book = await readPriceBook()
})

it('has a table for every provider of the price book', () => {
  const providers = [...new Set(book.models.map(({ provider }) => provider))].sort()
  expect(tables.map(({ provider }) => provider).sort()).toEqual(providers)
})

describe.each(tables)('bills of $provider, worked out by hand', ({ provider, rows }) => {
  it.each(rows.map((row): [string, string, ConformanceRow] => [row.model, row.shows, row]))(
    '%s: %s',
    (_model, _shows, row) => {
      expect(work(row.sum)).toBe(row.cost)
      const model = book.models.find((known) => known.provider === provider && known.model === row.model)
      if (model?.price === undefined) throw new Error(`${row.model} has no price in the book`)
      const priced = priceUsage(model.price, row.usage, {
        atMs: Date.parse(row.at ?? offPeak),
        thinking: row.thinking,
        ...(row.images === undefined ? {} : { images: row.images }),
      })
      expect(priced && formatNanos(priced.costNanos)).toBe(row.cost)
    },
  )
})

/** The sum of a row as a person with a pocket calculator works it out, apart from all code that prices anything. */
function work(sum: string): string {
  let trillionths = 0n
  for (const part of sum.split(' + ')) {
    const match = /^([\d,]+)( pieces?)? x (\d+)(?:\.(\d+))?$/.exec(part)
    if (match === null) throw new Error(`"${part}" is not an amount by a rate`)
    const [, count = '', pieces, whole = '', fraction = ''] = match
    const rate = BigInt(whole + fraction.padEnd(6, '0'))
    // A rate has six digits behind the point, and is for a million of tokens or for one piece.
    trillionths += BigInt(count.replaceAll(',', '')) * rate * (pieces === undefined ? 1n : 1_000_000n)
  }
  const nanos = trillionths / 1_000n + (trillionths % 1_000n === 0n ? 0n : 1n)
  const digits = nanos.toString().padStart(10, '0')
  return `${digits.slice(0, -9)}.${digits.slice(-9)}`.replace(/\.?0+$/, '')
}

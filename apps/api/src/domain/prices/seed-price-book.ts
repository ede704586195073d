import { v7 as uuidv7 } from 'uuid'
import { sql, type Db, type Tx } from '../../ports/database.ts'
import { priceFromJson, priceToJson } from './price-json.ts'
import type { PriceBook } from './price-book.ts'
import type { Price } from './price.ts'

/**
 * Takes a new version of the price book over into `price_version`, once, whoever starts at the same time. Only prices
 * that changed get a row; rows that are there stay as they are, and so does what was booked by them. Returns how many
 * rows were added.
 */
export async function seedPriceBook(db: Db, book: PriceBook): Promise<{ readonly inserted: number }> {
  return db.$transaction(
    async (tx) => {
      await tx.$executeRaw(sql`SELECT pg_advisory_xact_lock(${lockNumber})`)
      // An older version of the service beside a newer one (a roll-out, a step back) leaves the newer prices alone.
      if ((await seededVersion(tx)) >= book.version) return { inserted: 0 }
      const latest = await latestPrices(tx)
      const rows = book.models.flatMap(({ provider, model, aliases, price, sources }) => {
        if (price === undefined) return []
        const source = sources.join('; ')
        return [model, ...aliases].flatMap((name) => {
          const before = latest.get(`${provider} ${name}`)
          if (before === fingerprint(price, book.currency)) return []
          // The first price known of a model has none before it, so it is the best there is for all the time before.
          const effectiveFrom = before === undefined ? beginning : book.effectiveFrom
          return [{ id: uuidv7(), provider, model: name, price: priceToJson(price), effectiveFrom, source }]
        })
      })
      await tx.priceVersion.createMany({
        data: rows.map((row) => ({ ...row, currency: book.currency, origin: 'price-book' })),
      })
      // Processes that run already learn of it now instead of at their next look.
      if (rows.length > 0) await tx.$executeRaw(sql`select pg_notify('tollgate_config', '')`)
      await tx.setting.upsert({
        where: { name: settingName },
        create: { name: settingName, value: { version: book.version } },
        update: { value: { version: book.version } },
      })
      return { inserted: rows.length }
    },
    { maxWait: 30_000, timeout: 60_000 },
  )
}

const settingName = 'price-book'
const beginning = new Date('2000-01-01T00:00:00Z')
/** Ours alone among the advisory locks of this database. */
const lockNumber = 7_201_001

async function seededVersion(tx: Tx): Promise<number> {
  const setting = await tx.setting.findUnique({ where: { name: settingName } })
  const value = setting?.value
  const version =
    typeof value === 'object' && value !== null && 'version' in value ? value['version'] : undefined
  return typeof version === 'number' ? version : 0
}

/** By provider and model, of the book's own rows. */
async function latestPrices(tx: Tx): Promise<Map<string, string>> {
  const rows = await tx.priceVersion.findMany({
    where: { origin: 'price-book', offeringId: null },
    orderBy: [{ effectiveFrom: 'asc' }, { createdAt: 'asc' }, { id: 'asc' }],
    select: { provider: true, model: true, price: true, currency: true },
  })
  return new Map(
    rows.map((row) => [`${row.provider} ${row.model}`, fingerprint(priceFromJson(row.price), row.currency)]),
  )
}

/** Equal for equal prices: written by the same schema, in the same order of fields. */
function fingerprint(price: Price, currency: string): string {
  return `${currency} ${JSON.stringify(priceToJson(price))}`
}

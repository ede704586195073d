import { raw, sql, type Db, type Tx } from '../../ports/database.ts'
import { priceFromJson } from '../prices/price-json.ts'
import { priceProvider } from '../prices/price-provider.ts'
import type { Price } from '../prices/price.ts'

export interface CurrentPrice {
  readonly versionId: string
  readonly price: Price
  readonly currency: string
  readonly effectiveFrom: Date
  readonly origin: 'price-book' | 'yaml' | 'api'
}

/** The price in force of each offering: its own override if it has one, else the price book's row of its upstream model. */
export async function currentPrices(
  db: Db | Tx,
  at: Date,
  accountIds?: readonly string[],
): Promise<ReadonlyMap<string, CurrentPrice>> {
  const ofAccounts =
    accountIds === undefined ? sql`true` : sql`o.account_id = any(${[...accountIds]}::uuid[])`
  const rows = await db.$queryRaw<PriceRow[]>`
    select o.id::text as offering_id, v.*
    from offering o
    join account on account.id = o.account_id
    join lateral (
      select p.id::text as version_id, p.price, p.currency, p.effective_from, p.origin
      from price_version p
      where (p.offering_id = o.id
             or (p.offering_id is null and p.provider = ${raw(priceProvider)} and p.model = o.upstream_model))
        and p.effective_from <= ${at}
      order by (p.offering_id is not null) desc, p.effective_from desc, p.created_at desc, p.id desc
      limit 1
    ) v on true
    where ${ofAccounts}`
  return new Map(
    rows.map((row) => [
      row.offering_id,
      {
        versionId: row.version_id,
        price: priceFromJson(row.price),
        currency: row.currency,
        effectiveFrom: row.effective_from,
        origin: row.origin,
      },
    ]),
  )
}

interface PriceRow {
  readonly offering_id: string
  readonly version_id: string
  readonly price: unknown
  readonly currency: string
  readonly effective_from: Date
  readonly origin: 'price-book' | 'yaml' | 'api'
}

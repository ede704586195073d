import { priceFromJson } from '../prices/price-json.ts'
import type { CurrentPrice } from './current-prices.ts'
import { decodeCursor, toPage, type Page, type PageRequest } from './page.ts'
import type { AdministrationServices } from './services.ts'

export interface PriceVersionView extends CurrentPrice {
  readonly provider: string
  readonly model: string
  /** `account/name` for the price of one offering. */
  readonly offering: string | undefined
  readonly source: string | undefined
  readonly createdAt: Date
}

export interface PriceFilter {
  readonly provider: string | undefined
  readonly model: string | undefined
  readonly account: string | undefined
}

/** Every version, newest first, past ones included: a booked request names the version it was priced by. */
export async function listPrices(
  services: AdministrationServices,
  request: PageRequest & PriceFilter,
): Promise<Page<PriceVersionView>> {
  const rows = await services.db.priceVersion.findMany({
    where: {
      ...(request.provider === undefined ? {} : { provider: request.provider }),
      ...(request.model === undefined ? {} : { model: request.model }),
      ...(request.account === undefined ? {} : { offering: { account: { name: request.account } } }),
      ...(request.cursor === undefined ? {} : { id: { lt: decodeCursor(request.cursor) } }),
    },
    include: { offering: { select: { name: true, account: { select: { name: true } } } } },
    orderBy: { id: 'desc' },
    take: request.limit + 1,
  })
  const page = toPage(rows, request.limit, (row) => row.id)
  return {
    ...page,
    data: page.data.map((row) => ({
      versionId: row.id,
      provider: row.provider,
      model: row.model,
      offering: row.offering === null ? undefined : `${row.offering.account.name}/${row.offering.name}`,
      price: priceFromJson(row.price),
      currency: row.currency,
      effectiveFrom: row.effectiveFrom,
      origin: priceOrigin(row.origin),
      source: row.source ?? undefined,
      createdAt: row.createdAt,
    })),
  }
}

function priceOrigin(text: string): CurrentPrice['origin'] {
  return text === 'yaml' || text === 'price-book' ? text : 'api'
}

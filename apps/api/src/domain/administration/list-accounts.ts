import type { Db } from '../../ports/database.ts'
import { currentPrices, type CurrentPrice } from './current-prices.ts'
import { notFound } from './error.ts'
import { maskSecret } from './mask-secret.ts'
import { decodeCursor, toPage, type Page, type PageRequest } from './page.ts'
import type { AdministrationServices } from './services.ts'
import { SecretsUnreadable } from '../../ports/secrets.ts'

export interface AccountView {
  readonly id: string
  readonly name: string
  readonly provider: string
  readonly protocol: string
  readonly baseUrl: string
  readonly options: Readonly<Record<string, string>>
  /** Masked. Empty when the stored ones cannot be decrypted. */
  readonly credentials: Readonly<Record<string, string>>
  readonly enabled: boolean
  readonly origin: string
  readonly state: string
  readonly stateMessage: string | undefined
  readonly stateAt: Date | undefined
  readonly models: readonly AccountModelView[]
  readonly createdAt: Date
  readonly updatedAt: Date
}

export interface AccountModelView {
  readonly id: string
  readonly name: string
  readonly upstream: string
  readonly kind: string
  readonly enabled: boolean
  readonly price: CurrentPrice | undefined
}

export async function listAccounts(
  services: AdministrationServices,
  request: PageRequest,
): Promise<Page<AccountView>> {
  const rows = await services.db.account.findMany({
    ...(request.cursor === undefined ? {} : { where: { name: { gt: decodeCursor(request.cursor) } } }),
    include: { offerings: { orderBy: { name: 'asc' } } },
    orderBy: { name: 'asc' },
    take: request.limit + 1,
  })
  const page = toPage(rows, request.limit, (row) => row.name)
  const prices = await pricesOf(services, page.data)
  return { ...page, data: page.data.map((row) => toView(services, row, prices)) }
}

export async function findAccount(services: AdministrationServices, name: string): Promise<AccountView> {
  const row = await findAccountRow(services.db, name)
  return toView(services, row, await pricesOf(services, [row]))
}

export async function findAccountRow(db: Pick<Db, 'account'>, name: string) {
  const row = await db.account.findUnique({
    where: { name },
    include: { offerings: { orderBy: { name: 'asc' } } },
  })
  if (row === null) throw notFound('account', name)
  return row
}

export type AccountRow = Awaited<ReturnType<typeof findAccountRow>>

/** `options` of the row: only strings are ever written, and only strings are read. */
export function optionsOf(row: Pick<AccountRow, 'options'>): Readonly<Record<string, string>> {
  if (typeof row.options !== 'object' || row.options === null) return {}
  return Object.fromEntries(
    Object.entries(row.options).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
}

function pricesOf(services: AdministrationServices, rows: readonly AccountRow[]) {
  return currentPrices(
    services.db,
    new Date(services.clock.now()),
    rows.map((row) => row.id),
  )
}

function toView(
  services: AdministrationServices,
  row: AccountRow,
  prices: ReadonlyMap<string, CurrentPrice>,
): AccountView {
  const credentials = preview(services, row)
  return {
    id: row.id,
    name: row.name,
    provider: row.provider,
    protocol: row.protocol,
    baseUrl: row.baseUrl,
    options: optionsOf(row),
    credentials: credentials.masked,
    enabled: row.enabled,
    origin: row.origin,
    state: credentials.fault === undefined ? row.state : 'invalid_credentials',
    stateMessage: credentials.fault ?? row.stateMessage ?? undefined,
    stateAt: row.stateAt ?? undefined,
    models: row.offerings.map((offering) => ({
      id: offering.id,
      name: offering.name,
      upstream: offering.upstreamModel,
      kind: offering.kind,
      enabled: offering.enabled,
      price: prices.get(offering.id),
    })),
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  }
}

function preview(services: AdministrationServices, row: AccountRow) {
  try {
    const opened = services.secrets.open(row.id, row.credentials)
    const masked = Object.fromEntries(
      Object.entries(opened).map(([name, value]) => [name, maskSecret(value)]),
    )
    return { masked, fault: undefined }
  } catch (error) {
    if (error instanceof SecretsUnreadable) return { masked: {}, fault: error.message }
    throw error
  }
}

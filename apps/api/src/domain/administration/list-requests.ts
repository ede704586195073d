import type { AdjustmentRow, UsageRow } from '../../ports/database.ts'
import { drainBooks } from './drain-books.ts'
import type { Actor } from './actor.ts'
import { seesTeam } from './actor.ts'
import { invalidField, notFound } from './error.ts'
import { decodeCursor, toPage, type Page, type PageRequest } from './page.ts'
import { findConditions, type UsageFilter } from './report-usage.ts'
import type { AdministrationServices } from './services.ts'
import { readRange } from './usage-range.ts'

export interface RequestView {
  /** With its corrections: what the request costs by what is known now. */
  readonly record: UsageRow
  /** Oldest first; what was booked at first is the record without them. */
  readonly adjustments: readonly AdjustmentRow[]
  readonly member: string | undefined
  readonly grant: { readonly name: string; readonly unit: string } | undefined
}

export interface RequestQuery extends PageRequest {
  readonly filter: UsageFilter
  readonly status: string | undefined
  readonly from: string | undefined
  readonly to: string | undefined
}

/** The ledger, newest first. */
export async function listRequests(
  services: AdministrationServices,
  actor: Actor,
  query: RequestQuery,
): Promise<Page<RequestView>> {
  await drainBooks(services)
  const conditions = await findConditions(services, actor, query.filter)
  const range =
    query.from === undefined && query.to === undefined
      ? undefined
      : readRange(query.from ?? '1970-01-01', query.to, services.clock.now(), services.timeZone)
  const after = query.cursor === undefined ? undefined : readCursor(query.cursor)
  const rows = await services.db.usageRecord.findMany({
    where: {
      AND: [
        range === undefined ? {} : { startedAt: { gte: range.from, lt: range.to } },
        conditions.teamIds === undefined ? {} : { teamId: { in: [...conditions.teamIds] } },
        conditions.keyIds === undefined ? {} : { keyId: { in: [...conditions.keyIds] } },
        conditions.accountIds === undefined ? {} : { accountId: { in: [...conditions.accountIds] } },
        conditions.model === undefined ? {} : { model: conditions.model },
        conditions.provider === undefined ? {} : { provider: conditions.provider },
        query.status === undefined ? {} : { status: query.status },
        after === undefined
          ? {}
          : {
              startedAt: { lte: after.startedAt },
              OR: [
                { startedAt: { lt: after.startedAt } },
                { startedAt: after.startedAt, requestId: { lt: after.requestId } },
              ],
            },
      ],
    },
    orderBy: [{ startedAt: 'desc' }, { requestId: 'desc' }],
    take: query.limit + 1,
  })
  const page = toPage(rows, query.limit, (row) => `${row.startedAt.getTime()} ${row.requestId}`)
  return { ...page, data: await withNames(services, page.data) }
}

export async function findRequest(
  services: AdministrationServices,
  actor: Actor,
  id: string,
): Promise<RequestView> {
  await drainBooks(services)
  const row = await services.db.usageRecord.findFirst({ where: { requestId: id } })
  if (row === null || !seesTeam(actor, row.teamId)) throw notFound('request', id)
  const [view] = await withNames(services, [row])
  if (view === undefined) throw notFound('request', id)
  return view
}

function readCursor(cursor: string): { readonly startedAt: Date; readonly requestId: string } {
  const [startedAtMs = '', requestId = ''] = decodeCursor(cursor).split(' ')
  if (!/^\d{1,15}$/.test(startedAtMs) || !/^[0-9a-f-]{36}$/.test(requestId))
    throw invalidField('cursor', 'is not a cursor of this list')
  return { startedAt: new Date(Number(startedAtMs)), requestId }
}

async function withNames(
  services: AdministrationServices,
  rows: readonly UsageRow[],
): Promise<readonly RequestView[]> {
  const adjustments = await readAdjustments(services, rows)
  const memberIds = rows.flatMap((row) => row.memberId ?? [])
  const grantIds = rows.flatMap((row) => row.grantId ?? [])
  const [members, grants] = await Promise.all([
    services.db.member.findMany({ where: { id: { in: memberIds } }, select: { id: true, name: true } }),
    services.db.grant.findMany({
      where: { id: { in: grantIds } },
      select: { id: true, name: true, unit: true },
    }),
  ])
  const memberNames = new Map(members.map((member) => [member.id, member.name]))
  const grantsById = new Map(grants.map((grant) => [grant.id, grant]))
  return rows.map((record) => ({
    record: withAdjustments(record, adjustments.get(record.requestId) ?? []),
    adjustments: adjustments.get(record.requestId) ?? [],
    member: record.memberId === null ? undefined : memberNames.get(record.memberId),
    grant: record.grantId === null ? undefined : grantsById.get(record.grantId),
  }))
}

async function readAdjustments(
  services: AdministrationServices,
  rows: readonly UsageRow[],
): Promise<ReadonlyMap<string, readonly AdjustmentRow[]>> {
  const found = await services.db.usageAdjustment.findMany({
    where: { requestId: { in: rows.map((row) => row.requestId) } },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  })
  return Map.groupBy(found, (row) => row.requestId)
}

function withAdjustments(record: UsageRow, adjustments: readonly AdjustmentRow[]): UsageRow {
  const repriced = adjustments.findLast((row) => row.kind === 're-pricing')
  const sum = (field: 'listCost' | 'billedCost' | 'grantAmount') =>
    adjustments.reduce((total, row) => total + row[field], 0n)
  const priced = adjustments.reduce((total, row) => total + row.priced, record.listCost === null ? 0 : 1)
  return {
    ...record,
    listCost: priced > 0 ? (record.listCost ?? 0n) + sum('listCost') : null,
    billedCost: record.billedCost + sum('billedCost'),
    grantAmount: record.grantAmount === null ? null : record.grantAmount + sum('grantAmount'),
    priceVersionId: repriced === undefined ? record.priceVersionId : repriced.priceVersionId,
    priceTier: repriced === undefined ? record.priceTier : repriced.priceTier,
  }
}

import { join, sql, type Sql } from '../../ports/database.ts'
import { drainBooks } from './drain-books.ts'
import type { Actor } from './actor.ts'
import { resolveIds, resolveNames, type NamedKind } from './resolve-names.ts'
import type { AdministrationServices } from './services.ts'
import { toTotals, type Totals } from './totals.ts'
import { namedRange, rangeBefore, readRange, type RangeName, type UsageRange } from './usage-range.ts'
import { noId, totalsColumns, usageSource, type TotalsRow, type UsageConditions } from './usage-source.ts'

export const usageDimensions = [
  'team',
  'key',
  'model',
  'provider',
  'account',
  'grant',
  'status',
  'hour',
  'day',
] as const
export type UsageDimension = (typeof usageDimensions)[number]

export interface UsageQuery {
  readonly range: RangeName | undefined
  readonly from: string | undefined
  readonly to: string | undefined
  readonly groupBy: readonly UsageDimension[]
  readonly compare: boolean
  readonly filter: UsageFilter
}

/** By name; `key` also by id. */
export interface UsageFilter {
  readonly team: string | undefined
  readonly key: string | undefined
  readonly model: string | undefined
  readonly provider: string | undefined
  readonly account: string | undefined
}

export interface UsageGroup {
  /** Ids of teams, keys, accounts and grants; ISO times; else the value itself. `undefined`: none, e.g. no grant. */
  readonly values: readonly {
    readonly dimension: UsageDimension
    readonly value: string | undefined
    readonly label: string
  }[]
  readonly totals: Totals
}

export interface UsageReport {
  readonly range: UsageRange
  readonly totals: Totals
  readonly previous: Totals | undefined
  readonly groups: readonly UsageGroup[]
  /** More groups than fit; the greatest are here. */
  readonly truncated: boolean
}

/** Sums of what is booked, true to the last settled request of this process. */
export async function reportUsage(
  services: AdministrationServices,
  actor: Actor,
  query: UsageQuery,
): Promise<UsageReport> {
  await drainBooks(services)
  const nowMs = services.clock.now()
  const [range, conditions] = await Promise.all([
    findRange(services, query, nowMs),
    findConditions(services, actor, query.filter),
  ])
  const [totals, previous, groups] = await Promise.all([
    sumUsage(services, range, nowMs, conditions),
    query.compare && query.range !== 'all'
      ? sumUsage(services, rangeBefore(range), nowMs, conditions)
      : undefined,
    query.groupBy.length === 0 ? [] : groupUsage(services, range, nowMs, conditions, query.groupBy),
  ])
  return { range, totals, previous, groups: groups.slice(0, groupsMax), truncated: groups.length > groupsMax }
}

export async function findConditions(
  services: AdministrationServices,
  actor: Actor,
  filter: UsageFilter,
): Promise<UsageConditions> {
  const [teamIds, keyIds, accountIds] = await Promise.all([
    filter.team === undefined ? undefined : resolveIds(services, 'team', filter.team),
    filter.key === undefined
      ? undefined
      : uuidPattern.test(filter.key)
        ? [filter.key]
        : resolveIds(services, 'key', filter.key),
    filter.account === undefined ? undefined : resolveIds(services, 'account', filter.account),
  ])
  return {
    teamIds:
      actor.teamId === undefined
        ? teamIds
        : teamIds === undefined || teamIds.includes(actor.teamId)
          ? [actor.teamId]
          : [],
    keyIds,
    accountIds,
    model: filter.model,
    provider: filter.provider,
  }
}

export async function sumUsage(
  services: AdministrationServices,
  range: UsageRange,
  nowMs: number,
  conditions: UsageConditions,
): Promise<Totals> {
  const [row] = await services.db.$queryRaw<[TotalsRow]>(sql`
    select ${totalsColumns(services.currency)} from (${usageSource(range, nowMs, conditions)}) usage`)
  return toTotals(row)
}

const groupsMax = 10_000
const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

async function findRange(
  services: AdministrationServices,
  query: UsageQuery,
  nowMs: number,
): Promise<UsageRange> {
  if (query.from !== undefined) return readRange(query.from, query.to, nowMs, services.timeZone)
  const name = query.range ?? '30d'
  const first = name === 'all' ? await firstBookedMs(services) : undefined
  return namedRange(name, nowMs, services.timeZone, first)
}

async function firstBookedMs(services: AdministrationServices): Promise<number | undefined> {
  const [row] = await services.db.$queryRaw<[{ hour: Date | null }]>(
    sql`select min(hour) as hour from usage_rollup`,
  )
  return row.hour?.getTime()
}

async function groupUsage(
  services: AdministrationServices,
  range: UsageRange,
  nowMs: number,
  conditions: UsageConditions,
  dimensions: readonly UsageDimension[],
): Promise<readonly UsageGroup[]> {
  const columns = dimensions.map(
    (dimension, index) => sql`${columnOf(dimension, services.timeZone)} as ${names[index] ?? names[0]}`,
  )
  const positions = dimensions.map((_, index) => names[index] ?? names[0])
  const times = dimensions.flatMap((dimension, index) =>
    isTime(dimension) ? [names[index] ?? names[0]] : [],
  )
  const order = join([...times, sql`total_tokens desc`, sql`requests desc`, ...positions], ', ')
  const rows = await services.db.$queryRaw<(TotalsRow & Record<DimensionName, string>)[]>(sql`
    select ${join(columns, ', ')}, ${totalsColumns(services.currency)}
    from (${usageSource(range, nowMs, conditions)}) usage
    group by ${join(positions, ', ')} order by ${order} limit ${groupsMax + 1}`)

  const labels = await Promise.all(
    dimensions.map(async (dimension, index) => {
      const kind = namedKinds.find((candidate) => candidate === dimension)
      if (kind === undefined) return undefined
      const ids = rows.map((row) => row[dimensionNames[index] ?? 'd0']).filter((id) => id !== noId)
      return resolveNames(services, kind, ids)
    }),
  )
  return rows.map((row) => ({
    values: dimensions.map((dimension, index) => {
      const text = row[dimensionNames[index] ?? 'd0']
      const value = text === '' || text === noId ? undefined : text
      return { dimension, value, label: value === undefined ? 'none' : (labels[index]?.get(value) ?? value) }
    }),
    totals: toTotals(row),
  }))
}

type DimensionName = 'd0' | 'd1'
const dimensionNames: readonly DimensionName[] = ['d0', 'd1']
const names = [sql`d0`, sql`d1`] as const
const namedKinds: readonly NamedKind[] = ['team', 'key', 'account', 'grant']

function isTime(dimension: UsageDimension): boolean {
  return dimension === 'hour' || dimension === 'day'
}

/** As text: ids and values as they are, times as ISO 8601 in UTC of the start of the hour or local day. */
export function columnOf(dimension: UsageDimension, timeZone: string): Sql {
  switch (dimension) {
    case 'team':
      return sql`team_id::text`
    case 'key':
      return sql`key_id::text`
    case 'model':
      return sql`model`
    case 'provider':
      return sql`provider`
    case 'account':
      return sql`account_id::text`
    case 'grant':
      return sql`grant_id::text`
    case 'status':
      return sql`status`
    case 'hour':
      return isoText(sql`date_trunc('hour', at, ${timeZone})`)
    case 'day':
      return isoText(sql`date_trunc('day', at, ${timeZone})`)
  }
}

function isoText(at: Sql): Sql {
  return sql`to_char(${at} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
}

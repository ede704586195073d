import { isBounded, overshootBound, overshootCounter, quotaCounter, turnsAtMs } from '../counters/windows.ts'
import type { QuotaEntry, QuotaMetric, QuotaWindow } from '../snapshot/snapshot.ts'
import type { AdministrationServices } from './services.ts'

export interface QuotaReport {
  readonly quota: QuotaEntry
  readonly teamId: string
  readonly memberName: string | undefined
  readonly key: { readonly id: string; readonly name: string } | undefined
  readonly currency: string
  readonly origin: string
  readonly settled: bigint
  readonly held: bigint
  /** Never below 0. */
  readonly left: bigint
  /**
   * How much more than is held the running requests may come to at the worst; `undefined`: an exact quota, for which all
   * of it is held.
   */
  readonly overshootBound: bigint | undefined
  readonly resetsAt: Date | undefined
}

export interface QuotaFilter {
  readonly ids?: readonly string[]
  readonly teamIds?: readonly string[]
}

/** Quotas with what the running books say about them at this moment: the figures that requests are judged by. */
export async function reportQuotas(
  services: AdministrationServices,
  filter: QuotaFilter,
): Promise<readonly QuotaReport[]> {
  const rows = await services.db.quota.findMany({
    where: {
      ...(filter.ids === undefined ? {} : { id: { in: [...filter.ids] } }),
      ...(filter.teamIds === undefined ? {} : { teamId: { in: [...filter.teamIds] } }),
    },
    include: {
      team: { select: { name: true } },
      member: { select: { name: true } },
      key: { select: { id: true, name: true } },
    },
    orderBy: { id: 'asc' },
  })
  if (rows.length === 0) return []
  const nowMs = services.clock.now()
  const quotas = rows.map((row) => toQuotaEntry(row))
  const refs = quotas.map((quota) => quotaCounter(quota, nowMs, services.timeZone))
  const [readings, worst] = await Promise.all([
    services.books.read(refs),
    services.books.read(quotas.filter(isBounded).map(overshootCounter)),
  ])
  const worstHeld = new Map(
    quotas.filter(isBounded).map((quota, index) => [quota.id, worst[index]?.held ?? 0n]),
  )
  return rows.map((row, index) => {
    const quota = quotas[index] ?? toQuotaEntry(row)
    const ref = refs[index]
    const reading = readings[index] ?? { settled: 0n, held: 0n }
    const rest = quota.limit - reading.settled - reading.held
    const turns = ref === undefined ? undefined : turnsAtMs(ref)
    return {
      quota,
      teamId: row.teamId,
      memberName: row.member?.name,
      key: row.key ?? undefined,
      currency: row.currency,
      origin: row.origin,
      settled: reading.settled,
      held: reading.held,
      left: rest > 0n ? rest : 0n,
      overshootBound: isBounded(quota)
        ? overshootBound(worstHeld.get(quota.id) ?? 0n, reading.held)
        : undefined,
      resetsAt: turns === undefined ? undefined : new Date(turns),
    }
  })
}

export const quotaMetrics = [
  'requests',
  'tokens',
  'cost',
  'concurrency',
] as const satisfies readonly QuotaMetric[]
export const quotaWindows = [
  'minute',
  'hour',
  'day',
  'week',
  'month',
  'total',
] as const satisfies readonly QuotaWindow[]

interface QuotaRow {
  readonly id: string
  readonly scope: string
  readonly teamId: string
  readonly memberId: string | null
  readonly keyId: string | null
  readonly model: string | null
  readonly metric: string
  readonly window: string
  readonly limit: bigint
  readonly hard: boolean
  readonly guarantee: string
  readonly createdAt: Date
  readonly team: { readonly name: string }
  readonly member: { readonly name: string } | null
  readonly key: { readonly name: string } | null
}

function toQuotaEntry(row: QuotaRow): QuotaEntry {
  const shared: Omit<QuotaEntry, 'scope' | 'scopeId' | 'scopeName'> = {
    id: row.id,
    teamId: row.teamId,
    metric: quotaMetrics.find((metric) => metric === row.metric) ?? 'requests',
    window: quotaWindows.find((window) => window === row.window) ?? 'total',
    limit: row.limit,
    hard: row.hard,
    guarantee: row.guarantee === 'bounded' ? 'bounded' : 'exact',
    model: row.model ?? undefined,
    createdAtMs: row.createdAt.getTime(),
  }
  if (row.keyId !== null)
    return { ...shared, scope: 'key', scopeId: row.keyId, scopeName: row.key?.name ?? row.keyId }
  if (row.memberId !== null)
    return { ...shared, scope: 'member', scopeId: row.memberId, scopeName: row.member?.name ?? row.memberId }
  return { ...shared, scope: 'team', scopeId: row.teamId, scopeName: row.team.name }
}

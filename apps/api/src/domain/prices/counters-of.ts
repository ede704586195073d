import type { Clock } from '../../ports/clock.ts'
import type { CounterAmount, CounterWindow } from '../../ports/counters.ts'
import { sql, type Db } from '../../ports/database.ts'
import type { CounterCorrection } from '../../ports/books.ts'
import { grantCounter, quotaCounter, type CountedGrant, type CountedQuota } from '../counters/windows.ts'
import { appliesTo } from '../ledger/record-amounts.ts'
import type { QuotaEntry } from '../snapshot/snapshot.ts'
import type { Adjustment } from './reprice-rows.ts'

type CostQuota = CountedQuota & Pick<QuotaEntry, 'scope' | 'scopeId'>

/**
 * What adjustments come to on quotas of money and on grants, in the windows in which the requests were made, as far as
 * these still run. A part of a sliding window leaves it when the request's own part does.
 *
 * Quotas are read from the database and not from a snapshot: another process may have made one, and filled its counter,
 * that this one has not heard of yet.
 */
export async function countersOf(
  services: { readonly db: Db; readonly clock: Clock; readonly timeZone: string },
  adjustments: readonly Adjustment[],
): Promise<readonly CounterCorrection[]> {
  if (adjustments.length === 0) return []
  const [quotas, grants] = await Promise.all([
    readCostQuotas(services.db),
    readGrants(services.db, adjustments),
  ])
  const nowMs = services.clock.now()
  const corrections = new Map<string, CounterCorrection>()
  for (const adjustment of adjustments) {
    for (const change of changesOf(adjustment, quotas, grants, services.timeZone)) {
      if (change.amount === 0n || !stillRuns(change.window, adjustment.atMs, nowMs)) continue
      // Only in a sliding window does the moment matter; the others are added up.
      const atMs = change.window.kind === 'sliding' ? adjustment.atMs : nowMs
      const key = `${atMs} ${change.counterId}`
      const amount = (corrections.get(key)?.change.amount ?? 0n) + change.amount
      corrections.set(key, { change: { ...change, amount }, atMs })
    }
  }
  return [...corrections.values()]
}

function changesOf(
  adjustment: Adjustment,
  quotas: readonly CostQuota[],
  grants: ReadonlyMap<string, CountedGrant>,
  timeZone: string,
): CounterAmount[] {
  const { atMs } = adjustment
  const changes = quotas
    .filter((quota) => appliesTo(quota, adjustment))
    .map((quota): CounterAmount => ({
      ...quotaCounter(quota, atMs, timeZone),
      amount: adjustment.billedCostNanos,
    }))
  const grant = adjustment.grantId === undefined ? undefined : grants.get(adjustment.grantId)
  if (grant !== undefined) {
    changes.push({ ...grantCounter(grant, atMs, timeZone), amount: adjustment.grantAmount })
  }
  return changes
}

async function readCostQuotas(db: Db): Promise<readonly CostQuota[]> {
  const rows = await db.$queryRaw<(Omit<CostQuota, 'model'> & { readonly model: string | null })[]>(sql`
    select id::text, team_id::text as "teamId", metric, "window", model, scope,
      coalesce(key_id, member_id, team_id)::text as "scopeId"
    from quota where metric = 'cost'`)
  return rows.map((row) => ({ ...row, model: row.model ?? undefined }))
}

async function readGrants(
  db: Db,
  adjustments: readonly Adjustment[],
): Promise<ReadonlyMap<string, CountedGrant>> {
  const ids = [...new Set(adjustments.flatMap(({ grantId }) => grantId ?? []))]
  if (ids.length === 0) return new Map()
  const rows = await db.$queryRaw<(Omit<CountedGrant, 'windowSinceMs'> & { readonly since: Date })[]>(sql`
    select id::text, account_id::text as "accountId", unit, "window", window_since as since
    from "grant" where id = any(${ids}::uuid[])`)
  return new Map(rows.map(({ since, ...row }) => [row.id, { ...row, windowSinceMs: since.getTime() }]))
}

function stillRuns(window: CounterWindow, atMs: number, nowMs: number): boolean {
  switch (window.kind) {
    case 'fixed':
      return window.endMs === undefined || window.endMs > nowMs
    case 'sliding':
      return atMs > nowMs - window.lengthMs
    case 'held':
      return false
  }
}

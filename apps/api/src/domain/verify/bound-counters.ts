import type { Clock } from '../../ports/clock.ts'
import type { CounterRef } from '../../ports/counters.ts'
import { sql, type Db } from '../../ports/database.ts'
import type { Ledger } from '../../ports/ledger.ts'
import { appliesTo } from '../ledger/record-amounts.ts'
import type { GrantEntry, QuotaEntry } from '../snapshot/snapshot.ts'

/**
 * The least that a counter can have settled when this is known, and the most that it can have settled when it was asked
 * for. They are the same but for sliding windows, whose edge moves meanwhile and is as coarse as the counters' steps.
 */
export interface Bounds {
  readonly least: bigint
  readonly most: bigint
}

interface BoundServices {
  readonly db: Db
  readonly clock: Clock
  readonly ledger: Pick<Ledger, 'quotaUsage'>
}

interface QuotaRef {
  readonly quota: QuotaEntry
  readonly ref: CounterRef
}

/** Of the quotas of one team. */
export async function boundQuotas(
  services: BoundServices,
  team: readonly QuotaRef[],
  fromMs: number,
  recordsFrom: Date | undefined,
): Promise<readonly Bounds[]> {
  const sums = new Map<number, Promise<readonly TeamSum[]>>()
  const bounds: Bounds[] = []
  for (const { quota, ref } of team) {
    if (ref.window.kind === 'fixed') {
      const { startMs } = ref.window
      const known = sums.get(startMs) ?? sumTeam(services.db, quota.teamId, new Date(startMs), recordsFrom)
      sums.set(startMs, known)
      bounds.push(exactly(amountOf(quota, await known)))
    } else {
      bounds.push(await boundSliding(services, { quota, ref }, fromMs))
    }
  }
  return bounds
}

/** A part that counters filled from the ledger have is up to two of their steps away from where requests put it. */
const edgeSteps = 3

async function boundSliding(
  { clock, ledger }: BoundServices,
  { quota, ref: { window } }: QuotaRef,
  fromMs: number,
): Promise<Bounds> {
  const { scope, scopeId, metric, model } = quota
  if (window.kind !== 'sliding' || metric === 'concurrency') return exactly(0n)
  const stepMs = window.lengthMs / 60
  const edgeMs = stepMs * edgeSteps
  const since = { scope, scopeId, metric, model, fromMs: fromMs - window.lengthMs - edgeMs, stepMs }
  const parts = await ledger.quotaUsage(since)
  const surelyFromMs = clock.now() - window.lengthMs + edgeMs
  return {
    least: sumOf(parts.filter((part) => part.atMs >= surelyFromMs)),
    most: sumOf(parts),
  }
}

interface TeamSum {
  readonly key_id: string
  readonly member_id: string | null
  readonly model: string
  readonly requests: bigint
  readonly tokens: bigint
  readonly cost: bigint
}

const noId = '00000000-0000-0000-0000-000000000000'

/** From the records and their adjustments; from the rollups only where records are no longer kept. */
function sumTeam(
  db: Db,
  teamId: string,
  from: Date,
  recordsFrom: Date | undefined,
): Promise<readonly TeamSum[]> {
  const since = recordsFrom !== undefined && recordsFrom > from ? recordsFrom : from
  return db.$queryRaw<TeamSum[]>(sql`
    select key_id::text, member_id::text, model, sum(requests)::bigint as requests, sum(tokens)::bigint as tokens,
      sum(cost)::bigint as cost
    from (
      select key_id, member_id, model, 1 as requests, total_tokens as tokens, billed_cost as cost
      from usage_record where team_id = ${teamId}::uuid and started_at >= ${since}
      union all
      select key_id, member_id, model, 0, 0, billed_cost
      from usage_adjustment where team_id = ${teamId}::uuid and started_at >= ${since}
      union all
      select key_id, nullif(member_id, ${noId}::uuid), model, requests, total_tokens, billed_cost
      from usage_rollup where team_id = ${teamId}::uuid and hour >= ${from} and hour < ${since}
    ) booked group by 1, 2, 3`)
}

function amountOf(quota: QuotaEntry, sums: readonly TeamSum[]): bigint {
  return sums
    .filter((sum) =>
      appliesTo(quota, {
        teamId: quota.teamId,
        memberId: sum.member_id ?? undefined,
        keyId: sum.key_id,
        model: sum.model,
      }),
    )
    .reduce((total, sum) => {
      switch (quota.metric) {
        case 'requests':
          return total + sum.requests
        case 'tokens':
          return total + sum.tokens
        case 'cost':
          return total + sum.cost
        case 'concurrency':
          return total
      }
    }, 0n)
}

/** Of all grants at once: records have no index by grant. */
export async function boundGrants(
  db: Db,
  grants: readonly { readonly grant: GrantEntry; readonly ref: CounterRef }[],
  recordsFrom: Date | undefined,
): Promise<readonly Bounds[]> {
  const startOf = ({ window }: CounterRef) => (window.kind === 'fixed' ? window.startMs : 0)
  const amounts = new Map<string, bigint>()
  for (const [startMs, group] of Map.groupBy(grants, ({ ref }) => startOf(ref))) {
    const ids = group.map(({ grant }) => grant.id)
    for (const row of await sumGrants(db, ids, new Date(startMs), recordsFrom)) {
      amounts.set(row.grant_id, row.amount)
    }
  }
  return grants.map(({ grant }) => exactly(amounts.get(grant.id) ?? 0n))
}

function sumGrants(
  db: Db,
  ids: readonly string[],
  from: Date,
  recordsFrom: Date | undefined,
): Promise<readonly { readonly grant_id: string; readonly amount: bigint }[]> {
  const since = recordsFrom !== undefined && recordsFrom > from ? recordsFrom : from
  return db.$queryRaw<{ grant_id: string; amount: bigint }[]>(sql`
    select grant_id::text, coalesce(sum(grant_amount), 0)::bigint as amount
    from (
      select grant_id, grant_amount from usage_record where grant_id = any(${[...ids]}::uuid[]) and started_at >= ${since}
      union all
      select grant_id, grant_amount from usage_adjustment where grant_id = any(${[...ids]}::uuid[]) and started_at >= ${since}
      union all
      select grant_id, grant_amount from usage_rollup
      where grant_id = any(${[...ids]}::uuid[]) and hour >= ${from} and hour < ${since}
    ) booked group by 1`)
}

function exactly(amount: bigint): Bounds {
  return { least: amount, most: amount }
}

function sumOf(parts: readonly { readonly amount: bigint }[]): bigint {
  return parts.reduce((sum, part) => sum + part.amount, 0n)
}

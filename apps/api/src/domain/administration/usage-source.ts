import { empty, join, raw, sql, type Sql } from '../../ports/database.ts'
import type { UsageRange } from './usage-range.ts'

export interface UsageConditions {
  readonly teamIds?: readonly string[] | undefined
  readonly keyIds?: readonly string[] | undefined
  readonly model?: string | undefined
  readonly provider?: string | undefined
  readonly accountIds?: readonly string[] | undefined
}

/**
 * `at`, the dimensions and the sums of everything booked in a range: whole hours from the rollups, and the ends of a
 * range that lie within an hour from the records and their adjustments. An end that is not before now needs no cut: nothing is
 * booked in the future.
 */
export function usageSource(range: UsageRange, nowMs: number, conditions: UsageConditions): Sql {
  const fromMs = range.from.getTime()
  const toMs =
    range.to.getTime() >= nowMs ? Math.ceil((nowMs + hourMs) / hourMs) * hourMs : range.to.getTime()
  const firstWholeMs = Math.ceil(fromMs / hourMs) * hourMs
  const lastWholeMs = Math.floor(toMs / hourMs) * hourMs
  const where = conditionsSql(conditions)
  if (firstWholeMs > lastWholeMs) return fromRecords(fromMs, toMs, where)
  const parts = [
    sql`select hour as at, ${dimensions}, ${sums} from usage_rollup
        where hour >= ${new Date(firstWholeMs)} and hour < ${new Date(lastWholeMs)} ${where}`,
  ]
  if (fromMs < firstWholeMs) parts.push(fromRecords(fromMs, firstWholeMs, where))
  if (lastWholeMs < toMs) parts.push(fromRecords(lastWholeMs, toMs, where))
  return join(parts, ' union all ')
}

/** What the sums become in a grouped query over the source; the names are those of `TotalsRow`. Costs of other currencies are left out. */
export function totalsColumns(currency: string): Sql {
  return sql`
    coalesce(sum(requests), 0)::bigint as requests,
    coalesce(sum(input_tokens), 0)::bigint as input_tokens,
    coalesce(sum(cached_input_tokens), 0)::bigint as cached_input_tokens,
    coalesce(sum(output_tokens), 0)::bigint as output_tokens,
    coalesce(sum(reasoning_tokens), 0)::bigint as reasoning_tokens,
    coalesce(sum(total_tokens), 0)::bigint as total_tokens,
    coalesce(sum(list_cost) filter (where currency = ${currency}), 0)::bigint as list_cost,
    coalesce(sum(billed_cost) filter (where currency = ${currency}), 0)::bigint as billed_cost,
    coalesce(sum(estimated_requests), 0)::bigint as estimated_requests,
    coalesce(sum(interrupted_requests), 0)::bigint as interrupted_requests,
    coalesce(sum(unpriced_requests), 0)::bigint as unpriced_requests`
}

export interface TotalsRow {
  readonly requests: bigint
  readonly input_tokens: bigint
  readonly cached_input_tokens: bigint
  readonly output_tokens: bigint
  readonly reasoning_tokens: bigint
  readonly total_tokens: bigint
  readonly list_cost: bigint
  readonly billed_cost: bigint
  readonly estimated_requests: bigint
  readonly interrupted_requests: bigint
  readonly unpriced_requests: bigint
}

export const noId = '00000000-0000-0000-0000-000000000000'

const hourMs = 3_600_000

const dimensions = sql`team_id, key_id, model, provider, account_id, grant_id, status, currency`
const sums = sql`requests, input_tokens, cached_input_tokens, output_tokens, reasoning_tokens, total_tokens,
  list_cost, billed_cost, estimated_requests, interrupted_requests, unpriced_requests`

/** Records and what corrects them, each as a row; columns in the order and types of the rollup's. */
function fromRecords(fromMs: number, toMs: number, where: Sql): Sql {
  return sql`select started_at as at, team_id, key_id, model, coalesce(provider, '') as provider,
      coalesce(account_id, ${noId}::uuid) as account_id, coalesce(grant_id, ${noId}::uuid) as grant_id, status, currency,
      1::bigint as requests, coalesce(input_tokens, 0)::bigint as input_tokens,
      coalesce(cached_input_tokens, 0)::bigint as cached_input_tokens,
      coalesce(output_tokens, 0)::bigint as output_tokens,
      coalesce(reasoning_tokens, 0)::bigint as reasoning_tokens, total_tokens::bigint as total_tokens,
      coalesce(list_cost, 0) as list_cost, billed_cost,
      (usage_source = 'estimated')::int::bigint as estimated_requests,
      (usage_source = 'interrupted')::int::bigint as interrupted_requests,
      (list_cost is null)::int::bigint as unpriced_requests
    from usage_record
    where started_at >= ${new Date(fromMs)} and started_at < ${new Date(toMs)} ${where}
    union all
    select started_at, team_id, key_id, model, provider, coalesce(account_id, ${noId}::uuid), coalesce(grant_id, ${noId}::uuid),
      status, currency, ${raw(zeros(6))}, list_cost, billed_cost, ${raw(zeros(2))}, -priced::bigint
    from usage_adjustment
    where started_at >= ${new Date(fromMs)} and started_at < ${new Date(toMs)} ${where}`
}

function zeros(count: number): string {
  return Array.from({ length: count }, () => '0::bigint').join(', ')
}

function conditionsSql(conditions: UsageConditions): Sql {
  const parts = [
    conditions.teamIds && sql`and team_id = any(${[...conditions.teamIds]}::uuid[])`,
    conditions.keyIds && sql`and key_id = any(${[...conditions.keyIds]}::uuid[])`,
    conditions.model === undefined ? undefined : sql`and model = ${conditions.model}`,
    conditions.provider === undefined ? undefined : sql`and provider = ${conditions.provider}`,
    conditions.accountIds && sql`and account_id = any(${[...conditions.accountIds]}::uuid[])`,
  ].filter((part) => part !== undefined)
  return parts.length === 0 ? empty : join(parts, ' ')
}

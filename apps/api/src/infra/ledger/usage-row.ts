import type { Attempt, UsageRecord } from '../../ports/usage-record.ts'

/** A row of `usage_record` as `pg` hands it over: bigints as strings, times as `Date`. */
export interface UsageRow {
  readonly request_id: string
  readonly started_at: Date
  readonly first_token_at: Date | null
  readonly ended_at: Date
  readonly team_id: string
  readonly team_name: string
  readonly key_id: string
  readonly key_name: string
  readonly member_id: string | null
  readonly end_user: string | null
  readonly endpoint: UsageRecord['endpoint']
  readonly stream: boolean
  readonly model: string
  readonly offering_id: string | null
  readonly account_id: string | null
  readonly account_name: string | null
  readonly provider: string | null
  readonly upstream_model: string | null
  readonly upstream_id: string | null
  readonly attempts: readonly Attempt[]
  readonly status: UsageRecord['status']
  readonly error_kind: string | null
  readonly http_status: number | null
  readonly finish_reason: string | null
  readonly input_tokens: number | null
  readonly cached_input_tokens: number | null
  readonly cache_write_tokens: number | null
  readonly output_tokens: number | null
  readonly reasoning_tokens: number | null
  readonly total_tokens: number
  readonly thinking: boolean | null
  readonly usage_source: UsageRecord['usageSource']
  readonly reserved_tokens: number
  readonly reserved_cost: string
  readonly max_tokens_clamped: number | null
  readonly price_version_id: string | null
  readonly price_tier: number | null
  readonly currency: string
  readonly list_cost: string | null
  readonly billed_cost: string
  readonly grant_id: string | null
  readonly grant_amount: string | null
  readonly input_bound_tokens: number | null
  readonly soft_quotas_passed: string[]
}

export function toUsageRecord(row: UsageRow): UsageRecord {
  return {
    requestId: row.request_id,
    startedAtMs: row.started_at.getTime(),
    firstTokenAtMs: row.first_token_at?.getTime(),
    endedAtMs: row.ended_at.getTime(),
    teamId: row.team_id,
    teamName: row.team_name,
    keyId: row.key_id,
    keyName: row.key_name,
    memberId: row.member_id ?? undefined,
    endUser: row.end_user ?? undefined,
    endpoint: row.endpoint,
    stream: row.stream,
    model: row.model,
    offeringId: row.offering_id ?? undefined,
    accountId: row.account_id ?? undefined,
    accountName: row.account_name ?? undefined,
    provider: row.provider ?? undefined,
    upstreamModel: row.upstream_model ?? undefined,
    upstreamId: row.upstream_id ?? undefined,
    attempts: row.attempts,
    status: row.status,
    errorKind: row.error_kind ?? undefined,
    httpStatus: row.http_status ?? undefined,
    finishReason: row.finish_reason ?? undefined,
    inputTokens: row.input_tokens ?? undefined,
    cachedInputTokens: row.cached_input_tokens ?? undefined,
    cacheWriteTokens: row.cache_write_tokens ?? undefined,
    outputTokens: row.output_tokens ?? undefined,
    reasoningTokens: row.reasoning_tokens ?? undefined,
    totalTokens: row.total_tokens,
    thinking: row.thinking ?? undefined,
    usageSource: row.usage_source,
    reservedTokens: row.reserved_tokens,
    reservedCostNanos: BigInt(row.reserved_cost),
    maxTokensClamped: row.max_tokens_clamped ?? undefined,
    priceVersionId: row.price_version_id ?? undefined,
    priceTier: row.price_tier ?? undefined,
    currency: row.currency,
    listCostNanos: row.list_cost === null ? undefined : BigInt(row.list_cost),
    billedCostNanos: BigInt(row.billed_cost),
    grantId: row.grant_id ?? undefined,
    grantAmount: row.grant_amount === null ? undefined : BigInt(row.grant_amount),
    inputBoundTokens: row.input_bound_tokens ?? undefined,
    softQuotasPassed: row.soft_quotas_passed,
  }
}

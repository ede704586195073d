import type { UsageRecord } from '../../ports/usage-record.ts'

interface UsageColumn {
  readonly name: string
  /** Of one value in the array that is sent. */
  readonly type: string
  /** What the column itself is, where that is an array: arrays of arrays must be of one length, texts need not. */
  readonly cast?: string
  readonly value: (record: UsageRecord) => unknown
}

const time = (ms: number | undefined) => (ms === undefined ? null : new Date(ms).toISOString())

/** The columns of `usage_record`, in one place: the insert is one array parameter for each. */
export const usageColumns: readonly UsageColumn[] = [
  { name: 'request_id', type: 'uuid', value: (record) => record.requestId },
  { name: 'started_at', type: 'timestamptz', value: (record) => time(record.startedAtMs) },
  { name: 'first_token_at', type: 'timestamptz', value: (record) => time(record.firstTokenAtMs) },
  { name: 'ended_at', type: 'timestamptz', value: (record) => time(record.endedAtMs) },
  { name: 'team_id', type: 'uuid', value: (record) => record.teamId },
  { name: 'team_name', type: 'text', value: (record) => record.teamName },
  { name: 'key_id', type: 'uuid', value: (record) => record.keyId },
  { name: 'key_name', type: 'text', value: (record) => record.keyName },
  { name: 'member_id', type: 'uuid', value: (record) => record.memberId ?? null },
  { name: 'end_user', type: 'text', value: (record) => cleanText(record.endUser) },
  { name: 'endpoint', type: 'text', value: (record) => record.endpoint },
  { name: 'stream', type: 'boolean', value: (record) => record.stream },
  { name: 'model', type: 'text', value: (record) => record.model },
  { name: 'offering_id', type: 'uuid', value: (record) => record.offeringId ?? null },
  { name: 'account_id', type: 'uuid', value: (record) => record.accountId ?? null },
  { name: 'account_name', type: 'text', value: (record) => record.accountName ?? null },
  { name: 'provider', type: 'text', value: (record) => record.provider ?? null },
  { name: 'upstream_model', type: 'text', value: (record) => record.upstreamModel ?? null },
  { name: 'upstream_id', type: 'text', value: (record) => cleanText(record.upstreamId) },
  { name: 'attempts', type: 'jsonb', value: (record) => cleanText(JSON.stringify(record.attempts)) },
  { name: 'status', type: 'text', value: (record) => record.status },
  { name: 'error_kind', type: 'text', value: (record) => record.errorKind ?? null },
  { name: 'http_status', type: 'int', value: (record) => record.httpStatus ?? null },
  { name: 'finish_reason', type: 'text', value: (record) => cleanText(record.finishReason) },
  { name: 'input_tokens', type: 'int', value: (record) => record.inputTokens ?? null },
  { name: 'cached_input_tokens', type: 'int', value: (record) => record.cachedInputTokens ?? null },
  { name: 'cache_write_tokens', type: 'int', value: (record) => record.cacheWriteTokens ?? null },
  { name: 'output_tokens', type: 'int', value: (record) => record.outputTokens ?? null },
  { name: 'reasoning_tokens', type: 'int', value: (record) => record.reasoningTokens ?? null },
  { name: 'total_tokens', type: 'int', value: (record) => record.totalTokens },
  { name: 'thinking', type: 'boolean', value: (record) => record.thinking ?? null },
  { name: 'usage_source', type: 'text', value: (record) => record.usageSource },
  { name: 'reserved_tokens', type: 'int', value: (record) => record.reservedTokens },
  { name: 'input_bound_tokens', type: 'int', value: (record) => record.inputBoundTokens ?? null },
  { name: 'reserved_cost', type: 'bigint', value: (record) => record.reservedCostNanos.toString() },
  { name: 'max_tokens_clamped', type: 'int', value: (record) => record.maxTokensClamped ?? null },
  { name: 'price_version_id', type: 'uuid', value: (record) => record.priceVersionId ?? null },
  { name: 'price_tier', type: 'int', value: (record) => record.priceTier ?? null },
  { name: 'currency', type: 'text', value: (record) => record.currency },
  { name: 'list_cost', type: 'bigint', value: (record) => record.listCostNanos?.toString() ?? null },
  { name: 'billed_cost', type: 'bigint', value: (record) => record.billedCostNanos.toString() },
  { name: 'grant_id', type: 'uuid', value: (record) => record.grantId ?? null },
  { name: 'grant_amount', type: 'bigint', value: (record) => record.grantAmount?.toString() ?? null },
  {
    name: 'soft_quotas_passed',
    type: 'text',
    cast: 'uuid[]',
    value: (record) => `{${record.softQuotasPassed.join(',')}}`,
  },
]

/** PostgreSQL holds no NUL characters; a stranger's text must not stop the books. */
function cleanText(text: string | undefined): string | null {
  return text === undefined ? null : text.replaceAll('\u0000', '').replaceAll('\\u0000', '')
}

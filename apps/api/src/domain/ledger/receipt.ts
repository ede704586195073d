import type { UsageRecord } from '../../ports/usage-record.ts'
import type { QuotaEntry } from '../snapshot/snapshot.ts'
import { formatNanos } from '../prices/format-nanos.ts'

/** What a caller is told about one request. Part of the contract of the service: add fields, never rename them. */
export interface Receipt {
  readonly id: string
  readonly object: 'tollgate.receipt'
  readonly created: string
  readonly status: UsageRecord['status']
  readonly model: string
  readonly served_by: {
    readonly provider: string
    readonly account: string
    readonly model: string
    readonly attempts: number
  } | null
  readonly reserved: { readonly tokens: number; readonly cost: string }
  /** `max_tokens` as it went out when quotas or a grant could not bear what was asked for. */
  readonly clamped_max_tokens: number | null
  /** Soft quotas whose limit was passed with this request; it was served all the same. */
  readonly soft_quotas_passed: readonly {
    readonly id: string
    /** Null: the quota is gone. */
    readonly scope: QuotaEntry['scope'] | null
    readonly name: string | null
    readonly metric: QuotaEntry['metric'] | null
    readonly window: QuotaEntry['window'] | null
  }[]
  readonly settled: {
    readonly input_tokens: number | null
    readonly cached_input_tokens: number | null
    readonly output_tokens: number | null
    readonly reasoning_tokens: number | null
    readonly total_tokens: number
    readonly source: UsageRecord['usageSource']
  }
  readonly grant: { readonly id: string; readonly name: string | null; readonly amount: string } | null
  /** Decimal strings of `currency`. `list` is what it would have cost without a grant; null: the model has no price. */
  readonly cost: {
    readonly currency: string
    readonly list: string | null
    readonly billed: string
    readonly saved: string | null
  }
}

export function toReceipt(
  record: UsageRecord,
  grantName: string | undefined,
  quotas: ReadonlyMap<string, QuotaEntry>,
): Receipt {
  const { listCostNanos, billedCostNanos } = record
  return {
    id: record.requestId,
    object: 'tollgate.receipt',
    created: new Date(record.startedAtMs).toISOString(),
    status: record.status,
    model: record.model,
    served_by:
      record.provider === undefined || record.accountName === undefined || record.upstreamModel === undefined
        ? null
        : {
            provider: record.provider,
            account: record.accountName,
            model: record.upstreamModel,
            attempts: record.attempts.length,
          },
    reserved: { tokens: record.reservedTokens, cost: formatNanos(record.reservedCostNanos) },
    clamped_max_tokens: record.maxTokensClamped ?? null,
    soft_quotas_passed: record.softQuotasPassed.map((id) => {
      const quota = quotas.get(id)
      return {
        id,
        scope: quota?.scope ?? null,
        name: quota?.scopeName ?? null,
        metric: quota?.metric ?? null,
        window: quota?.window ?? null,
      }
    }),
    settled: {
      input_tokens: record.inputTokens ?? null,
      cached_input_tokens: record.cachedInputTokens ?? null,
      output_tokens: record.outputTokens ?? null,
      reasoning_tokens: record.reasoningTokens ?? null,
      total_tokens: record.totalTokens,
      source: record.usageSource,
    },
    grant:
      record.grantId === undefined
        ? null
        : { id: record.grantId, name: grantName ?? null, amount: String(record.grantAmount ?? 0n) },
    cost: {
      currency: record.currency,
      list: listCostNanos === undefined ? null : formatNanos(listCostNanos),
      billed: formatNanos(billedCostNanos),
      saved: listCostNanos === undefined ? null : formatNanos(listCostNanos - billedCostNanos),
    },
  }
}

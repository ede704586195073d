import type { TotalsRow } from './usage-source.ts'

/** Sums of usage; money in nanos of the installation's currency. */
export interface Totals {
  readonly requests: bigint
  readonly inputTokens: bigint
  readonly cachedInputTokens: bigint
  readonly outputTokens: bigint
  readonly reasoningTokens: bigint
  readonly totalTokens: bigint
  readonly listCostNanos: bigint
  readonly billedCostNanos: bigint
  readonly estimatedRequests: bigint
  readonly interruptedRequests: bigint
  readonly unpricedRequests: bigint
}

export function toTotals(row: TotalsRow): Totals {
  return {
    requests: row.requests,
    inputTokens: row.input_tokens,
    cachedInputTokens: row.cached_input_tokens,
    outputTokens: row.output_tokens,
    reasoningTokens: row.reasoning_tokens,
    totalTokens: row.total_tokens,
    listCostNanos: row.list_cost,
    billedCostNanos: row.billed_cost,
    estimatedRequests: row.estimated_requests,
    interruptedRequests: row.interrupted_requests,
    unpricedRequests: row.unpriced_requests,
  }
}

export function addTotals(left: Totals, right: Totals): Totals {
  return {
    requests: left.requests + right.requests,
    inputTokens: left.inputTokens + right.inputTokens,
    cachedInputTokens: left.cachedInputTokens + right.cachedInputTokens,
    outputTokens: left.outputTokens + right.outputTokens,
    reasoningTokens: left.reasoningTokens + right.reasoningTokens,
    totalTokens: left.totalTokens + right.totalTokens,
    listCostNanos: left.listCostNanos + right.listCostNanos,
    billedCostNanos: left.billedCostNanos + right.billedCostNanos,
    estimatedRequests: left.estimatedRequests + right.estimatedRequests,
    interruptedRequests: left.interruptedRequests + right.interruptedRequests,
    unpricedRequests: left.unpricedRequests + right.unpricedRequests,
  }
}

export const noTotals: Totals = {
  requests: 0n,
  inputTokens: 0n,
  cachedInputTokens: 0n,
  outputTokens: 0n,
  reasoningTokens: 0n,
  totalTokens: 0n,
  listCostNanos: 0n,
  billedCostNanos: 0n,
  estimatedRequests: 0n,
  interruptedRequests: 0n,
  unpricedRequests: 0n,
}

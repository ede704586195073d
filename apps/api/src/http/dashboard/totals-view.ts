import type { z } from 'zod'
import type { Totals } from '../../domain/administration/totals.ts'
import { formatNanos } from '../../domain/prices/format-nanos.ts'
import type { totals } from './schemas/totals.ts'

export function showTotals(sums: Totals): z.output<typeof totals> {
  return {
    requests: Number(sums.requests),
    inputTokens: Number(sums.inputTokens),
    cachedInputTokens: Number(sums.cachedInputTokens),
    outputTokens: Number(sums.outputTokens),
    reasoningTokens: Number(sums.reasoningTokens),
    totalTokens: Number(sums.totalTokens),
    listCost: formatNanos(sums.listCostNanos),
    billedCost: formatNanos(sums.billedCostNanos),
    saved: formatNanos(sums.listCostNanos - sums.billedCostNanos),
    estimatedRequests: Number(sums.estimatedRequests),
    interruptedRequests: Number(sums.interruptedRequests),
    unpricedRequests: Number(sums.unpricedRequests),
  }
}

import { isBounded } from '../counters/windows.ts'
import { outputWorstCase } from '../estimate/output-worst-case.ts'
import { priceAt } from '../prices/price-at.ts'
import { worstCaseCost } from '../prices/worst-case-cost.ts'
import type { OfferingEntry, QuotaEntry } from '../snapshot/snapshot.ts'
import type { RequestBounds } from './bound-request.ts'
import type { GatewayServices } from './services.ts'

/** What a request may come to, whichever of its offerings serves it. */
export interface RequestAmounts {
  readonly tokens: number
  /** Zero when no quota counts money: then nothing is computed. */
  readonly costNanos: bigint
  /** The same for an answer as long as the model's answers are; for quotas that need not be exact. */
  readonly likelyTokens: number
  readonly likelyCostNanos: bigint
}

/** Computed for one output bound after the other while a bound that fits is looked for: monotonous in it. */
export function requestAmounts(
  services: Pick<GatewayServices, 'estimator'>,
  bounds: RequestBounds,
  quotas: readonly QuotaEntry[],
  outputTokens: number,
  atMs: number,
): RequestAmounts {
  const countsMoney = quotas.some((quota) => quota.metric === 'cost')
  const hasBounded = quotas.some(isBounded)
  const { inputTokens, choices } = bounds
  let output = 0
  let likelyOutput = 0
  let costNanos = 0n
  let likelyCostNanos = 0n
  for (const offering of bounds.candidates) {
    const worst = answerTokensMax(bounds, offering, outputTokens) * choices
    const likely = hasBounded ? Math.min(worst, likelyTokens(services, bounds, offering) * choices) : worst
    output = Math.max(output, worst)
    likelyOutput = Math.max(likelyOutput, likely)
    if (!countsMoney) continue
    costNanos = larger(costNanos, costOf(offering, inputTokens, worst, atMs))
    if (hasBounded) likelyCostNanos = larger(likelyCostNanos, costOf(offering, inputTokens, likely, atMs))
  }
  return {
    tokens: inputTokens + output,
    costNanos,
    likelyTokens: inputTokens + likelyOutput,
    likelyCostNanos,
  }
}

/** What is held on a quota. */
export function amountOn(quota: QuotaEntry, amounts: RequestAmounts): bigint {
  if (!isBounded(quota)) return worstOn(quota, amounts)
  return quota.metric === 'cost' ? amounts.likelyCostNanos : BigInt(amounts.likelyTokens)
}

/** What the request may come to on it at the worst. */
export function worstOn(quota: QuotaEntry, amounts: RequestAmounts): bigint {
  switch (quota.metric) {
    case 'requests':
    case 'concurrency':
      return 1n
    case 'tokens':
      return BigInt(amounts.tokens)
    case 'cost':
      return amounts.costNanos
  }
}

/** The most that one answer of an offering may be billed for under an output bound. */
export function answerTokensMax(
  bounds: Pick<RequestBounds, 'body'>,
  offering: OfferingEntry,
  outputTokens: number,
): number {
  return outputWorstCase(
    offering,
    Math.min(outputTokens, offering.maxOutputTokens ?? outputTokens),
    bounds.body,
  )
}

function likelyTokens(
  services: Pick<GatewayServices, 'estimator'>,
  bounds: RequestBounds,
  offering: OfferingEntry,
): number {
  const worst = answerTokensMax(bounds, offering, bounds.outputTokens)
  return services.estimator.likelyOutput(offering.account.provider, offering.upstreamModel, worst)
}

/** An offering without a price is only ever paid by a grant that stops. */
function costOf(offering: OfferingEntry, inputTokens: number, outputTokens: number, atMs: number): bigint {
  const price = priceAt(offering, atMs)
  if (price === undefined) return 0n
  return worstCaseCost(price.price, { inputTokens, outputTokens, atMs }) ?? 0n
}

function larger(left: bigint, right: bigint): bigint {
  return left > right ? left : right
}

import { divideRoundingUp, priceUsage, type PricedUsage } from '../prices/price-usage.ts'
import { grantNeed } from '../routing/grant-need.ts'
import type { GrantHold } from '../routing/choose.ts'
import type { PriceEntry } from '../snapshot/snapshot.ts'
import type { Measured } from './measure.ts'

/** Who pays for a request. */
export interface SplitCost {
  readonly listCostNanos: bigint | undefined
  readonly tier: number | undefined
  readonly billedCostNanos: bigint
  /** In the grant's unit. */
  readonly grantAmount: bigint | undefined
}

/** What a split asks of a hold on a grant. */
export interface CoveredBy {
  readonly grant: Pick<GrantHold['grant'], 'unit' | 'whenEmpty'>
  /** The most that it covers, in its unit. */
  readonly amount: bigint
  /** See `GrantHold.guarded`. */
  readonly guarded?: boolean
}

/**
 * Prices the usage and takes the grant's part off. A grant that stops at zero never bills: what a running answer took
 * beyond it was the platform's gift. One that bills at zero covers what was held on it, the rest costs money.
 */
export function splitCost(
  measured: Measured,
  price: PriceEntry | undefined,
  hold: CoveredBy | undefined,
  atMs: number,
): SplitCost {
  const priced =
    price === undefined
      ? undefined
      : priceUsage(price.price, measured.usage, { atMs, thinking: measured.thinking })
  const listCostNanos = priced?.costNanos
  const tier = priced?.tier
  if (hold === undefined) {
    return { listCostNanos, tier, billedCostNanos: listCostNanos ?? 0n, grantAmount: undefined }
  }
  const { usage } = measured
  const input = (usage.inputTokens ?? 0) + (usage.cachedInputTokens ?? 0) + (usage.cacheWriteTokens ?? 0)
  const output = (usage.outputTokens ?? 0) + (usage.reasoningTokens ?? 0)
  const seen =
    measured.totalTokens === 0
      ? 0n
      : (grantNeed(hold.grant.unit, {
          inputTokens: input,
          outputTokens: output,
          totalTokens: measured.totalTokens,
          costNanos: listCostNanos,
        }) ?? 0n)
  const used = hold.guarded === true && !isLastWord(measured) && hold.amount > seen ? hold.amount : seen
  const covered = used <= hold.amount || hold.grant.whenEmpty === 'provider-stops' ? used : hold.amount
  return {
    listCostNanos,
    tier,
    grantAmount: covered,
    billedCostNanos: billed(priced, price?.price.perRequestNanos ?? 0n, hold, used, covered),
  }
}

/** The provider itself has said what it counts, and it was not in the middle of the answer. */
function isLastWord(measured: Measured): boolean {
  return measured.source === 'provider' && measured.final !== false
}

function billed(
  priced: PricedUsage | undefined,
  perRequestNanos: bigint,
  hold: CoveredBy,
  used: bigint,
  covered: bigint,
): bigint {
  if (priced === undefined) return 0n
  const { costNanos, inputCostNanos } = priced
  // A request that was refused has no fee either.
  const feeNanos = perRequestNanos < costNanos ? perRequestNanos : costNanos
  const tokensNanos = costNanos - feeNanos
  switch (hold.grant.unit) {
    case 'money':
      return covered < costNanos ? costNanos - covered : 0n
    case 'requests':
      return covered > 0n ? 0n : costNanos
    // Tokens pay for tokens: a fee a request is always paid.
    case 'tokens':
      return feeNanos + part(tokensNanos, used - covered, used)
    case 'input-tokens':
    case 'output-tokens': {
      // Only one side is free: the other is always paid, and the tier stays the one of the whole request.
      const free = hold.grant.unit === 'input-tokens' ? inputCostNanos : tokensNanos - inputCostNanos
      return costNanos - free + part(free, used - covered, used)
    }
  }
}

function part(cost: bigint, share: bigint, whole: bigint): bigint {
  return whole === 0n ? 0n : divideRoundingUp(cost * share, whole)
}

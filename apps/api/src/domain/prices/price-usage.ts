import type { TokenUsage } from '@tollgate/adapters/contract'
import { chooseTier, tiersAt } from './choose-tier.ts'
import type { Nanos, Price, TokenRates } from './price.ts'

export interface PricedRequest {
  /** Start of the request: platforms with prices by the hour go by it. */
  readonly atMs: number
  /** Whether thinking was switched on. Reasoning tokens in the usage say so by themselves. */
  readonly thinking?: boolean | undefined
  /** Pictures that were made. */
  readonly images?: number
}

export interface PricedUsage {
  readonly costNanos: Nanos
  /** What of it the input costs, at the tier of the whole request; rounded up by itself, for grants of input alone. */
  readonly inputCostNanos: Nanos
  /** Index in the tiers that were in force at that hour. */
  readonly tier: number
}

/**
 * What a provider charges for a request, exact, rounded up once at the end to a whole nano.
 *
 * `undefined`: a bucket was used whose price nobody knows. A bucket without a price of its own falls to its neighbour:
 * cached input and cache writes to input, thinking output to output. Tokens the usage does not speak of cost nothing
 * here; whoever books a request without usage estimates them first.
 */
export function priceUsage(price: Price, usage: TokenUsage, request: PricedRequest): PricedUsage | undefined {
  const input = usage.inputTokens ?? 0
  const cachedInput = usage.cachedInputTokens ?? 0
  const cacheWrite = usage.cacheWriteTokens ?? 0
  const answer = usage.outputTokens ?? 0
  const reasoning = usage.reasoningTokens ?? 0

  const tiers = tiersAt(price, request.atMs)
  // A tier is found by everything that was read, from the cache or not, and everything that was written.
  const tier = chooseTier(tiers, { input: input + cachedInput + cacheWrite, output: answer + reasoning })
  const rates: TokenRates = tiers[tier] ?? tiers[0]
  const thinking = request.thinking === true || reasoning > 0

  const inputCost = sum(
    times(input, rates.inputNanosPerMillion),
    times(cachedInput, rates.cachedInputNanosPerMillion ?? rates.inputNanosPerMillion),
    times(cacheWrite, rates.cacheWriteNanosPerMillion ?? rates.inputNanosPerMillion),
  )
  const cost = sum(
    inputCost,
    times(
      answer + reasoning,
      thinking
        ? (rates.thinkingOutputNanosPerMillion ?? rates.outputNanosPerMillion)
        : rates.outputNanosPerMillion,
    ),
    times((request.images ?? 0) * 1_000_000, price.perImageNanos),
    wasRefused(usage, request) ? 0n : (price.perRequestNanos ?? 0n) * 1_000_000n,
  )
  if (inputCost === undefined || cost === undefined) return undefined
  if (cost === 0n && !isPriced(price, rates)) return undefined
  return {
    costNanos: divideRoundingUp(cost, 1_000_000n),
    inputCostNanos: divideRoundingUp(inputCost, 1_000_000n),
    tier,
  }
}

/** Counts are there and all of them are 0: the provider read and wrote nothing, so there is no request to charge for. */
function wasRefused(usage: TokenUsage, request: PricedRequest): boolean {
  const counts = Object.values(usage).filter((count) => count !== undefined)
  return counts.length > 0 && counts.every((count) => count === 0) && (request.images ?? 0) === 0
}

function sum(...parts: readonly (Nanos | undefined)[]): Nanos | undefined {
  let total = 0n
  for (const part of parts) {
    if (part === undefined) return undefined
    total += part
  }
  return total
}

/** Nanos times a million, so that nothing is rounded before the sum. Nothing used needs no price. */
function times(count: number, nanosPerMillion: Nanos | undefined): Nanos | undefined {
  if (count === 0) return 0n
  return nanosPerMillion === undefined ? undefined : BigInt(count) * nanosPerMillion
}

/** A request that used nothing costs nothing, but of a model without any price even that is not known. */
function isPriced(price: Price, rates: TokenRates): boolean {
  return (
    rates.inputNanosPerMillion !== undefined ||
    rates.outputNanosPerMillion !== undefined ||
    price.perImageNanos !== undefined ||
    price.perRequestNanos !== undefined
  )
}

export function divideRoundingUp(dividend: bigint, divisor: bigint): bigint {
  return (dividend + divisor - 1n) / divisor
}

import { reachableTiers, tiersAt } from './choose-tier.ts'
import { divideRoundingUp } from './price-usage.ts'
import type { Nanos, Price, PriceTier } from './price.ts'

export interface WorstCase {
  /** Upper bounds. */
  readonly inputTokens: number
  readonly outputTokens: number
  readonly atMs: number
  readonly images?: number
}

/**
 * The most that a request within these bounds can cost, whatever tier it falls in, whether the model thinks, whether
 * the cache is hit or written, and on which side of a change of hours its start is counted. `undefined`: unpriced.
 */
export function worstCaseCost(price: Price, request: WorstCase): Nanos | undefined {
  const fees = (price.perRequestNanos ?? 0n) + imageFees(price, request.images ?? 0)
  let worst: Nanos | undefined
  for (const atMs of [request.atMs - CLOCK_SLACK_MS, request.atMs, request.atMs + CLOCK_SLACK_MS]) {
    const reachable = reachableTiers(tiersAt(price, atMs), {
      input: request.inputTokens,
      output: request.outputTokens,
    })
    for (const tier of reachable) {
      const cost = costIn(tier, request)
      if (cost === undefined) return undefined
      if (worst === undefined || cost > worst) worst = cost
    }
  }
  if (worst === undefined || ((request.images ?? 0) > 0 && price.perImageNanos === undefined))
    return undefined
  return divideRoundingUp(worst, 1_000_000n) + fees
}

/** Between our reading of the clock and the platform's count of the request lie queues and retries. */
const CLOCK_SLACK_MS = 15 * 60_000

/** In millionths of a nano. */
function costIn(tier: PriceTier, request: WorstCase): Nanos | undefined {
  const input = dearest(
    tier.inputNanosPerMillion,
    tier.cachedInputNanosPerMillion,
    tier.cacheWriteNanosPerMillion,
  )
  const output = dearest(tier.outputNanosPerMillion, tier.thinkingOutputNanosPerMillion)
  if (request.inputTokens > 0 && tier.inputNanosPerMillion === undefined) return undefined
  if (request.outputTokens > 0 && tier.outputNanosPerMillion === undefined) return undefined
  return BigInt(request.inputTokens) * input + BigInt(request.outputTokens) * output
}

function dearest(...rates: readonly (Nanos | undefined)[]): Nanos {
  return rates.reduce<Nanos>((most, rate) => (rate !== undefined && rate > most ? rate : most), 0n)
}

function imageFees(price: Price, images: number): Nanos {
  return images === 0 ? 0n : BigInt(images) * (price.perImageNanos ?? 0n)
}

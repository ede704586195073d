import type { TokenUsage } from '@tollgate/adapters/contract'
import type { UsageRecord } from '../../ports/usage-record.ts'

/** Token figures as they are booked. */
export interface Measured {
  readonly usage: TokenUsage
  readonly totalTokens: number
  readonly source: UsageRecord['usageSource']
  /** Whether the request switched thinking on or off; `undefined`: it said nothing. */
  readonly thinking?: boolean | undefined
  /** `false`: the answer did not come to its end, so the provider may have counted more since. */
  readonly final?: boolean
}

export interface Seen {
  /** The provider's own figures, if any came. */
  readonly usage: TokenUsage | undefined
  /** The provider refused: nothing was read and nothing written. */
  readonly refused: boolean
  readonly outputBytes: number
  /** What was held: an estimate never exceeds it. */
  readonly inputTokensHeld: number
  readonly outputTokensHeld: number
}

/**
 * The provider's figures where it gave any; where it gave some, the rest is estimated and the whole is marked so.
 * An estimate is the upper bound of the input, and a token for three bytes of the output seen (a Chinese character;
 * less than a word), never more than was held.
 */
export function measure(seen: Seen): Measured {
  const usage = plausible(seen.usage)
  if (usage !== undefined) {
    const input = sum(usage.inputTokens, usage.cachedInputTokens, usage.cacheWriteTokens)
    const output = sum(usage.outputTokens, usage.reasoningTokens)
    if (input !== undefined && (output !== undefined || seen.outputTokensHeld === 0)) {
      return { usage, totalTokens: usage.totalTokens ?? input + (output ?? 0), source: 'provider' }
    }
    if (usage.totalTokens !== undefined && seen.outputTokensHeld === 0) {
      // Embeddings are often told as a total alone, and all of it is input.
      return {
        usage: { ...usage, inputTokens: usage.totalTokens },
        totalTokens: usage.totalTokens,
        source: 'provider',
      }
    }
    const filled = {
      ...usage,
      ...(input === undefined ? { inputTokens: seen.inputTokensHeld } : {}),
      ...(output === undefined ? { outputTokens: estimateOutput(seen) } : {}),
    }
    const total = (input ?? seen.inputTokensHeld) + (output ?? estimateOutput(seen))
    return { usage: filled, totalTokens: usage.totalTokens ?? total, source: 'estimated' }
  }
  if (seen.refused) return { usage: { inputTokens: 0, outputTokens: 0 }, totalTokens: 0, source: 'provider' }
  const outputTokens = estimateOutput(seen)
  return {
    usage: { inputTokens: seen.inputTokensHeld, outputTokens },
    totalTokens: seen.inputTokensHeld + outputTokens,
    source: 'estimated',
  }
}

/** A figure that is no count of tokens (negative, a fraction, billions) says nothing: it is as if none had come. */
function plausible(usage: TokenUsage | undefined): TokenUsage | undefined {
  if (usage === undefined) return undefined
  const figures: readonly unknown[] = Object.values(usage)
  const sound = figures.every(
    (figure) =>
      figure === undefined ||
      (Number.isInteger(figure) && Number(figure) >= 0 && Number(figure) <= tokensMax),
  )
  return sound ? usage : undefined
}

const tokensMax = 1_000_000_000

function estimateOutput(seen: Seen): number {
  return Math.min(Math.ceil(seen.outputBytes / bytesPerToken), seen.outputTokensHeld)
}

const bytesPerToken = 3

/** `undefined` when none of the parts is known: a missing part of a known sum is nothing to add. */
function sum(...parts: readonly (number | undefined)[]): number | undefined {
  let total: number | undefined
  for (const part of parts) if (part !== undefined) total = (total ?? 0) + part
  return total
}

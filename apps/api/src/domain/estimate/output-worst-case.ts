import type { OfferingEntry } from '../snapshot/snapshot.ts'

type Body = Readonly<Record<string, unknown>>

/**
 * The most output tokens that one answer may be billed for when it goes out bounded by `boundTokens`: the bound, and the
 * thinking that the platform does not count into it. What is held must cover this.
 */
export function outputWorstCase(offering: OfferingEntry, boundTokens: number, body: Body): number {
  // Embeddings: there is no answer to think about.
  if (boundTokens === 0) return 0
  const { account, upstreamModel, contextTokens } = offering
  const beyond =
    account.adapter.chat.beyondBound?.(
      { body, maxOutputTokens: boundTokens },
      { upstreamModel, options: account.options },
    ) ?? 0
  if (beyond !== 'unbounded') return boundTokens + beyond
  // Nothing but the model's context ends the thinking.
  return Math.max(boundTokens, contextTokens ?? boundTokens + unknownContextTokens)
}

/** Of a model that thinks as long as it likes and whose context nobody knows: larger than those in the price book that are like it. */
const unknownContextTokens = 131_072

/**
 * Whether a bound must go out even where the client named none and the model's own cap would do for the answer: the cap
 * does not bound the thinking on this platform, and a bound that is sent does, or brings a budget for it.
 */
export function needsBound(offering: OfferingEntry, body: Body): boolean {
  const { account, upstreamModel } = offering
  return (
    account.adapter.chat.beyondBound?.(
      { body, maxOutputTokens: undefined },
      { upstreamModel, options: account.options },
    ) === 'unbounded'
  )
}

import type { BeyondBound } from '@tollgate/adapters/contract'
import type { OfferingEntry } from '../snapshot/snapshot.ts'

type Body = Readonly<Record<string, unknown>>

/**
 * The most output tokens that one answer may be billed for when it goes out bounded by `boundTokens`: the bound, and the
 * thinking that the platform does not count into it, or as much as the model can give where the platform takes no bound.
 * What is held must cover this.
 */
export function outputWorstCase(offering: OfferingEntry, boundTokens: number, body: Body): number {
  // Embeddings: there is no answer to think about.
  if (boundTokens === 0) return 0
  const beyond = beyondBound(offering, boundTokens, body)
  if (typeof beyond === 'number') return boundTokens + beyond
  const { contextTokens, maxOutputTokens } = offering
  // Nothing but the model's context ends the thinking; where no bound can be sent, the model's own cap ends the answer.
  const end = beyond === 'model-cap' ? (maxOutputTokens ?? contextTokens) : contextTokens
  return Math.max(boundTokens, end ?? boundTokens + unknownContextTokens)
}

/** Of a model that writes as long as it likes and whose context nobody knows: larger than those in the price book that are like it. */
const unknownContextTokens = 131_072

/**
 * Whether a bound must go out even where the client named none and the model's own cap would do for the answer: the cap
 * does not bound the thinking on this platform, and a bound that is sent does, or brings a budget for it.
 */
export function needsBound(offering: OfferingEntry, body: Body): boolean {
  return beyondBound(offering, undefined, body) === 'unbounded'
}

/** Whether the platform has a field for a bound at all: else a smaller one holds no less and shortens nothing. */
export function takesBound(offering: OfferingEntry, body: Body): boolean {
  return beyondBound(offering, undefined, body) !== 'model-cap'
}

function beyondBound(
  { account, upstreamModel }: OfferingEntry,
  maxOutputTokens: number | undefined,
  body: Body,
): BeyondBound {
  const call = { upstreamModel, options: account.options }
  return account.adapter.chat.beyondBound?.({ body, maxOutputTokens }, call) ?? 0
}

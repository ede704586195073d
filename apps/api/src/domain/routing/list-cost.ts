import { outputWorstCase } from '../estimate/output-worst-case.ts'
import { priceAt } from '../prices/price-at.ts'
import { worstCaseCost } from '../prices/worst-case-cost.ts'
import type { OfferingEntry } from '../snapshot/snapshot.ts'
import type { ChooseInput } from './choose.ts'

/** The most that a request bounded like this can cost here; `undefined`: unpriced. */
export function listCost(
  offering: OfferingEntry,
  input: ChooseInput,
  boundTokens: number,
): bigint | undefined {
  const price = priceAt(offering, input.atMs)
  if (price === undefined) return undefined
  return worstCaseCost(price.price, {
    inputTokens: input.inputTokens,
    outputTokens: outputMost(offering, input, boundTokens),
    atMs: input.atMs,
  })
}

/** Output tokens that all choices together may be billed for, thinking beyond the bound included. */
export function outputMost(offering: OfferingEntry, input: ChooseInput, boundTokens: number): number {
  if (input.endpoint === 'embeddings') return 0
  return outputWorstCase(offering, boundTokens, input.body) * input.choices
}

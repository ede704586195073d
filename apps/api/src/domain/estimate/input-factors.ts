import { LearnedRatios } from './learned-ratios.ts'
import { sizeCount, sizeOf } from './ratio-histogram.ts'

/** No more than this part of the requests of a size may pass the learned bound. */
export const missRateMax = 0.001
/** The raw estimate is an upper bound by itself, made from the platforms' published characters a token. */
export const seedFactor = 1
/** Fewer say nothing; from here to `trustedSamples` the bound moves from the seed's to what was learned. */
const samplesMin = 200
const trustedSamples = 1_000
/** On top of what was learned, beside the up to 9 % of its scale. */
const margin = 1.1
const factorMin = 0.25
/** What is beyond is no matter of text (a search the platform made on its own); one such request must not block all others. */
const factorMax = 8
/** A bound that was too low stays raised until so many requests have come that it would have borne. */
const raisedForSamples = 8_192
/** Finding a quantile walks over the whole scale: not for every request. */
const refreshEvery = 32

/** By which the raw estimate of a model's input is multiplied, for each size, and what is learned about it. */
export class InputFactors {
  readonly learned = new LearnedRatios()
  readonly #factors = new Float64Array(sizeCount).fill(seedFactor)
  readonly #raisedTo = new Float64Array(sizeCount)
  readonly #raisedLeft = new Float64Array(sizeCount)
  #untilRefresh = refreshEvery

  factor(size: number): number {
    return this.#factors[size] ?? seedFactor
  }

  learn(rawTokens: number, countedTokens: number, boundTokens: number): void {
    const size = sizeOf(rawTokens)
    const ratio = countedTokens / rawTokens
    this.learned.add(size, ratio, countedTokens > boundTokens)
    if (ratio > this.factor(size)) {
      this.#raisedTo[size] = Math.max(this.#raisedTo[size] ?? 0, ratio)
      this.#raisedLeft[size] = raisedForSamples
      this.#refresh(size)
    } else if ((this.#raisedLeft[size] ?? 0) > 0) {
      const left = (this.#raisedLeft[size] ?? 0) - 1
      this.#raisedLeft[size] = left
      if (left === 0) this.#raisedTo[size] = 0
    }
    this.#untilRefresh -= 1
    if (this.#untilRefresh <= 0) this.refreshAll()
  }

  refreshAll(): void {
    this.#untilRefresh = refreshEvery
    for (let size = 0; size < sizeCount; size += 1) this.#refresh(size)
  }

  #refresh(size: number): void {
    const { known } = this.learned
    const samples = known.total(size)
    const raised = (this.#raisedTo[size] ?? 0) * margin
    const shown = known.ratioBelow(size, missesAllowed(samples)) * margin
    // Few requests may move the bound a little down, and any number of them up.
    const trust = Math.min(1, Math.max(0, (samples - samplesMin) / (trustedSamples - samplesMin)))
    const lowered = shown < seedFactor ? seedFactor * (shown / seedFactor) ** trust : shown
    const factor = samples < samplesMin ? seedFactor : lowered
    this.#factors[size] = Math.min(factorMax, Math.max(factorMin, factor, raised))
  }
}

/** So many that the true rate is below the promised one with three standard deviations to spare; none below 9,000. */
function missesAllowed(samples: number): number {
  const expected = samples * missRateMax
  return Math.max(0, Math.floor(expected - 3 * Math.sqrt(expected)))
}

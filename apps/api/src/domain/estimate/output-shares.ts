import { LearnedRatios } from './learned-ratios.ts'
import { sizeOf } from './ratio-histogram.ts'

/** No more than this part of the answers is longer than what is held for them on a `bounded` quota. */
const longerMax = 0.01
const samplesMin = 200
const margin = 1.25

/** How much of its output bound a model uses. Only `bounded` quotas rest on it. */
export class OutputShares {
  readonly learned = new LearnedRatios()

  learn(worstTokens: number, writtenTokens: number): void {
    this.learned.add(sizeOf(worstTokens), writtenTokens / worstTokens, false)
  }

  /** What an answer that may use `worstTokens` is likely to stay within. */
  likely(worstTokens: number): number {
    const { known } = this.learned
    const size = sizeOf(worstTokens)
    const samples = known.total(size)
    if (samples < samplesMin) return worstTokens
    const share = known.ratioBelow(size, Math.floor(samples * longerMax)) * margin
    return Math.min(worstTokens, Math.ceil(worstTokens * share))
  }
}

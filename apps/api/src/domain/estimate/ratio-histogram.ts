/**
 * How often a figure came out at which ratio of what was expected, on a logarithmic scale: eight steps an octave (9 %
 * each), from 1/4096 to 16. Apart by size: what a template adds weighs much on a short prompt and nothing on a long
 * one, and an answer fills a small bound more often than a large one.
 */
export class RatioHistogram {
  /** Of each size, its buckets one after the other. */
  readonly counts = new Float64Array(sizeCount * bucketCount)
  readonly #totals = new Float64Array(sizeCount)

  add(size: number, ratio: number): void {
    const at = size * bucketCount + bucketOf(ratio)
    this.counts[at] = (this.counts[at] ?? 0) + 1
    this.#totals[size] = (this.#totals[size] ?? 0) + 1
  }

  total(size: number): number {
    return this.#totals[size] ?? 0
  }

  /** The ratio that all but `above` of the size's requests stayed at or below, to the step above; 0 where there are none. */
  ratioBelow(size: number, above: number): number {
    if (this.total(size) === 0) return 0
    let left = above
    for (let bucket = bucketCount - 1; bucket > 0; bucket -= 1) {
      left -= this.counts[size * bucketCount + bucket] ?? 0
      if (left < 0) return ratioOf(bucket)
    }
    return ratioOf(0)
  }

  /** Takes over counts from elsewhere in place of its own. */
  replace(counts: ArrayLike<number>): void {
    this.#totals.fill(0)
    for (let at = 0; at < this.counts.length; at += 1) {
      const count = counts[at] ?? 0
      this.counts[at] = count
      const size = Math.floor(at / bucketCount)
      this.#totals[size] = (this.#totals[size] ?? 0) + count
    }
  }
}

export const bucketCount = 128
/** Sizes end at these, in tokens; the last has no end. */
export const sizeEnds = [256, 2_048, 16_384] as const
export const sizeCount = sizeEnds.length + 1

/** Which of the sizes a number of tokens belongs to. */
export function sizeOf(tokens: number): number {
  let size = 0
  for (const end of sizeEnds) if (tokens > end) size += 1
  return size
}

const stepsPerOctave = 8
const bucketOfOne = 12 * stepsPerOctave

function bucketOf(ratio: number): number {
  const bucket = Math.ceil(Math.log2(ratio) * stepsPerOctave) + bucketOfOne
  return bucket > 0 ? Math.min(bucket, bucketCount - 1) : 0
}

/** The upper end of a bucket. */
function ratioOf(bucket: number): number {
  return 2 ** ((bucket - bucketOfOne) / stepsPerOctave)
}

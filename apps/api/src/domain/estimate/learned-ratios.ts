import type { StoredEstimate } from '../../ports/estimate-store.ts'
import { RatioHistogram, bucketCount, sizeCount } from './ratio-histogram.ts'

/** One side of one model: what is known, and what of it is not yet saved. */
export class LearnedRatios {
  readonly known = new RatioHistogram()
  readonly #unsaved = new RatioHistogram()
  #samples = 0
  #misses = 0
  #unsavedSamples = 0
  #unsavedMisses = 0

  get samples(): number {
    return this.#samples
  }

  get misses(): number {
    return this.#misses
  }

  add(size: number, ratio: number, missed: boolean): void {
    this.known.add(size, ratio)
    this.#unsaved.add(size, ratio)
    this.#samples += 1
    this.#unsavedSamples += 1
    if (!missed) return
    this.#misses += 1
    this.#unsavedMisses += 1
  }

  /** What came since the last time, if anything did. It is somebody else's to save now, or to give back. */
  takeUnsaved(): Pick<StoredEstimate, 'counts' | 'samples' | 'misses'> | undefined {
    if (this.#unsavedSamples === 0) return undefined
    const taken = {
      counts: [...this.#unsaved.counts],
      samples: this.#unsavedSamples,
      misses: this.#unsavedMisses,
    }
    this.#unsaved.replace([])
    this.#unsavedSamples = 0
    this.#unsavedMisses = 0
    return taken
  }

  giveBack({ counts, samples, misses }: Pick<StoredEstimate, 'counts' | 'samples' | 'misses'>): void {
    this.#unsaved.replace(this.#unsaved.counts.map((count, at) => count + (counts[at] ?? 0)))
    this.#unsavedSamples += samples
    this.#unsavedMisses += misses
  }

  /** The sums of all processes, as of the last save; what came to this one since is on top. */
  adopt({ counts, samples, misses }: Pick<StoredEstimate, 'counts' | 'samples' | 'misses'>): void {
    // Counts of a version that sorted them otherwise say nothing here.
    const sums = counts.length === sizeCount * bucketCount ? counts : []
    this.known.replace(this.#unsaved.counts.map((count, at) => count + (sums[at] ?? 0)))
    this.#samples = samples + this.#unsavedSamples
    this.#misses = misses + this.#unsavedMisses
  }
}

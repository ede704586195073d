import type { CounterWindow } from '../../ports/counters.ts'

/** One counter in one window. */
export interface Tally {
  held: bigint
  settledAt(atMs: number): bigint
  add(amount: bigint, atMs: number): void
  /** When `excess` less will be settled, as far as that comes with time alone. */
  freesAtMs(excess: bigint, atMs: number): number | undefined
}

export function createTally(window: CounterWindow): Tally {
  switch (window.kind) {
    case 'fixed':
      return new FixedTally(window.endMs)
    case 'sliding':
      return new SlidingTally(window.lengthMs)
    case 'held':
      return new HeldTally()
  }
}

class FixedTally implements Tally {
  held = 0n
  #settled = 0n
  readonly #endMs: number | undefined

  constructor(endMs: number | undefined) {
    this.#endMs = endMs
  }

  settledAt(): bigint {
    return this.#settled
  }

  add(amount: bigint): void {
    this.#settled += amount
  }

  freesAtMs(): number | undefined {
    return this.#endMs
  }
}

/**
 * What was settled within the last `lengthMs`, in sixtieths of the window. A bucket counts until all of it is out,
 * so the window is never shorter than promised, and at most a sixtieth longer.
 */
class SlidingTally implements Tally {
  held = 0n
  readonly #lengthMs: number
  readonly #stepMs: number
  #sum = 0n
  /** Oldest first. */
  readonly #buckets: { readonly startMs: number; amount: bigint }[] = []

  constructor(lengthMs: number) {
    this.#lengthMs = lengthMs
    this.#stepMs = lengthMs / 60
  }

  settledAt(atMs: number): bigint {
    while (this.#buckets.length > 0) {
      const oldest = this.#buckets[0]
      if (oldest === undefined || this.#outAtMs(oldest.startMs) > atMs) break
      this.#sum -= oldest.amount
      this.#buckets.shift()
    }
    return this.#sum
  }

  add(amount: bigint, atMs: number): void {
    if (amount === 0n) return
    if (amount < 0n) return this.#takeBack(-amount, atMs)
    const startMs = Math.floor(atMs / this.#stepMs) * this.#stepMs
    this.#sum += amount
    // A long request settles in the bucket in which it was reserved, which need not be the newest.
    let index = this.#buckets.length
    while (index > 0 && (this.#buckets[index - 1]?.startMs ?? 0) > startMs) index -= 1
    const same = this.#buckets[index - 1]
    if (same?.startMs === startMs) same.amount += amount
    else this.#buckets.splice(index, 0, { startMs, amount })
  }

  freesAtMs(excess: bigint, atMs: number): number | undefined {
    this.settledAt(atMs)
    let freed = 0n
    for (const bucket of this.#buckets) {
      freed += bucket.amount
      if (freed >= excess) return this.#outAtMs(bucket.startMs)
    }
    return undefined
  }

  /**
   * A correction downward takes from the bucket of what it corrects, then from older ones, and never more than there is.
   * Otherwise what is settled would rise with time alone, past the limit, or fall below what was used.
   */
  #takeBack(amount: bigint, atMs: number): void {
    this.settledAt(atMs)
    let left = amount
    for (const bucket of this.#buckets.toReversed()) {
      if (bucket.startMs > atMs) continue
      const taken = bucket.amount < left ? bucket.amount : left
      bucket.amount -= taken
      this.#sum -= taken
      left -= taken
    }
  }

  #outAtMs(bucketStartMs: number): number {
    return bucketStartMs + this.#stepMs + this.#lengthMs
  }
}

/** Concurrency: only what is held counts, and it frees up when requests end, not with time. */
class HeldTally implements Tally {
  held = 0n

  settledAt(): bigint {
    return 0n
  }

  add(): void {}

  freesAtMs(): number | undefined {
    return undefined
  }
}

import type { Segment } from './segment.ts'

/** Forces segments to disk for many at once: everybody who came since the last `fdatasync` shares the next one. */
export class GroupSync {
  readonly #onOutcome: (segment: Segment, error: Error | undefined) => void
  #running = false
  #waiters: {
    readonly segment: Segment
    readonly resolve: () => void
    readonly reject: (error: Error) => void
  }[] = []

  constructor(onOutcome: (segment: Segment, error: Error | undefined) => void) {
    this.#onOutcome = onOutcome
  }

  /** Resolves when what was written to the segment before the call is on disk. */
  wait(segment: Segment): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiters.push({ segment, resolve, reject })
      if (!this.#running) void this.#run()
    })
  }

  async #run(): Promise<void> {
    this.#running = true
    while (this.#waiters.length > 0) {
      const group = this.#waiters
      this.#waiters = []
      for (const segment of new Set(group.map((waiter) => waiter.segment))) {
        const waiting = group.filter((waiter) => waiter.segment === segment)
        try {
          // What a failed `fdatasync` lost, a later one of the same file does not bring back.
          if (segment.broken) throw new Error('an earlier write to the journal file failed')
          await segment.sync()
          this.#onOutcome(segment, undefined)
          for (const waiter of waiting) waiter.resolve()
        } catch (error) {
          const reason = error instanceof Error ? error : new Error(String(error))
          this.#onOutcome(segment, reason)
          for (const waiter of waiting) waiter.reject(reason)
        }
      }
    }
    this.#running = false
  }
}

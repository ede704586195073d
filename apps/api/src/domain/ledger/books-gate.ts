import { CountersUnavailable } from '../../ports/counters.ts'

/**
 * Lets the books of a process stand still. What changes counters, or counters and journal together, goes through as one
 * step; while the gate is closed no step runs, so that whoever rebuilds the counters sees each request either wholly
 * before or wholly after.
 */
export class BooksGate {
  #opening: PromiseWithResolvers<void> | undefined
  #inside = 0
  #emptied: (() => void) | undefined

  /** Throws `CountersUnavailable` when the gate does not open in time. Steps do not nest: a closing gate would wait for ever. */
  async pass<Result>(step: () => Promise<Result>, waitMs = Number.POSITIVE_INFINITY): Promise<Result> {
    while (this.#opening !== undefined) await opens(this.#opening.promise, waitMs)
    this.#inside += 1
    try {
      return await step()
    } finally {
      this.#inside -= 1
      if (this.#inside === 0) this.#emptied?.()
    }
  }

  /** Resolves when no step is running any more. */
  async close(): Promise<void> {
    this.#opening ??= Promise.withResolvers<void>()
    if (this.#inside === 0) return
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#emptied = resolve
    await promise
    this.#emptied = undefined
  }

  open(): void {
    const opening = this.#opening
    this.#opening = undefined
    opening?.resolve()
  }
}

async function opens(opening: Promise<void>, waitMs: number): Promise<void> {
  if (waitMs === Number.POSITIVE_INFINITY) return opening
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new CountersUnavailable('The counters are being rebuilt.')), waitMs)
  try {
    await Promise.race([opening, promise])
  } finally {
    clearTimeout(timer)
  }
}

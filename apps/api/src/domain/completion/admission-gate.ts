/**
 * Lets a request wait for the holds of others. A hold is the worst case of a running request and nearly always gives
 * most of itself back, so a team near its limit is better served by a short wait than by a refusal that would not
 * have been necessary a moment later.
 */
export class AdmissionGate {
  readonly #waiters = new Map<string, Set<() => void>>()
  readonly #waitersMax: number
  readonly #pollMs: number
  #waiting = 0

  /** `pollMs`: holds may be given back by other processes too, which nobody here hears of; infinite: they are all ours. */
  constructor(waitersMax: number, pollMs: number) {
    this.#waitersMax = waitersMax
    this.#pollMs = pollMs
  }

  /** Resolves `true` when something was given back in the scope, `false` when time is up or too many wait already. */
  async wait(scopeId: string, timeoutMs: number, signal: AbortSignal): Promise<boolean> {
    if (timeoutMs <= 0 || this.#waiting >= this.#waitersMax || signal.aborted) return false
    this.#waiting += 1
    let waiters = this.#waiters.get(scopeId)
    if (waiters === undefined) {
      waiters = new Set()
      this.#waiters.set(scopeId, waiters)
    }
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const wake = () => resolve(true)
    const giveUp = () => resolve(false)
    const timer =
      timeoutMs <= this.#pollMs ? setTimeout(giveUp, timeoutMs) : setTimeout(wake, jittered(this.#pollMs))
    signal.addEventListener('abort', giveUp, { once: true })
    waiters.add(wake)
    try {
      return await promise
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', giveUp)
      waiters.delete(wake)
      if (waiters.size === 0) this.#waiters.delete(scopeId)
      this.#waiting -= 1
    }
  }

  /** Called whenever a reservation of the scope is resolved. Waiters try again in the order in which they came. */
  wake(scopeId: string): void {
    const waiters = this.#waiters.get(scopeId)
    if (waiters === undefined) return
    for (const wake of waiters) wake()
  }
}

/** So that those who were refused together do not come back together. */
function jittered(ms: number): number {
  return ms * (0.75 + Math.random() / 2)
}

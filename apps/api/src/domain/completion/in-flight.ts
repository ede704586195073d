/** Requests that are running now: for the live view and for a graceful stop. */
export class InFlight {
  readonly #running = new Map<string, { readonly heldTokens: number; readonly cancel: () => void }>()
  readonly #lastUsed = new Map<string, number>()
  /** Requests that started in each of the last 60 seconds. */
  readonly #perSecond = new Uint32Array(60)
  #second = 0
  #idle: (() => void)[] = []

  started(requestId: string, keyId: string, heldTokens: number, atMs: number, cancel: () => void): void {
    this.#running.set(requestId, { heldTokens, cancel })
    this.#lastUsed.set(keyId, atMs)
    this.#turnTo(Math.floor(atMs / 1000))
    const slot = this.#second % 60
    this.#perSecond[slot] = (this.#perSecond[slot] ?? 0) + 1
  }

  ended(requestId: string): void {
    this.#running.delete(requestId)
    if (this.#running.size > 0) return
    for (const resolve of this.#idle) resolve()
    this.#idle = []
  }

  live(atMs: number): { inFlight: number; heldTokens: number; requestsLastMinute: number } {
    this.#turnTo(Math.floor(atMs / 1000))
    let heldTokens = 0
    for (const running of this.#running.values()) heldTokens += running.heldTokens
    return {
      inFlight: this.#running.size,
      heldTokens,
      requestsLastMinute: this.#perSecond.reduce((sum, count) => sum + count, 0),
    }
  }

  lastUsed(): ReadonlyMap<string, number> {
    return this.#lastUsed
  }

  /** Resolves when nothing runs any more. */
  idle(): Promise<void> {
    if (this.#running.size === 0) return Promise.resolve()
    return new Promise((resolve) => this.#idle.push(resolve))
  }

  cancelAll(): void {
    for (const running of this.#running.values()) running.cancel()
  }

  #turnTo(second: number): void {
    const passed = Math.min(second - this.#second, 60)
    for (let step = 1; step <= passed; step += 1) this.#perSecond[(this.#second + step) % 60] = 0
    // Far behind (the first request, or a quiet hour): everything was cleared above.
    if (second > this.#second) this.#second = second
  }
}

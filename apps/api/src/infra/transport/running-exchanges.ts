/** One exchange under way, as far as its time limits are concerned. */
export interface TimedExchange {
  checkTime(nowMs: number): void
}

/** One timer for all exchanges: a timer for each chunk would cost more than passing the chunk on. */
export class RunningExchanges {
  readonly #running = new Set<TimedExchange>()
  #ticker: NodeJS.Timeout | undefined

  add(exchange: TimedExchange): void {
    this.#running.add(exchange)
    this.#ticker ??= setInterval(() => this.#tick(), tickMs).unref()
  }

  remove(exchange: TimedExchange): void {
    this.#running.delete(exchange)
  }

  stop(): void {
    clearInterval(this.#ticker)
  }

  #tick(): void {
    const nowMs = performance.now()
    for (const exchange of this.#running) exchange.checkTime(nowMs)
  }
}

const tickMs = 100

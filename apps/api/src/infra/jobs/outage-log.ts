import type { Logger } from '../../ports/logger.ts'

const quietMs = 60_000

/** Says that a store is away once, again each minute, and that it is back: clients report every try to reach it. */
export class OutageLog {
  readonly #log: Logger
  readonly #store: string
  #saidAtMs: number | undefined

  constructor(log: Logger, store: string) {
    this.#log = log
    this.#store = store
  }

  failed(error: unknown): void {
    const now = performance.now()
    if (this.#saidAtMs !== undefined && now - this.#saidAtMs < quietMs) return
    this.#saidAtMs = now
    this.#log.warn({ err: error }, `jobs have trouble with ${this.#store}; they go on when it is well again`)
  }

  well(): void {
    if (this.#saidAtMs === undefined) return
    this.#saidAtMs = undefined
    this.#log.info({}, `jobs go on: ${this.#store} is well again`)
  }
}

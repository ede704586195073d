import type { CounterStore } from '../../ports/counters.ts'
import type { Logger } from '../../ports/logger.ts'
import type { UnheldRequests } from './unheld-requests.ts'

const retryMs = 500

/** Has a store that was lost rebuilt as soon as it is noticed, again and again until it succeeds. */
export class CounterRecovery {
  readonly #store: CounterStore
  readonly #unheld: UnheldRequests
  readonly #rebuild: () => Promise<void>
  readonly #log: Logger
  #running = false
  #timer: NodeJS.Timeout | undefined
  #stopped = false
  readonly #waiters = new Set<() => void>()

  /** `rebuild` resolves when the store may have become ready. */
  constructor(store: CounterStore, unheld: UnheldRequests, rebuild: () => Promise<void>, log: Logger) {
    this.#store = store
    this.#unheld = unheld
    this.#rebuild = rebuild
    this.#log = log
    store.onState((state) => {
      if (state === 'ready') for (const wake of this.#waiters) wake()
      void this.#run()
    })
    unheld.onSettled(() => void this.#run())
  }

  /** Resolves `true` as soon as the store is ready, `false` when it is not in time. */
  async recovered(withinMs: number): Promise<boolean> {
    if (this.#store.state() === 'ready') return true
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const wake = () => resolve(true)
    const timer = setTimeout(() => resolve(false), withinMs)
    this.#waiters.add(wake)
    try {
      return await promise
    } finally {
      clearTimeout(timer)
      this.#waiters.delete(wake)
    }
  }

  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
  }

  async #run(): Promise<void> {
    if (this.#running || this.#stopped || !this.#isNeeded()) return
    this.#running = true
    try {
      await this.#rebuild()
    } catch (error) {
      this.#log.warn({ err: error }, 'the counters could not be rebuilt; trying again')
    } finally {
      this.#running = false
      if (!this.#stopped && this.#isNeeded()) {
        clearTimeout(this.#timer)
        this.#timer = setTimeout(() => void this.#run(), retryMs)
      }
    }
  }

  #isNeeded(): boolean {
    const state = this.#store.state()
    return state === 'cold' || (state === 'ready' && this.#unheld.some())
  }
}

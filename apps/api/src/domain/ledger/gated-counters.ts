import {
  CountersUnavailable,
  type Counters,
  type CounterReading,
  type CounterRef,
  type ReserveOutcome,
} from '../../ports/counters.ts'
import type { BooksGate } from './books-gate.ts'

/**
 * Counters as the request path sees them: what takes or gives back goes through the gate, and a request that comes while
 * the store is being rebuilt waits a moment before it is refused. A settlement is not gated here: it is one step with
 * its journal line, see `domain/completion/settle.ts`.
 */
export class GatedCounters implements Counters {
  readonly #counters: Counters
  readonly #gate: BooksGate
  readonly #recovered: (withinMs: number) => Promise<boolean>
  readonly #waitMs: number

  /** `recovered` resolves `true` as soon as the store can be trusted again, `false` when it cannot in time. */
  constructor(
    counters: Counters,
    options: {
      readonly gate: BooksGate
      readonly recovered: (withinMs: number) => Promise<boolean>
      readonly waitMs: number
    },
  ) {
    this.#counters = counters
    this.#gate = options.gate
    this.#recovered = options.recovered
    this.#waitMs = options.waitMs
  }

  async reserve(input: Parameters<Counters['reserve']>[0]): Promise<ReserveOutcome> {
    try {
      return await this.#gate.pass(() => this.#counters.reserve(input), this.#waitMs)
    } catch (error) {
      if (!(error instanceof CountersUnavailable)) throw error
      if (!(await this.#recovered(this.#waitMs))) throw error
      return this.#gate.pass(() => this.#counters.reserve(input), this.#waitMs)
    }
  }

  note(reservationId: string, group: string, opening: () => string): void {
    this.#counters.note(reservationId, group, opening)
  }

  dropHolds(reservationId: string, group: string, counterIds: readonly string[]): Promise<void> {
    return this.#gate.pass(() => this.#counters.dropHolds(reservationId, group, counterIds))
  }

  settle(input: Parameters<Counters['settle']>[0]): Promise<boolean> {
    return this.#counters.settle(input)
  }

  release(reservationId: string): Promise<boolean> {
    return this.#gate.pass(() => this.#counters.release(reservationId))
  }

  read(refs: readonly CounterRef[], atMs: number): Promise<readonly CounterReading[]> {
    return this.#counters.read(refs, atMs)
  }

  open(): { readonly reservations: number } {
    return this.#counters.open()
  }
}

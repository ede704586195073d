import { systemClock, type Clock } from '../../../ports/clock.ts'
import type {
  CounterAmount,
  CounterReading,
  CounterRef,
  Counters,
  CounterStore,
  CounterUpkeep,
  ReserveOutcome,
  StoredReservation,
  StoreState,
} from '../../../ports/counters.ts'
import type { Logger } from '../../../ports/logger.ts'
import type { Generation } from './generation.ts'
import { KeptMoves } from './kept-moves.ts'
import { Reservations } from './reservations.ts'
import { resolveReservation } from './resolve-reservation.ts'
import { StoreLink } from './store-link.ts'
import { storeError, StoreStateKeeper } from './store-state.ts'
import * as upkeep from './upkeep.ts'

export interface RedisCountersOptions {
  /** `redis://` or `rediss://`, with the number of a logical database where there are several. */
  readonly url: string
  readonly log: Logger
  readonly clock?: Clock
  /** What all keys begin with. */
  readonly prefix?: string
  /** A server that is silent for this long is taken for gone. */
  readonly answerMsMax?: number
  /** How long the first connection may take. */
  readonly connectMsMax?: number
}

/**
 * Counters that many processes share, on Redis 7 or Valkey 8. Every change is one script: the server runs one at a time.
 * What is in the store, and what may go wrong with it, stands in README.md.
 */
export class RedisCounters implements CounterStore {
  readonly #log: Logger
  readonly #clock: Clock
  readonly #link: StoreLink
  readonly #store: StoreStateKeeper
  readonly #moves: KeptMoves
  readonly #reservations: Reservations

  /**
   * Resolves when the store was reached, whatever it holds; rejects when it cannot be reached in time, or would evict
   * counters.
   */
  static async connect(options: RedisCountersOptions): Promise<RedisCounters> {
    const counters = new RedisCounters(options)
    await counters.#link.start(options.connectMsMax ?? 30_000)
    return counters
  }

  private constructor(options: RedisCountersOptions) {
    const { log, clock = systemClock, prefix = 'tollgate' } = options
    if (/[{}]/.test(prefix)) throw new Error('braces in a prefix would tear groups apart in a cluster')
    this.#log = log
    this.#clock = clock
    this.#link = new StoreLink({
      url: options.url,
      log,
      answerMsMax: options.answerMsMax ?? 5_000,
      onUp: () => this.#store.look(),
      onDown: () => this.#store.down(),
    })
    this.#store = new StoreStateKeeper({
      link: this.#link,
      prefix,
      log,
      onGeneration: (generation, isNew) => this.#enter(generation, isNew),
    })
    this.#moves = new KeptMoves({
      link: this.#link,
      log,
      usable: () => this.#store.usable,
      onLost: (generation, group) => this.#store.lose(generation, `group ${group} is another one`, true),
    })
    this.#reservations = new Reservations({
      link: this.#link,
      store: this.#store,
      moves: this.#moves,
      clock,
      prefix,
      log,
    })
  }

  reserve(input: Parameters<Counters['reserve']>[0]): Promise<ReserveOutcome> {
    return this.#reservations.reserve(input)
  }

  note(reservationId: string, group: string, opening: () => string): void {
    this.#reservations.note(reservationId, group, opening)
  }

  dropHolds(reservationId: string, group: string, counterIds: readonly string[]): Promise<void> {
    return this.#reservations.dropHolds(reservationId, group, counterIds)
  }

  settle(input: Parameters<Counters['settle']>[0]): Promise<boolean> {
    return this.#reservations.settle(input)
  }

  release(reservationId: string): Promise<boolean> {
    return this.#reservations.release(reservationId)
  }

  async read(refs: readonly CounterRef[], atMs: number): Promise<readonly CounterReading[]> {
    const generation = this.#store.usable
    if (generation === undefined) throw this.#store.unavailable()
    return upkeep.readCounters(this.#link, generation, refs, atMs).catch((error: unknown) => {
      throw storeError(error)
    })
  }

  open(): { readonly reservations: number } {
    return this.#reservations.open()
  }

  unknown(refs: readonly CounterRef[]): Promise<readonly CounterRef[]> {
    return this.#keepUp((generation) => upkeep.unknownCounters(this.#link, generation, refs))
  }

  async seed(input: Parameters<CounterUpkeep['seed']>[0]): Promise<void> {
    if (input.ref.window.kind === 'held') return
    await this.#keepUp((generation) => upkeep.seedCounter(this.#link, generation, input, this.#clock.now()))
  }

  adjust(changes: readonly CounterAmount[], atMs: number): Promise<void> {
    return this.#keepUp((generation) => upkeep.adjustCounters(this.#link, generation, changes, atMs))
  }

  expired(atMs: number, countMax: number): Promise<readonly StoredReservation[]> {
    return this.#keepUp((generation) => upkeep.expiredReservations(this.#link, generation, atMs, countMax))
  }

  async resolve(input: Parameters<CounterUpkeep['resolve']>[0]): Promise<'settled' | 'already' | 'absent'> {
    return this.#keepUp((generation) => resolveReservation(this.#link, generation, input, this.#clock.now()))
  }

  async forget(reservations: Parameters<CounterUpkeep['forget']>[0]): Promise<void> {
    this.#moves.forget(reservations)
    const generation = this.#store.usable
    // Nothing is lost without it: tombstones go by themselves.
    if (generation === undefined) return
    await upkeep
      .forgetReservations(this.#link, generation, reservations)
      .catch((error: unknown) => this.#log.warn({ err: error }, 'tombstones were not cleared away'))
  }

  openReservations(): readonly StoredReservation[] {
    return this.#reservations.known.list()
  }

  restore(reservations: readonly StoredReservation[]): Promise<void> {
    return this.#keepUp((generation) => this.#restore(generation, reservations))
  }

  state(): StoreState {
    return this.#store.state
  }

  onState(listener: (state: StoreState) => void): void {
    this.#store.onState(listener)
  }

  epoch(): number | undefined {
    return this.#store.usable?.epoch
  }

  async begin(epoch: number): Promise<void> {
    await this.#store.begin(epoch).catch((error: unknown) => {
      throw storeError(error)
    })
  }

  async publish(epoch: number): Promise<void> {
    await this.#store.publish(epoch).catch((error: unknown) => {
      throw storeError(error)
    })
  }

  async adopt(): Promise<StoreState> {
    // Where it fails the connection is gone, or about to go, and the state says so.
    if (this.#store.state !== 'away') await this.#store.look().catch(() => {})
    return this.#store.state
  }

  async close(): Promise<void> {
    this.#store.close()
    this.#moves.stop()
    await this.#link.close()
  }

  /** Before anything is reserved on a generation: what is left from before. */
  async #enter(generation: Generation, isNew: boolean): Promise<void> {
    await this.#moves.flush(generation)
    if (!isNew) return
    // Whoever filled it may not have heard of what runs here. What is past its deadline is left to the sweeper, who may
    // have resolved and forgotten it.
    const nowMs = this.#clock.now()
    const open = this.openReservations()
    await upkeep.learnTokens(
      this.#link,
      generation,
      open.map(({ group }) => group),
    )
    await this.#restore(
      generation,
      open.filter(({ expiresAtMs }) => expiresAtMs > nowMs),
    )
  }

  #restore(generation: Generation, reservations: readonly StoredReservation[]): Promise<void> {
    return upkeep.restoreReservations(this.#link, generation, reservations, this.#clock.now())
  }

  async #keepUp<Result>(work: (generation: Generation) => Promise<Result>): Promise<Result> {
    const generation = this.#store.current
    if (generation === undefined || this.#link.session === undefined) throw this.#store.unavailable()
    return work(generation).catch((error: unknown) => {
      throw storeError(error)
    })
  }
}

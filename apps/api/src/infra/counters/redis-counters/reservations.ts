import type { Clock } from '../../../ports/clock.ts'
import {
  CountersUnavailable,
  type CounterAmount,
  type Counters,
  type ReserveOutcome,
} from '../../../ports/counters.ts'
import type { Logger } from '../../../ports/logger.ts'
import { checkHolds } from '../check-holds.ts'
import type { EntryChange, Move } from './change-entry.ts'
import { tombstone } from './common-lua.ts'
import { entryHead, entryLines, parseEntry } from './entry.ts'
import { epochKey, type Generation } from './generation.ts'
import type { KeptMoves } from './kept-moves.ts'
import { OpenReservations, type OpenGroup } from './open-reservations.ts'
import { givenBack, resolved, settlement } from './settlement.ts'
import type { StoreLink } from './store-link.ts'
import { storeError, type StoreStateKeeper } from './store-state.ts'
import { takeHolds, type TakeOutcome } from './take-holds.ts'
import { listGroup } from './upkeep.ts'

export interface ReservationsOptions {
  readonly link: StoreLink
  readonly store: StoreStateKeeper
  readonly moves: KeptMoves
  readonly clock: Clock
  readonly prefix: string
  readonly log: Logger
}

type Wanted = Parameters<Counters['reserve']>[0]

/** The reservations of this process: taken, changed and resolved, whatever happens to the store meanwhile. */
export class Reservations implements Omit<Counters, 'read'> {
  readonly known = new OpenReservations()
  readonly #options: ReservationsOptions

  constructor(options: ReservationsOptions) {
    this.#options = options
  }

  open(): { readonly reservations: number } {
    return { reservations: this.known.size }
  }

  async reserve(wanted: Wanted): Promise<ReserveOutcome> {
    const { store } = this.#options
    const { reservationId, holds } = wanted
    checkHolds(wanted.group, holds)
    const generation = store.usable
    if (generation === undefined) throw store.unavailable()
    const reservation = this.known.get(reservationId)
    const before = this.known.group(reservationId, wanted.group)
    const head = entryHead(wanted)
    const lines = entryLines(holds)
    const after = (before?.text ?? head) + lines
    const undo = () => this.#undo(generation, wanted, before?.text ?? '', after)

    const taken = await this.#take(generation, wanted, { head, lines }, undo)
    if (taken.kind === 'outcome' && !taken.outcome.granted) return taken.outcome
    if (store.usable !== generation) {
      undo()
      throw store.unavailable({ sent: true })
    }
    const outcome = this.#granted(generation, wanted, taken)
    if (this.known.get(reservationId) !== reservation) {
      undo()
      throw new Error(`reservation ${reservationId} was resolved while it was made`)
    }
    if (before === undefined) {
      const { group, atMs, expiresAtMs } = wanted
      this.known.add(reservationId, { group, atMs, expiresAtMs, holds, text: after, opening: undefined })
    } else {
      before.holds = [...before.holds, ...holds]
      before.text = after
    }
    return outcome
  }

  note(reservationId: string, group: string, opening: () => string): void {
    const { link, store, log } = this.#options
    const open = this.known.group(reservationId, group)
    if (open === undefined) return
    open.opening = opening
    const generation = store.usable
    if (generation === undefined) return
    link
      .call('HSET', generation.group(group).notes, reservationId, opening())
      .catch((error: unknown) => log.warn({ err: error }, 'an opening was not noted with the counters'))
  }

  async dropHolds(reservationId: string, group: string, counterIds: readonly string[]): Promise<void> {
    const open = this.known.group(reservationId, group)
    if (open === undefined) return
    const guess = open.text
    const isDropped = (hold: CounterAmount) => counterIds.includes(hold.counterId)
    open.holds = open.holds.filter((hold) => !isDropped(hold))
    open.text = entryHead(open) + entryLines(open.holds)
    await this.#move({ reservationId, group, guess }, (generation, entry) => {
      if (entry === '' || entry === tombstone) return undefined
      const stored = parseEntry(entry, group)
      const dropped = stored.holds.filter(isDropped)
      if (dropped.length === 0) return undefined
      return {
        next: entryHead(stored) + entryLines(stored.holds.filter((hold) => !isDropped(hold))),
        deadline: '',
        counters: givenBack(generation.group(group), dropped),
      }
    })
  }

  async settle(input: Parameters<Counters['settle']>[0]): Promise<boolean> {
    const { reservationId, extra } = input
    const reservation = this.known.take(reservationId)
    if (reservation === undefined) return false
    const settled = reservation.groups.map((open) =>
      this.#settleGroup(input, open, inGroup(extra, open.group)),
    )
    const elsewhere = new Set(extra.map(({ group }) => group))
    for (const { group } of reservation.groups) elsewhere.delete(group)
    const counted = [...elsewhere].map((group) => this.#count(input, group, inGroup(extra, group)))
    const [changed] = await Promise.all([Promise.all(settled), Promise.all(counted)])
    return changed.includes(true)
  }

  async release(reservationId: string): Promise<boolean> {
    const reservation = this.known.take(reservationId)
    if (reservation === undefined) return false
    const changed = await Promise.all(
      reservation.groups.map((open) =>
        this.#move({ reservationId, group: open.group, guess: open.text }, (generation, entry) => {
          if (entry === '' || entry === tombstone) return undefined
          const { holds } = parseEntry(entry, open.group)
          return { next: '', deadline: '', counters: givenBack(generation.group(open.group), holds) }
        }),
      ),
    )
    return changed.includes(true)
  }

  async #take(
    generation: Generation,
    wanted: Wanted,
    entry: { readonly head: string; readonly lines: string },
    undo: () => void,
  ): Promise<TakeOutcome> {
    const { link } = this.#options
    const group = generation.group(wanted.group)
    try {
      const first = group.token === undefined ? this.#firstUse(generation, wanted.group) : undefined
      const [taken] = await Promise.all([takeHolds(link, group, wanted, entry), first])
      if (taken.kind === 'outcome' && taken.token !== '') group.token ??= taken.token
      return taken
    } catch (error) {
      // Not sent, or refused by the server: the script did not run. Else the answer is lost, and what may have been
      // taken must be given back when the store is there again.
      const sent =
        !(error instanceof CountersUnavailable) && !(error instanceof Error && error.name === 'ReplyError')
      if (sent) undo()
      throw storeError(error, { sent })
    }
  }

  #granted(generation: Generation, { reservationId, group }: Wanted, taken: TakeOutcome): ReserveOutcome {
    const { store } = this.#options
    switch (taken.kind) {
      case 'outcome':
        return taken.outcome
      case 'resolved':
        throw new Error(`reservation ${reservationId} was resolved before it was complete`)
      case 'lost':
        store.lose(generation, `group ${group} is another one`, true)
        throw store.unavailable()
      case 'unknown':
        store.lose(generation, `${taken.counterIds.join(', ')} is not filled`, false)
        throw store.unavailable()
    }
  }

  /** Lists the group for the sweeper, and makes sure that the store was not emptied before its token was known. */
  async #firstUse(generation: Generation, group: string): Promise<void> {
    const { link, store, prefix } = this.#options
    const [, published] = await Promise.all([
      listGroup(link, generation, group),
      link.call('GET', epochKey(prefix)),
    ])
    if (typeof published === 'string' && published.startsWith(`{"epoch":${generation.epoch},`)) return
    store.lose(generation, 'its epoch is gone', false)
  }

  #settleGroup(
    { reservationId, amounts, atMs }: Parameters<Counters['settle']>[0],
    open: OpenGroup,
    extra: readonly CounterAmount[],
  ): Promise<boolean> {
    const { group, text } = open
    return this.#move({ reservationId, group, guess: text }, (generation, entry, isForgotten) => {
      if (entry === tombstone) return isForgotten ? { next: '', deadline: '', counters: [] } : undefined
      if (entry === '') return undefined
      const stored = entry === text ? open : parseEntry(entry, group)
      const counters = settlement(generation.group(group), stored, amounts, extra, atMs)
      return resolved(isForgotten, this.#options.clock.now(), counters)
    })
  }

  /** Amounts in a group in which nothing was held: a tombstone shows that they are counted. */
  async #count(
    { reservationId, atMs }: Parameters<Counters['settle']>[0],
    group: string,
    amounts: readonly CounterAmount[],
  ): Promise<boolean> {
    const { link, store, clock } = this.#options
    // Without it the tombstone stays until its record is in the ledger, and that is all.
    if (store.usable !== undefined) listGroup(link, store.usable, group).catch(() => {})
    return this.#move({ reservationId, group, guess: '' }, (generation, entry, isForgotten) =>
      entry === ''
        ? resolved(
            isForgotten,
            clock.now(),
            settlement(generation.group(group), undefined, new Map(), amounts, atMs),
          )
        : undefined,
    )
  }

  /** Gives back what a reservation may have taken, if it did. */
  #undo(
    generation: Generation,
    { reservationId, group, holds }: Wanted,
    before: string,
    after: string,
  ): void {
    const { store, moves } = this.#options
    const move: Move = {
      generation,
      reservationId,
      group,
      guess: after,
      plan: (entry) =>
        entry === after
          ? { next: before, deadline: '', counters: givenBack(generation.group(group), holds) }
          : undefined,
    }
    if (store.usable === generation) void moves.make(move)
    else moves.keep(move)
  }

  /** Makes a move now, or when the store is there again. `false`: there was nothing to change. */
  async #move(
    what: Pick<Move, 'reservationId' | 'group' | 'guess'>,
    plan: (generation: Generation, entry: string, isForgotten: boolean) => EntryChange | undefined,
  ): Promise<boolean> {
    const { store, moves } = this.#options
    const generation = store.current
    // Nothing was ever reserved.
    if (generation === undefined) return false
    const move: Move = {
      ...what,
      generation,
      plan: (entry) => plan(generation, entry, moves.isForgotten(what)),
    }
    if (store.usable !== generation) {
      moves.keep(move)
      return true
    }
    const outcome = await moves.make(move)
    return outcome === undefined || outcome.lost || outcome.changed
  }
}

function inGroup(amounts: readonly CounterAmount[], group: string): CounterAmount[] {
  return amounts.filter((amount) => amount.group === group)
}

import type { Clock } from '../../../ports/clock.ts'
import {
  CountersUnavailable,
  type CounterAmount,
  type Counters,
  type ReserveOutcome,
} from '../../../ports/counters.ts'
import type { Logger } from '../../../ports/logger.ts'
import { checkHolds } from '../check-holds.ts'
import type { Move } from './change-entry.ts'
import { isTombstone } from './common-lua.ts'
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
type Settlement = Parameters<Counters['settle']>[0]

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
    const undo = () => this.#undo(wanted, before?.text ?? '', after)

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
    await this.#move({
      reservationId,
      group,
      guess,
      plan(stored, entry) {
        if (entry === '' || isTombstone(entry)) return undefined
        const found = parseEntry(entry, group)
        const dropped = found.holds.filter(isDropped)
        if (dropped.length === 0) return undefined
        const next = entryHead(found) + entryLines(found.holds.filter((hold) => !isDropped(hold)))
        return { next, deadline: '', counters: givenBack(stored, dropped) }
      },
    })
  }

  async settle(input: Settlement): Promise<boolean> {
    const reservation = this.known.take(input.reservationId)
    if (reservation === undefined) return false
    const elsewhere = new Set(input.extra.map(({ group }) => group))
    for (const { group } of reservation.groups) elsewhere.delete(group)
    let counting: Promise<unknown> | undefined
    // Nothing is counted of what somebody else has booked.
    const onChanged = () =>
      (counting ??= Promise.all([...elsewhere].map((group) => this.#count(input, group))))
    const changed = await Promise.all(
      reservation.groups.map((open) =>
        this.#settleGroup(input, open, elsewhere.size === 0 ? undefined : onChanged),
      ),
    )
    return changed.includes(true)
  }

  async release(reservationId: string): Promise<boolean> {
    const reservation = this.known.take(reservationId)
    if (reservation === undefined) return false
    const changed = await Promise.all(
      reservation.groups.map(({ group, text }) =>
        this.#move({
          reservationId,
          group,
          guess: text,
          plan(stored, entry) {
            if (entry === '' || isTombstone(entry)) return undefined
            const { holds } = parseEntry(entry, group)
            return { next: '', deadline: '', counters: givenBack(stored, holds) }
          },
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
    { reservationId, amounts, extra, atMs }: Settlement,
    open: OpenGroup,
    onChanged: Move['onChanged'],
  ): Promise<boolean> {
    const { moves } = this.#options
    const { group, text } = open
    const here = inGroup(extra, group)
    return this.#move({
      reservationId,
      group,
      guess: text,
      onChanged,
      plan(stored, entry) {
        const isForgotten = moves.isForgotten({ reservationId, group })
        if (isTombstone(entry)) return isForgotten ? { next: '', deadline: '', counters: [] } : undefined
        if (entry === '') return undefined
        const found = entry === text ? open : parseEntry(entry, group)
        return resolved(isForgotten, settlement(stored, found, amounts, here, atMs))
      },
    })
  }

  /** Amounts in a group in which nothing was held: a tombstone shows that they are counted. */
  async #count({ reservationId, extra, atMs }: Settlement, group: string): Promise<void> {
    const { link, store, clock, moves } = this.#options
    const here = inGroup(extra, group)
    // Without it the tombstone stays until its record is in the ledger, and that is all.
    if (store.usable !== undefined) listGroup(link, store.usable, group).catch(() => {})
    await this.#move({
      reservationId,
      group,
      guess: '',
      plan(stored, entry) {
        if (entry !== '') return undefined
        const isForgotten = moves.isForgotten({ reservationId, group })
        return resolved(isForgotten, settlement(stored, undefined, new Map(), here, atMs), clock.now())
      },
    })
  }

  /** Gives back what a reservation may have taken, if it did. */
  #undo({ reservationId, group, holds }: Wanted, before: string, after: string): void {
    void this.#move({
      reservationId,
      group,
      guess: after,
      plan: (stored, entry) =>
        entry === after ? { next: before, deadline: '', counters: givenBack(stored, holds) } : undefined,
    })
  }

  /** Makes a move now, or when the store is there again. `false`: there was nothing to change. */
  async #move(move: Move): Promise<boolean> {
    const outcome = await this.#options.moves.make(move)
    return outcome === undefined || outcome.lost || outcome.changed
  }
}

function inGroup(amounts: readonly CounterAmount[], group: string): CounterAmount[] {
  return amounts.filter((amount) => amount.group === group)
}

import type { Logger } from '../../../ports/logger.ts'
import { changeEntry, type Move, type MoveOutcome } from './change-entry.ts'
import type { Generation } from './generation.ts'
import type { StoreLink } from './store-link.ts'

type Reservation = Pick<Move, 'reservationId' | 'group'>

const retryMsMin = 50
const retryMsMax = 1_000

/**
 * Moves that must be made, whatever happens to the connection: those that could not be sent, or whose answer never
 * came, are kept and made in their order when the same generation can be reached again. One that took effect without
 * an answer finds that in the entry, and does nothing the second time.
 */
export class KeptMoves {
  readonly #link: StoreLink
  readonly #log: Logger
  readonly #onOutcome: (move: Move, outcome: MoveOutcome) => void
  #kept: Move[] = []
  readonly #forgotten = new Set<string>()
  #timer: NodeJS.Timeout | undefined
  #waitMs = retryMsMin

  constructor(link: StoreLink, log: Logger, onOutcome: (move: Move, outcome: MoveOutcome) => void) {
    this.#link = link
    this.#log = log
    this.#onOutcome = (move, outcome) => {
      if (this.#forgotten.size > 0) this.#forgotten.delete(nameOf(move))
      onOutcome(move, outcome)
    }
  }

  /** Makes the move now, or keeps it: then the answer is `undefined`. */
  async make(move: Move): Promise<MoveOutcome | undefined> {
    try {
      const outcome = await changeEntry(this.#link, move)
      this.#onOutcome(move, outcome)
      return outcome
    } catch (error) {
      this.#failed([move], error)
      return undefined
    }
  }

  keep(move: Move): void {
    this.#kept.push(move)
  }

  /** Their records are in the ledger: those of them that are still to be made leave no tombstone. */
  forget(reservations: readonly Reservation[]): void {
    if (this.#kept.length === 0) return
    const kept = new Set(this.#kept.map(nameOf))
    for (const reservation of reservations) {
      if (kept.has(nameOf(reservation))) this.#forgotten.add(nameOf(reservation))
    }
  }

  isForgotten(reservation: Reservation): boolean {
    return this.#forgotten.size > 0 && this.#forgotten.has(nameOf(reservation))
  }

  /** Makes all that was kept; rejects when that fails, with all that failed still kept. */
  async flush(): Promise<void> {
    while (this.#kept.length > 0) {
      const moves = this.#kept
      this.#kept = []
      // Sent together: the connection keeps their order.
      const results = await Promise.allSettled(moves.map((move) => changeEntry(this.#link, move)))
      const failed: Move[] = []
      let reason: unknown
      results.forEach((result, index) => {
        const move = moves[index]
        if (move === undefined) return
        if (result.status === 'fulfilled') {
          this.#onOutcome(move, result.value)
        } else {
          failed.push(move)
          reason = result.reason
        }
      })
      if (failed.length > 0) {
        this.#kept = [...failed, ...this.#kept]
        throw reason
      }
    }
    this.#waitMs = retryMsMin
  }

  /** Another generation was filled from the ledger, which has the records of these moves. */
  drop(current: Generation): void {
    this.#kept = this.#kept.filter((move) => move.generation.epoch === current.epoch)
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  /**
   * When the connection is gone, the next one makes what is kept. When it is there and the server refuses (no disk, a
   * script that runs too long), nobody else would.
   */
  #failed(moves: readonly Move[], error: unknown): void {
    this.#kept.push(...moves)
    if (this.#link.session === undefined || this.#timer !== undefined) return
    this.#log.warn(
      { error: error instanceof Error ? error.message : String(error) },
      'the counter store refused',
    )
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      if (this.#link.session === undefined) return
      this.#waitMs = Math.min(this.#waitMs * 2, retryMsMax)
      this.flush().catch((again: unknown) => this.#failed([], again))
    }, this.#waitMs)
    this.#timer.unref()
  }
}

function nameOf({ reservationId, group }: Reservation): string {
  return `${reservationId} ${group}`
}

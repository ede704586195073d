import type { Logger } from '../../../ports/logger.ts'
import { changeEntry, type Move, type MoveOutcome } from './change-entry.ts'
import { isTombstone } from './common-lua.ts'
import type { Generation } from './generation.ts'
import type { StoreLink } from './store-link.ts'

type Reservation = Pick<Move, 'reservationId' | 'group'>

interface KeptMove {
  readonly move: Move
  /** It may have been made, without an answer. */
  readonly wasSent: boolean
}

const retryMsMin = 50
const retryMsMax = 1_000

export interface KeptMovesOptions {
  readonly link: StoreLink
  readonly log: Logger
  /** The generation on which moves may be made; `undefined`: there is none now, and who finds one flushes. */
  readonly usable: () => Generation | undefined
  readonly onLost: (generation: Generation, group: string) => void
}

/**
 * Moves that must be made, whatever happens to the connection: those that could not be sent, whose answer never came, or
 * that came upon a lost store, are kept and made in their order when the store can be reached again. One that took
 * effect without an answer finds that in the entry, and does nothing the second time.
 *
 * In another generation they are made too, where they find the reservation open: then whoever rebuilt the store had
 * asked this process what it holds before the move. Else the ledger had the move already, and there is nothing to find.
 */
export class KeptMoves {
  readonly #options: KeptMovesOptions
  #kept: KeptMove[] = []
  readonly #forgotten = new Set<string>()
  #timer: NodeJS.Timeout | undefined
  #waitMs = retryMsMin

  constructor(options: KeptMovesOptions) {
    this.#options = options
  }

  /** Makes the move now, or keeps it: then the answer is `undefined`. */
  async make(move: Move): Promise<MoveOutcome | undefined> {
    const generation = this.#options.usable()
    if (generation === undefined) {
      this.#kept.push({ move, wasSent: false })
      return undefined
    }
    try {
      return await this.#try(generation, { move, wasSent: false })
    } catch (error) {
      this.#kept.push({ move, wasSent: true })
      this.#retry(error)
      return undefined
    }
  }

  /** Makes all that was kept; rejects when that fails, with all that failed still kept. */
  async flush(generation: Generation): Promise<void> {
    while (this.#kept.length > 0) {
      const kept = this.#kept
      this.#kept = []
      // Sent together: the connection keeps their order.
      const results = await Promise.allSettled(kept.map((one) => this.#try(generation, one)))
      const failed = kept.filter((_, index) => results[index]?.status === 'rejected')
      if (failed.length > 0) {
        this.#kept = [...failed.map(({ move }) => ({ move, wasSent: true })), ...this.#kept]
        throw results.find((result) => result.status === 'rejected')?.reason
      }
      // They wait for another generation.
      if (results.some((result) => result.status === 'fulfilled' && result.value.lost)) break
    }
    this.#waitMs = retryMsMin
  }

  /** Their records are in the ledger: those of them that are still to be made leave no tombstone. */
  forget(reservations: readonly Reservation[]): void {
    if (this.#kept.length === 0) return
    const kept = new Set(this.#kept.map(({ move }) => nameOf(move)))
    for (const reservation of reservations) {
      if (kept.has(nameOf(reservation))) this.#forgotten.add(nameOf(reservation))
    }
  }

  isForgotten(reservation: Reservation): boolean {
    return this.#forgotten.size > 0 && this.#forgotten.has(nameOf(reservation))
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  async #try(generation: Generation, { move, wasSent }: KeptMove): Promise<MoveOutcome> {
    const outcome = await changeEntry(this.#options.link, generation, move)
    if (outcome.lost) {
      this.#kept.push({ move, wasSent: false })
      this.#options.onLost(generation, move.group)
      return outcome
    }
    if (this.#forgotten.size > 0) this.#forgotten.delete(nameOf(move))
    if (outcome.changed || (wasSent && isTombstone(outcome.entry))) await move.onChanged?.()
    return outcome
  }

  /**
   * When the connection is gone, the next one makes what is kept. When it is there and the server refuses (no disk, a
   * script that runs too long), nobody else would.
   */
  #retry(error: unknown): void {
    const { link, log } = this.#options
    if (link.session === undefined || this.#timer !== undefined) return
    log.warn({ err: error }, 'the counter store refused, and will be asked again')
    this.#timer = setTimeout(() => void this.#flushAgain(), this.#waitMs)
    this.#timer.unref()
  }

  async #flushAgain(): Promise<void> {
    this.#timer = undefined
    this.#waitMs = Math.min(this.#waitMs * 2, retryMsMax)
    const generation = this.#options.usable()
    if (generation === undefined) return
    try {
      await this.flush(generation)
    } catch (error) {
      this.#retry(error)
    }
  }
}

function nameOf({ reservationId, group }: Reservation): string {
  return `${reservationId} ${group}`
}

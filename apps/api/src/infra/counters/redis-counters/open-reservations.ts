import type { CounterAmount, StoredReservation } from '../../../ports/counters.ts'

/** What this process knows of a reservation in one group. */
export interface OpenGroup {
  readonly group: string
  readonly atMs: number
  readonly expiresAtMs: number
  holds: readonly CounterAmount[]
  /** The entry in the store, as it should be: see entry.ts. */
  text: string
  opening: (() => string) | undefined
}

export interface OpenReservation {
  readonly groups: OpenGroup[]
}

/** The reservations of this process that are not resolved. */
export class OpenReservations {
  readonly #open = new Map<string, OpenReservation>()

  get size(): number {
    return this.#open.size
  }

  get(reservationId: string): OpenReservation | undefined {
    return this.#open.get(reservationId)
  }

  group(reservationId: string, group: string): OpenGroup | undefined {
    return this.#open.get(reservationId)?.groups.find((open) => open.group === group)
  }

  add(reservationId: string, group: OpenGroup): void {
    const reservation = this.#open.get(reservationId)
    if (reservation === undefined) this.#open.set(reservationId, { groups: [group] })
    else reservation.groups.push(group)
  }

  /** Resolves a reservation: whoever comes second finds nothing. */
  take(reservationId: string): OpenReservation | undefined {
    const reservation = this.#open.get(reservationId)
    this.#open.delete(reservationId)
    return reservation
  }

  list(): StoredReservation[] {
    return [...this.#open].flatMap(([reservationId, { groups }]) =>
      groups.map(({ group, atMs, expiresAtMs, holds, opening }) => ({
        reservationId,
        group,
        atMs,
        expiresAtMs,
        holds: holds.map(({ counterId, window, amount }) => ({ counterId, group, window, amount })),
        opening: opening?.(),
      })),
    )
  }
}

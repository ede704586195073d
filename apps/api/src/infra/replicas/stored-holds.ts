import type { CounterAmount, CounterWindow, StoredReservation } from '../../ports/counters.ts'

/** Open reservations as a row of `replica` keeps them: bigints as strings. */
export function holdsToJson(reservations: readonly StoredReservation[]): string {
  return JSON.stringify(
    reservations.map((reservation) => ({
      ...reservation,
      holds: reservation.holds.map((hold) => ({ ...hold, amount: hold.amount.toString() })),
    })),
  )
}

export function holdsFromJson(stored: readonly StoredHolds[]): StoredReservation[] {
  return stored.map((reservation) => ({
    reservationId: reservation.reservationId,
    group: reservation.group,
    atMs: reservation.atMs,
    expiresAtMs: reservation.expiresAtMs,
    opening: reservation.opening,
    holds: reservation.holds.map((hold): CounterAmount => ({
      counterId: hold.counterId,
      group: hold.group,
      window: readWindow(hold.window),
      amount: BigInt(hold.amount),
    })),
  }))
}

/** As `holdsToJson` wrote it, of this version or the one beside it, into a column that only we write. */
export interface StoredHolds extends Omit<StoredReservation, 'holds'> {
  readonly holds: readonly (Omit<CounterAmount, 'amount'> & { readonly amount: string })[]
}

/** JSON has no `undefined`: a window without end comes back without the field. */
function readWindow(window: CounterWindow): CounterWindow {
  return window.kind === 'fixed' ? { kind: 'fixed', startMs: window.startMs, endMs: window.endMs } : window
}

/**
 * So many are kept at least when nobody says that their records are in the ledger: only a sweeper asks, moments after it
 * found a reservation open.
 */
const keptMin = 10_000

/**
 * Which reservations were resolved, in which groups. Two maps that take turns: removing the oldest of one map, again and
 * again, walks over the holes that the removed ones left.
 */
export class Tombstones {
  #young = new Map<string, string[]>()
  #old = new Map<string, string[]>()

  add(reservationId: string, group: string): void {
    const groups = this.#groups(reservationId)
    if (groups === undefined) {
      if (this.#young.size >= keptMin) {
        this.#old = this.#young
        this.#young = new Map()
      }
      this.#young.set(reservationId, [group])
    } else if (!groups.includes(group)) {
      groups.push(group)
    }
  }

  has(reservationId: string, group: string): boolean {
    return this.#groups(reservationId)?.includes(group) === true
  }

  remove(reservationId: string, group: string): void {
    const groups = this.#groups(reservationId)
    const index = groups?.indexOf(group) ?? -1
    if (groups === undefined || index < 0) return
    groups.splice(index, 1)
    if (groups.length === 0 && !this.#young.delete(reservationId)) this.#old.delete(reservationId)
  }

  #groups(reservationId: string): string[] | undefined {
    return this.#young.get(reservationId) ?? this.#old.get(reservationId)
  }
}

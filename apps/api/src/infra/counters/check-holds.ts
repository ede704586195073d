import type { Hold } from '../../ports/counters.ts'

/** What both stores rely on. Broken by a mistake of ours alone, which must not become a figure in the books. */
export function checkHolds(group: string, holds: readonly Hold[]): void {
  for (let index = 0; index < holds.length; index += 1) {
    const hold = holds[index]
    if (hold === undefined) continue
    if (hold.amount < 0n) throw new Error(`a hold of ${hold.amount} on ${hold.counterId}`)
    if (hold.group !== group) throw new Error(`${hold.counterId} is of ${hold.group}, not of ${group}`)
    // Each would be compared with the limit as if the other were not there.
    for (let other = 0; other < index; other += 1)
      if (holds[other]?.counterId === hold.counterId)
        throw new Error(`two holds on ${hold.counterId} at once`)
  }
}

import type { CounterUpkeep } from '../../../ports/counters.ts'
import { changeEntry } from './change-entry.ts'
import { isTombstone } from './common-lua.ts'
import { parseEntry } from './entry.ts'
import type { Generation } from './generation.ts'
import { resolved, settlement } from './settlement.ts'
import type { StoreLink } from './store-link.ts'
import { listGroup } from './upkeep.ts'

/** Resolves what somebody else left open; whether it is open is only known once the store was asked. */
export async function resolveReservation(
  link: StoreLink,
  generation: Generation,
  input: Parameters<CounterUpkeep['resolve']>[0],
  nowMs: number,
): Promise<'settled' | 'already' | 'absent'> {
  const { reservationId, group: name, amounts, unheld, atMs } = input
  // The sweeper finds the tombstone there.
  await listGroup(link, generation, name)
  const outcome = await changeEntry(link, generation, {
    reservationId,
    group: name,
    guess: '',
    plan: (group, entry) => {
      if (isTombstone(entry)) return undefined
      const stored = entry === '' ? undefined : parseEntry(entry, name)
      const added = unheld.filter(
        ({ counterId }) => stored?.holds.some((hold) => hold.counterId === counterId) !== true,
      )
      return resolved(
        false,
        settlement(group, stored, amounts, added, atMs),
        stored === undefined ? nowMs : undefined,
      )
    },
  })
  // What was found is open, resolved, or nothing: nothing is never taken for lost, as it was expected.
  if (outcome.lost || outcome.entry === '') return 'absent'
  return isTombstone(outcome.entry) ? 'already' : 'settled'
}

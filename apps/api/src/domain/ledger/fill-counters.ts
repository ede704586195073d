import type { Clock } from '../../ports/clock.ts'
import { CountersUnavailable, type CounterStore, type CounterUpkeep } from '../../ports/counters.ts'
import type { Ledger } from '../../ports/ledger.ts'
import type { Logger } from '../../ports/logger.ts'
import type { Replicas } from '../../ports/replicas.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import type { UnheldRequests } from './unheld-requests.ts'
import { everyCounter, seedCounters, unknownCounters } from './seed-counters.ts'

export interface FillServices {
  readonly clock: Clock
  readonly counters: CounterUpkeep
  /** The same counters where they live outside of the process and can be lost; `undefined`: in its memory. */
  readonly store: CounterStore | undefined
  readonly ledger: Ledger
  readonly replicas: Replicas
  readonly unheld: UnheldRequests
  /** Keeps the time zone of shared counters with the configuration, where every process finds it. */
  readonly rememberTimeZone: (timeZone: string) => Promise<void>
  readonly log: Logger
}

/** Calendar windows of counters that outlive the processes begin by the time zone in which they were filled. */
export function isOfOtherZone(snapshot: Snapshot): boolean {
  return snapshot.countersTimeZone !== snapshot.timeZone
}

/**
 * Fills counters from the ledger before any request is admitted on them: those that are new, or all of them when the
 * store was lost. Every live process stands still meanwhile with its journal drained, so that the ledger holds all that
 * was settled; what running requests hold is put back.
 */
export async function fillCounters(services: FillServices, snapshot: Snapshot): Promise<void> {
  const { store, replicas, unheld, log } = services
  await replicas.hold({
    needed: async () => {
      if (store !== undefined) {
        const state = await store.adopt()
        if (state === 'away') throw new CountersUnavailable('The counters cannot be reached.')
        if (state === 'cold' || unheld.some() || isOfOtherZone(snapshot)) return true
      }
      const unknown = await unknownCounters(services, snapshot)
      return unknown.quotas.length > 0 || unknown.grants.length > 0
    },
    work: async ({ epoch, reservations }) => {
      if (store === undefined || (store.state() === 'ready' && !unheld.some() && !isOfOtherZone(snapshot))) {
        await seedCounters(services, snapshot, await unknownCounters(services, snapshot))
        return
      }
      log.warn({ epoch, reservations: reservations.length }, 'the counters are rebuilt from the ledger')
      await store.begin(epoch)
      await seedCounters(services, snapshot, everyCounter(snapshot))
      // What was swept although its process still runs is in the ledger, and counted with it.
      const booked = await services.ledger.existing(reservations.map((held) => held.reservationId))
      await store.restore(reservations.filter((held) => !booked.has(held.reservationId)))
      await services.rememberTimeZone(snapshot.timeZone)
      await store.publish(epoch)
      unheld.counted()
    },
  })
}

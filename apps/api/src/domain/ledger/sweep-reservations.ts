import type { Clock } from '../../ports/clock.ts'
import type { CounterUpkeep, StoredReservation } from '../../ports/counters.ts'
import type { JobResult } from '../../ports/jobs.ts'
import type { Ledger } from '../../ports/ledger.ts'
import type { Replicas } from '../../ports/replicas.ts'
import type { UsageRecord } from '../../ports/usage-record.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { grantAmount, quotaAmounts } from './record-amounts.ts'
import { recordFromJson } from './record-json.ts'

export interface SweepServices {
  readonly clock: Clock
  readonly counters: CounterUpkeep
  readonly ledger: Ledger
  readonly replicas: Replicas
  readonly snapshot: () => Snapshot
}

/** In one standstill, so that it is short; what is beyond waits for the next one. */
const countMax = 1_000

/**
 * Resolves what is held past its deadline: its process is gone and did not come back with its journal in time. A request
 * that had been sent to a provider is booked as `interrupted` with its estimate, unless the ledger has it already; what
 * never left is given back. The ledger first: should the sweeper die in between, the next round finds the record there.
 *
 * In a standstill: a process that comes back at this very moment has either carried its journal over, or finds what the
 * sweeper has booked. Nobody is stopped while nothing is past its deadline.
 */
export async function sweepReservations(services: SweepServices, signal: AbortSignal): Promise<JobResult> {
  const { counters, clock, replicas } = services
  const result = await replicas.hold({
    needed: async () => (await counters.expired(clock.now(), 1)).length > 0,
    work: () => sweep(services, signal),
  })
  return result ?? { swept: 0, booked: 0 }
}

async function sweep(services: SweepServices, signal: AbortSignal): Promise<JobResult> {
  const expired = await services.counters.expired(services.clock.now(), countMax)
  // What was sent is noted beside the team's holds: once that is booked, the hold on the grant finds it in the ledger.
  const noted = expired.filter((reservation) => reservation.opening !== undefined)
  const others = expired.filter((reservation) => reservation.opening === undefined)
  let swept = 0
  let booked = 0
  for (const reservation of [...noted, ...others]) {
    if (signal.aborted) break
    const { record, isNew } = await bookExpired(services, reservation)
    await resolve(services, reservation, record)
    swept += 1
    if (isNew) booked += 1
  }
  return { swept, booked }
}

async function bookExpired(
  services: SweepServices,
  { reservationId, opening }: StoredReservation,
): Promise<{ readonly record: UsageRecord | undefined; readonly isNew: boolean }> {
  const known = await services.ledger.find(reservationId)
  if (known !== undefined || opening === undefined) return { record: known, isNew: false }
  const { inserted } = await services.ledger.write([recordFromJson(opening)])
  // Its process may have come back at this very moment: what the ledger then has is what counts.
  return { record: await services.ledger.find(reservationId), isNew: inserted > 0 }
}

async function resolve(
  services: SweepServices,
  { reservationId, group }: StoredReservation,
  record: UsageRecord | undefined,
): Promise<void> {
  const snapshot = services.snapshot()
  const grant = record === undefined ? undefined : grantAmount(snapshot, record)
  const counted =
    record === undefined ? [] : [...quotaAmounts(snapshot, record), ...(grant === undefined ? [] : [grant])]
  await services.counters.resolve({
    reservationId,
    group,
    amounts: new Map(counted.map((entry) => [entry.counterId, entry.amount])),
    unheld: [],
    atMs: services.clock.now(),
  })
  if (record !== undefined) await services.counters.forget([{ reservationId, group }])
}

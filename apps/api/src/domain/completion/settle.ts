import type { CounterRef } from '../../ports/counters.ts'
import type { UsageRecord } from '../../ports/usage-record.ts'
import { grantCounter, grantCounterId, quotaCounter, quotaCounterId } from '../counters/windows.ts'
import { appliesTo, quotaAmount } from '../ledger/record-amounts.ts'
import type { GrantEntry, Snapshot } from '../snapshot/snapshot.ts'
import { learnFrom } from './learn-from.ts'
import type { Reservation } from './reserve.ts'
import type { GatewayServices } from './services.ts'

export interface Settlement {
  readonly record: UsageRecord
  readonly reservation: Reservation
  /** The grant that the last attempt held on. */
  readonly grant: GrantEntry | undefined
  readonly grantHeld: boolean
  /** The snapshot the request was served from. */
  readonly snapshot: Snapshot
}

/**
 * Books a request, once: what was held becomes what was used on every counter, and the record goes to the journal.
 * Resolves when the record is durable; the caller's answer must not end before.
 */
export async function settle(services: GatewayServices, settlement: Settlement): Promise<void> {
  const { record, reservation } = settlement
  services.steps.reached('before-settlement')
  // One step: whoever rebuilds the counters must find a request in the ledger or among the holds, never in both.
  const durable = await services.gate.pass(async () => {
    const written = services.journal.settle(record)
    written.catch(() => {})
    await moveCounters(services, settlement)
    return { written }
  })
  services.admission.wake(record.teamId)
  services.receipts.keep(record, settlement.grant?.name)
  services.meter.requestSettled(record)
  learnFrom(services, record, reservation)
  await durable.written
  services.steps.reached('before-drain')
}

async function moveCounters(services: GatewayServices, settlement: Settlement): Promise<void> {
  const { record, reservation } = settlement
  if (reservation.unheld === true) {
    services.unheld.settled()
    return
  }
  const atMs = services.clock.now()
  const amounts = new Map<string, bigint>()
  for (const quota of reservation.quotas) amounts.set(quotaCounterId(quota), quotaAmount(quota, record))
  if (settlement.grant !== undefined) amounts.set(grantCounterId(settlement.grant), record.grantAmount ?? 0n)

  // A quota made while this request ran was not held on, but what it used counts from now on.
  const extra: (CounterRef & { amount: bigint })[] = []
  const current = services.snapshot()
  if (current !== settlement.snapshot) {
    for (const quota of current.quotas.values()) {
      const counterId = quotaCounterId(quota)
      if (amounts.has(counterId) || !appliesTo(quota, record)) continue
      extra.push({
        ...quotaCounter(quota, reservation.atMs, current.timeZone),
        amount: quotaAmount(quota, record),
      })
    }
  }
  const { grant } = settlement
  if (grant !== undefined && !settlement.grantHeld) {
    // What the ledger books on a grant counts on its counter, hold or no hold.
    const ref = grantCounter(grant, reservation.atMs, settlement.snapshot.timeZone)
    extra.push({ ...ref, amount: record.grantAmount ?? 0n })
  }
  const settled = await services.counters.settle({ reservationId: record.requestId, amounts, extra, atMs })
  if (!settled)
    services.log.error({ requestId: record.requestId }, 'a reservation was resolved before its settlement')
}

import type { CounterRef } from '../../ports/counters.ts'
import type { UsageRecord } from '../../ports/usage-record.ts'
import { grantCounter, grantCounterId, quotaCounter, quotaCounterId } from '../counters/windows.ts'
import { matchesPattern } from '../routing/match-pattern.ts'
import type { GrantEntry, QuotaEntry, Snapshot } from '../snapshot/snapshot.ts'
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
  const durable = services.journal.settle(record)
  await moveCounters(services, settlement)
  services.admission.wake(record.teamId)
  services.receipts.keep(record, settlement.grant?.name)
  services.meter.requestSettled(record)
  const inputTokens =
    (record.inputTokens ?? 0) + (record.cachedInputTokens ?? 0) + (record.cacheWriteTokens ?? 0)
  if (record.usageSource === 'provider' && inputTokens > reservation.inputTokens) {
    services.meter.estimatorMissed(record.provider ?? 'unknown', inputTokens - reservation.inputTokens)
  }
  await durable
  services.steps.reached('before-drain')
}

async function moveCounters(services: GatewayServices, settlement: Settlement): Promise<void> {
  const { record, reservation } = settlement
  const atMs = services.clock.now()
  const amounts = new Map<string, bigint>()
  for (const quota of reservation.quotas) amounts.set(quotaCounterId(quota), usedOf(quota, record))
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
        amount: usedOf(quota, record),
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

function appliesTo(quota: QuotaEntry, record: UsageRecord): boolean {
  const scopeId = { team: record.teamId, member: record.memberId, key: record.keyId }[quota.scope]
  return quota.scopeId === scopeId && (quota.model === undefined || matchesPattern(quota.model, record.model))
}

function usedOf(quota: QuotaEntry, record: UsageRecord): bigint {
  switch (quota.metric) {
    case 'requests':
      return 1n
    case 'tokens':
      return BigInt(record.totalTokens)
    case 'cost':
      return record.billedCostNanos
    case 'concurrency':
      return 0n
  }
}

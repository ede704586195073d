import type { CounterAmount } from '../../ports/counters.ts'
import type { UsageRecord } from '../../ports/usage-record.ts'
import { grantCounter, quotaCounter } from '../counters/windows.ts'
import { matchesPattern } from '../routing/match-pattern.ts'
import type { QuotaEntry, Snapshot } from '../snapshot/snapshot.ts'

/** What a record counts for on every quota that applies to it, in the windows in which it was reserved. */
export function quotaAmounts(snapshot: Snapshot, record: UsageRecord): CounterAmount[] {
  const amounts: CounterAmount[] = []
  for (const quota of snapshot.quotas.values()) {
    if (!appliesTo(quota, record)) continue
    amounts.push({
      ...quotaCounter(quota, record.startedAtMs, snapshot.timeZone),
      amount: quotaAmount(quota, record),
    })
  }
  return amounts
}

/** What a record counts for on the grant that paid for it; `undefined`: none did, or the grant is gone. */
export function grantAmount(snapshot: Snapshot, record: UsageRecord): CounterAmount | undefined {
  const grant = record.grantId === undefined ? undefined : snapshot.grants.get(record.grantId)
  return grant === undefined
    ? undefined
    : {
        ...grantCounter(grant, record.startedAtMs, snapshot.timeZone),
        amount: record.grantAmount ?? 0n,
      }
}

export function quotaAmount(
  quota: QuotaEntry,
  record: Pick<UsageRecord, 'totalTokens' | 'billedCostNanos'>,
): bigint {
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

export function appliesTo(
  quota: Pick<QuotaEntry, 'scope' | 'scopeId' | 'model'>,
  record: Pick<UsageRecord, 'teamId' | 'memberId' | 'keyId' | 'model'>,
): boolean {
  const scopeId = { team: record.teamId, member: record.memberId, key: record.keyId }[quota.scope]
  return quota.scopeId === scopeId && (quota.model === undefined || matchesPattern(quota.model, record.model))
}

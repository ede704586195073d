import type { UnknownCounters } from '../../domain/ledger/seed-counters.ts'
import type { SnapshotRows } from './snapshot-rows.ts'

/**
 * The rows as they may be served from while some counters are not filled yet: their quotas are as if not made, their
 * grants as if empty (left out, a provider that stops at zero would look like one that money can pay).
 */
export function leaveOut(rows: SnapshotRows, unknown: UnknownCounters): SnapshotRows {
  const quotas = new Set(unknown.quotas.map((quota) => quota.id))
  const grants = new Set(unknown.grants.map((grant) => grant.id))
  return {
    ...rows,
    quotas: rows.quotas.filter((row) => !quotas.has(row.id)),
    grants: rows.grants.map((row) => (grants.has(row.id) ? { ...row, amount: '0' } : row)),
  }
}

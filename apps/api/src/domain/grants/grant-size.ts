import type { GrantEntry } from '../snapshot/snapshot.ts'

/**
 * How much a grant gives in the window that holds a moment, in its unit: the sum of its entries in force. An entry
 * that counts until a turn counts no longer at that very moment, whenever the snapshot was built.
 */
export function grantSize(grant: Pick<GrantEntry, 'amount' | 'lapsing'>, atMs: number): bigint {
  let size = grant.amount
  for (const entry of grant.lapsing) if (atMs < entry.untilMs) size += entry.amount
  return size
}

import type { GrantEntry } from '../../shared/api/types.ts'

/** Whether an entry counts at this moment: those of renewing grants may end with their window. */
export function isInForce(entry: Pick<GrantEntry, 'effectiveUntil'>, nowMs: number): boolean {
  return entry.effectiveUntil === null || Date.parse(entry.effectiveUntil) > nowMs
}

/**
 * The entry by which the platform itself emptied a grant: it answered a request that nothing is left, and the service
 * took the rest away. A person's correction to zero is something else.
 */
export function emptiedByProvider(entries: readonly GrantEntry[], nowMs: number): GrantEntry | undefined {
  return entries.findLast(
    (entry) =>
      entry.kind === 'adjustment' &&
      entry.actor === 'system' &&
      Number(entry.amount) < 0 &&
      isInForce(entry, nowMs),
  )
}

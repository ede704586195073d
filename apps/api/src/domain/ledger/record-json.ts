import type { UsageRecord } from '../../ports/usage-record.ts'

/** A usage record as text, for the journal and for the note beside a reservation: bigints become strings. */
export function recordToJson(record: UsageRecord): string {
  return JSON.stringify({
    ...record,
    reservedCostNanos: record.reservedCostNanos.toString(),
    listCostNanos: record.listCostNanos?.toString(),
    billedCostNanos: record.billedCostNanos.toString(),
    grantAmount: record.grantAmount?.toString(),
  })
}

/** Only for text of `recordToJson` that is known to be whole (a checksum, a store that keeps values or loses them). */
export function recordFromJson(text: string): UsageRecord {
  // oxlint-disable-next-line typescript/no-unsafe-assignment -- see above: its shape is `StoredRecord`
  const stored: StoredRecord = JSON.parse(text)
  return {
    ...stored,
    reservedCostNanos: BigInt(stored.reservedCostNanos),
    listCostNanos: stored.listCostNanos === undefined ? undefined : BigInt(stored.listCostNanos),
    billedCostNanos: BigInt(stored.billedCostNanos),
    grantAmount: stored.grantAmount === undefined ? undefined : BigInt(stored.grantAmount),
    inputBoundTokens: stored.inputBoundTokens,
    softQuotasPassed: stored.softQuotasPassed ?? [],
  }
}

type StoredRecord = Omit<
  UsageRecord,
  'reservedCostNanos' | 'listCostNanos' | 'billedCostNanos' | 'grantAmount' | 'softQuotasPassed'
> & {
  readonly reservedCostNanos: string
  readonly listCostNanos?: string
  readonly billedCostNanos: string
  readonly grantAmount?: string
  /** Absent in texts of versions before soft quotas were marked. */
  readonly softQuotasPassed?: readonly string[]
}

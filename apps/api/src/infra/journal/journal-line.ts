import { crc32 } from 'node:zlib'
import type { UsageRecord } from '../../ports/usage-record.ts'

/**
 * One line a record: checksum, kind, JSON. Text, so that a person can read the books with `less` on a bad day.
 *
 * ```
 * 9a3f00c1 open {"requestId":"0199…",…}
 * 77b0e2d4 done {"requestId":"0199…",…}
 * ```
 */
export type JournalKind = 'open' | 'done'

export interface JournalEntry {
  readonly kind: JournalKind
  readonly record: UsageRecord
}

export function encodeLine(kind: JournalKind, record: UsageRecord): string {
  const text = `${kind} ${JSON.stringify({
    ...record,
    reservedCostNanos: record.reservedCostNanos.toString(),
    listCostNanos: record.listCostNanos?.toString(),
    billedCostNanos: record.billedCostNanos.toString(),
    grantAmount: record.grantAmount?.toString(),
  })}`
  return `${checksum(text)} ${text}\n`
}

/** `undefined`: torn or damaged. */
export function decodeLine(line: string): JournalEntry | undefined {
  const text = line.slice(9)
  if (line.charAt(8) !== ' ' || line.slice(0, 8) !== checksum(text)) return undefined
  const kind = text.slice(0, 4)
  if (kind !== 'open' && kind !== 'done') return undefined
  // oxlint-disable-next-line typescript/no-unsafe-assignment -- the checksum proves its shape, see `StoredRecord`
  const stored: StoredRecord = JSON.parse(text.slice(5))
  return {
    kind,
    record: {
      ...stored,
      reservedCostNanos: BigInt(stored.reservedCostNanos),
      listCostNanos: stored.listCostNanos === undefined ? undefined : BigInt(stored.listCostNanos),
      billedCostNanos: BigInt(stored.billedCostNanos),
      grantAmount: stored.grantAmount === undefined ? undefined : BigInt(stored.grantAmount),
      inputBoundTokens: stored.inputBoundTokens,
      softQuotasPassed: stored.softQuotasPassed ?? [],
    },
  }
}

/** The checksum has proved that the text is what `encodeLine` wrote, so its shape is this one. */
type StoredRecord = Omit<
  UsageRecord,
  'reservedCostNanos' | 'listCostNanos' | 'billedCostNanos' | 'grantAmount' | 'softQuotasPassed'
> & {
  readonly reservedCostNanos: string
  readonly listCostNanos?: string
  readonly billedCostNanos: string
  readonly grantAmount?: string
  /** Absent in lines of versions before soft quotas were marked. */
  readonly softQuotasPassed?: readonly string[]
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, '0')
}

import { crc32 } from 'node:zlib'
import { recordFromJson, recordToJson } from '../../domain/ledger/record-json.ts'
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
  const text = `${kind} ${recordToJson(record)}`
  return `${checksum(text)} ${text}\n`
}

/** `undefined`: torn or damaged. */
export function decodeLine(line: string): JournalEntry | undefined {
  const text = line.slice(9)
  if (line.charAt(8) !== ' ' || line.slice(0, 8) !== checksum(text)) return undefined
  const kind = text.slice(0, 4)
  if (kind !== 'open' && kind !== 'done') return undefined
  return { kind, record: recordFromJson(text.slice(5)) }
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, '0')
}

import type { UsageRecord } from './usage-record.ts'

/** The books in Postgres. */
export interface Ledger {
  /**
   * Inserts the records and, in the same transaction, adds to the rollups what was really inserted. Idempotent by
   * request id: a record that is there already changes nothing. Throws `RecordRefused` for what no retry will mend.
   */
  write(records: readonly UsageRecord[]): Promise<{ readonly inserted: number }>
  /** As it was booked. */
  find(requestId: string): Promise<UsageRecord | undefined>
  /** The same with its adjustments: what the request costs by what is known now. */
  findCorrected(requestId: string): Promise<UsageRecord | undefined>
  /** Of these, the ids of records that are there already. */
  existing(requestIds: readonly string[]): Promise<ReadonlySet<string>>
  /** What records say was used on a quota's scope since a moment, in time order, one part an interval of `stepMs`. */
  quotaUsage(input: QuotaUsageQuery): Promise<readonly { readonly atMs: number; readonly amount: bigint }[]>
  grantUsage(input: { readonly grantId: string; readonly fromMs: number }): Promise<bigint>
}

/** The values of a record are none that its columns take. */
export class RecordRefused extends Error {
  constructor(cause: Error) {
    super(`PostgreSQL does not take a usage record: ${cause.message}`, { cause })
    this.name = 'RecordRefused'
  }
}

export interface QuotaUsageQuery {
  readonly scope: 'team' | 'member' | 'key'
  readonly scopeId: string
  readonly metric: 'requests' | 'tokens' | 'cost'
  /** Public model name or pattern with `*`; `undefined`: all. */
  readonly model: string | undefined
  readonly fromMs: number
  readonly stepMs: number | undefined
}

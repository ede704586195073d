/** A month of `usage_record`, UTC. */
export interface UsagePartition {
  readonly name: string
  readonly from: Date
  /** The first moment that is not in it. */
  readonly to: Date
  /** On disk, with its indexes. */
  readonly bytes: number
}

/**
 * The monthly partitions of the usage records. A record of a month that has none is never refused: it lies in the
 * default partition until its month is made.
 */
export interface UsagePartitions {
  /** Makes what is missing of so many months from that of `from` on. Returns the names that were made. */
  ensure(from: Date, months: number): Promise<readonly string[]>
  /** Months, by their first moment, of records that came when their month had no partition. Oldest first. */
  strays(monthsMax: number): Promise<readonly Date[]>
  /** Oldest first; the default partition is none of them. */
  list(): Promise<readonly UsagePartition[]>
  /**
   * Takes the partition off and drops it with all its records, never one by one, and in the same transaction the
   * corrections of its records, and notes until when records are gone. Rollups stay.
   */
  drop(partition: UsagePartition): Promise<{ readonly adjustments: number }>
}

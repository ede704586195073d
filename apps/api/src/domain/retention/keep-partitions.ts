import type { Clock } from '../../ports/clock.ts'
import type { JobFinding, JobResult } from '../../ports/jobs.ts'
import type { UsagePartition, UsagePartitions } from '../../ports/usage-partitions.ts'

export interface RetentionServices {
  readonly clock: Clock
  readonly partitions: UsagePartitions
}

export interface RetentionOptions {
  /** So many whole months before the running one are kept; `undefined`: all. */
  readonly retentionMonths: number | undefined
  /** Only says what would go. */
  readonly dryRun?: boolean
}

const monthsAhead = 3
/** A clock that was wrong for a while must not make a hundred partitions at once. */
const strayMonthsMax = 24

/**
 * Gives the months to come their partitions, and takes those away whose records nobody has to keep any longer. What
 * leaves are single requests and their corrections; the hourly rollups stay for ever, and with them every sum of the
 * dashboard and every quota and grant.
 *
 * A record that arrives late (from the journal of a machine that was off for long) is booked whatever its month is: it
 * lies in the default partition, is moved to a partition of its own here, and leaves with that when it is too old.
 */
export async function keepPartitions(
  { clock, partitions }: RetentionServices,
  options: RetentionOptions,
): Promise<JobResult> {
  const now = new Date(clock.now())
  const made = [...(await partitions.ensure(startOfMonth(now, -1), monthsAhead + 2))]
  for (const month of await partitions.strays(strayMonthsMax)) {
    made.push(...(await partitions.ensure(month, 1)))
  }
  const gone = outlived(await partitions.list(), now, options.retentionMonths)
  if (options.dryRun === true) return { made: made.length, dropped: 0, wouldGo: gone.map(describe) }
  const dropped: string[] = []
  let adjustments = 0
  for (const partition of gone) {
    adjustments += (await partitions.drop(partition)).adjustments
    dropped.push(partition.name)
  }
  return {
    made: made.length,
    dropped: dropped.length,
    ...(dropped.length === 0 ? {} : { months: dropped.join(' '), adjustments }),
  }
}

/** Partitions of which not even the last moment has to be kept. */
function outlived(
  partitions: readonly UsagePartition[],
  now: Date,
  retentionMonths: number | undefined,
): readonly UsagePartition[] {
  if (retentionMonths === undefined) return []
  const keptFrom = startOfMonth(now, -retentionMonths)
  return partitions.filter(({ to }) => to <= keptFrom)
}

function describe({ name, from, bytes }: UsagePartition): JobFinding {
  const month = from.toISOString().slice(0, 7)
  return {
    subject: name,
    message: `single requests of ${month} would be dropped (${Math.ceil(bytes / 1024)} KB); their sums stay`,
  }
}

function startOfMonth(at: Date, offset: number): Date {
  return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + offset, 1))
}

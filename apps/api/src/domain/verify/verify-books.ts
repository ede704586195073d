import type { Db } from '../../ports/database.ts'
import type { JobResult } from '../../ports/jobs.ts'
import { compareCounters, type CounterServices } from './compare-counters.ts'
import { compareRollups } from './compare-rollups.ts'

export interface VerifyServices extends CounterServices {
  readonly db: Db
}

export interface VerifyOptions {
  /** Time between the two readings of a counter, one for each attempt. */
  readonly pausesMs?: readonly number[]
  /** More differences than this say no more than that everything is wrong. */
  readonly differencesMax?: number
}

/**
 * The nightly recount. The records and their adjustments are the books; rollups and counters are sums of them, made as
 * they came. Each sum is made once more from the records and compared: rollups with the records, counters with rollups
 * and records. A difference is a finding for a person, and nothing is repaired: what made it has to be understood first.
 *
 * Fails when the database or the counters cannot be reached; books that could not be looked at are not in order.
 */
export async function verifyBooks(
  services: VerifyServices,
  signal: AbortSignal,
  options: VerifyOptions = {},
): Promise<JobResult> {
  const { pausesMs = [0, 1_000, 5_000, 15_000], differencesMax = 100 } = options
  const rollups = await compareRollups(services.db, { differencesMax, signal })
  const counters = await compareCounters(services, { pausesMs, signal })
  const findings = [...counters.differences, ...rollups.differences].slice(0, differencesMax)
  return {
    months: rollups.months,
    counters: counters.counters,
    differences: rollups.differences.length + counters.differences.length,
    findings,
  }
}

import { setTimeout as wait } from 'node:timers/promises'
import type { LiveBooks } from '../../ports/books.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Db } from '../../ports/database.ts'
import type { JobFinding } from '../../ports/jobs.ts'
import type { Ledger } from '../../ports/ledger.ts'
import { grantCounter, quotaCounter } from '../counters/windows.ts'
import { everyCounter } from '../ledger/seed-counters.ts'
import { readRecordsFrom } from '../retention/records-from.ts'
import type { GrantEntry, QuotaEntry, Snapshot } from '../snapshot/snapshot.ts'
import { boundGrants, boundQuotas, type Bounds } from './bound-counters.ts'

export interface CounterServices {
  readonly db: Db
  readonly books: Pick<LiveBooks, 'drain' | 'read'>
  readonly clock: Clock
  readonly ledger: Pick<Ledger, 'quotaUsage'>
  readonly snapshot: () => Snapshot
}

export interface CounterComparison {
  readonly counters: number
  readonly differences: readonly JobFinding[]
}

interface Suspects {
  readonly quotas: readonly QuotaEntry[]
  readonly grants: readonly GrantEntry[]
}

/**
 * Compares every counter of a quota or grant with what the records say of its window, while requests go on.
 *
 * What is settled only grows, and what a process has settled is in the ledger a moment later. So the ledger, read
 * between two readings of a counter, must be no less than the first (given that moment) and no more than the second; in
 * quiet times all three are equal. What is outside is looked at again, with more time in between: other processes
 * drain their own journals, and a correction or the turn of a window can come between the readings.
 */
export async function compareCounters(
  services: CounterServices,
  options: { readonly pausesMs: readonly number[]; readonly signal: AbortSignal },
): Promise<CounterComparison> {
  const snapshot = services.snapshot()
  let suspects: Suspects = everyCounter(snapshot)
  const counters = suspects.quotas.length + suspects.grants.length
  let differences: readonly JobFinding[] = []
  for (const pauseMs of options.pausesMs) {
    const found = await compareOnce(services, suspects, snapshot.timeZone, pauseMs, options.signal)
    suspects = found
    differences = found.findings
    if (differences.length === 0) break
  }
  return { counters, differences }
}

async function compareOnce(
  services: CounterServices,
  { quotas, grants }: Suspects,
  timeZone: string,
  pauseMs: number,
  signal: AbortSignal,
): Promise<Suspects & { readonly findings: readonly JobFinding[] }> {
  const fromMs = services.clock.now()
  const quotaRefs = quotas.map((quota) => ({ quota, ref: quotaCounter(quota, fromMs, timeZone) }))
  const grantRefs = grants.map((grant) => ({ grant, ref: grantCounter(grant, fromMs, timeZone) }))
  const before = await services.books.read([...quotaRefs, ...grantRefs].map(({ ref }) => ref))
  const first = new Map([...quotaRefs, ...grantRefs].map(({ ref }, index) => [ref, before[index]?.settled]))
  await wait(pauseMs, undefined, { signal })
  await services.books.drain()
  const recordsFrom = await readRecordsFrom(services.db)

  const bad: { quotas: QuotaEntry[]; grants: GrantEntry[]; findings: JobFinding[] } = {
    quotas: [],
    grants: [],
    findings: [],
  }
  /** Reads the counters again, directly after the records of the same group were summed. */
  const judge = async <One extends (typeof quotaRefs | typeof grantRefs)[number]>(
    group: readonly One[],
    bounds: readonly Bounds[],
    note: (one: One) => JobFinding['subject'],
  ) => {
    const after = await services.books.read(group.map(({ ref }) => ref))
    for (const [index, one] of group.entries()) {
      const last = after[index]?.settled ?? 0n
      const { least, most } = bounds[index] ?? { least: 0n, most: 0n }
      if ((first.get(one.ref) ?? 0n) <= most && least <= last) continue
      const said = least === most ? `${least}` : `${least} to ${most}`
      bad.findings.push({
        subject: note(one),
        message: `the counter says ${last} settled, the records say ${said}`,
      })
    }
  }
  // One team at a time: this has all night, and the drainer needs the connections.
  for (const team of Map.groupBy(quotaRefs, ({ quota }) => quota.teamId).values()) {
    signal.throwIfAborted()
    await judge(team, await boundQuotas(services, team, fromMs, recordsFrom), ({ quota }) => {
      bad.quotas.push(quota)
      return nameQuota(quota)
    })
  }
  await judge(grantRefs, await boundGrants(services.db, grantRefs, recordsFrom), ({ grant }) => {
    bad.grants.push(grant)
    return `counter of grant ${grant.name} (${grant.id}): ${grant.unit}`
  })
  return bad
}

function nameQuota({ scope, scopeName, metric, window, model }: QuotaEntry): string {
  const length = window === 'total' ? 'in total' : `per ${window}`
  return `counter of ${scope} ${scopeName}: ${metric} ${length}${model === undefined ? '' : `, model ${model}`}`
}

import { sql } from '../../ports/database.ts'
import { createMemory, settledBefore } from './remember.ts'
import type { AdministrationServices } from './services.ts'

/** What the ledger says grants have paid for, in their units. */
export interface GrantUsage {
  readonly all: bigint
  /** Since the given moment, and the first hour of it. */
  readonly recent: bigint
  readonly recentSince: Date | undefined
  readonly savedNanos: bigint
}

export type GrantUsages = ReadonlyMap<string, GrantUsage>

/** `remembered`: of hours that are over, as it was some seconds ago; for pages that ask all the time. */
export async function readGrantUsage(
  services: AdministrationServices,
  ids: readonly string[],
  since: Date,
  how: 'exact' | 'remembered',
): Promise<GrantUsages> {
  if (how === 'exact') return sumUsage(services, ids, since, undefined, undefined)
  const split = settledBefore(services.clock.now())
  const [past, present] = await Promise.all([
    remember(services, `before ${split.getTime()} of ${ids.join()}`, () =>
      sumUsage(services, ids, since, undefined, split),
    ),
    sumUsage(services, ids, since, split, undefined),
  ])
  return new Map(ids.map((id) => [id, add(past.get(id) ?? nothing, present.get(id) ?? nothing)]))
}

const remember = createMemory<GrantUsages>()

interface GrantUsageRow {
  readonly grant_id: string
  readonly all: bigint
  readonly recent: bigint
  readonly recent_since: Date | null
  readonly saved: bigint
}

async function sumUsage(
  services: AdministrationServices,
  ids: readonly string[],
  since: Date,
  from: Date | undefined,
  to: Date | undefined,
): Promise<GrantUsages> {
  const rows = await services.db.$queryRaw<GrantUsageRow[]>(sql`
    select grant_id::text,
           sum(grant_amount)::bigint as all,
           coalesce(sum(grant_amount) filter (where hour >= ${since}), 0)::bigint as recent,
           min(hour) filter (where hour >= ${since}) as recent_since,
           sum(list_cost - billed_cost)::bigint as saved
    from usage_rollup
    where grant_id = any(${[...ids]}::uuid[])
      and hour >= ${from ?? new Date(0)} and hour < ${to ?? new Date(farMs)}
    group by grant_id`)
  return new Map(
    rows.map((row) => [
      row.grant_id,
      {
        all: row.all,
        recent: row.recent,
        recentSince: row.recent_since ?? undefined,
        savedNanos: row.saved,
      },
    ]),
  )
}

const farMs = Date.UTC(9999, 0)
const nothing: GrantUsage = { all: 0n, recent: 0n, recentSince: undefined, savedNanos: 0n }

function add(past: GrantUsage, present: GrantUsage): GrantUsage {
  return {
    all: past.all + present.all,
    recent: past.recent + present.recent,
    recentSince: past.recentSince ?? present.recentSince,
    savedNanos: past.savedNanos + present.savedNanos,
  }
}

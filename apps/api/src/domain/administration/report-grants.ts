import { grantCounter, turnsAtMs } from '../counters/windows.ts'
import type { GrantCoverage, GrantEntry } from '../snapshot/snapshot.ts'
import { forecastGrant, type GrantForecast } from './forecast-grant.ts'
import { readGrantUsage } from './grant-usage.ts'
import type { AdministrationServices } from './services.ts'

export interface GrantReport {
  readonly grant: GrantEntry
  readonly account: string
  readonly provider: string
  readonly currency: string
  readonly source: string
  readonly confidence: string
  readonly note: string | undefined
  readonly origin: string
  readonly createdAt: Date
  readonly state: 'active' | 'pending' | 'expired' | 'empty'
  /** In the grant's unit, of the running window. */
  readonly settled: bigint
  readonly held: bigint
  /** Never below 0; nothing of one that has expired. */
  readonly left: bigint
  /** What nobody had used of it when it expired. */
  readonly expired: bigint
  readonly resetsAt: Date | undefined
  /** Nanos at list price that were not billed because of it. */
  readonly savedNanos: bigint
  readonly forecast: GrantForecast
}

export interface GrantFilter {
  readonly ids?: readonly string[]
  readonly account?: string | undefined
  /** `remembered`: see `readGrantUsage`. */
  readonly usage?: 'exact' | 'remembered'
}

/**
 * Every grant with what is left of it, soonest to expire first. What counts now comes from the running books, so that
 * the page and the gate never disagree; what is over comes from the ledger.
 */
export async function reportGrants(
  services: AdministrationServices,
  filter: GrantFilter = {},
): Promise<readonly GrantReport[]> {
  const rows = await services.db.grant.findMany({
    where: {
      ...(filter.ids === undefined ? {} : { id: { in: [...filter.ids] } }),
      ...(filter.account === undefined ? {} : { account: { name: filter.account } }),
    },
    include: { account: { select: { name: true, provider: true } } },
    orderBy: [{ expiresAt: { sort: 'asc', nulls: 'last' } }, { id: 'asc' }],
  })
  if (rows.length === 0) return []
  const nowMs = services.clock.now()
  const [sums, usage] = await Promise.all([
    sumEntries(
      services,
      rows.map((row) => row.id),
    ),
    readGrantUsage(
      services,
      rows.map((row) => row.id),
      new Date(nowMs - forecastMs),
      filter.usage ?? 'exact',
    ),
  ])
  const grants = rows.map((row) => toGrantEntry(row, sums.get(row.id)?.granted ?? 0n))
  const refs = grants.map((grant) => grantCounter(grant, nowMs, services.timeZone))
  const readings = await services.books.read(refs)

  return rows.map((row, index) => {
    const grant = grants[index] ?? toGrantEntry(row, 0n)
    const ref = refs[index]
    const used = usage.get(row.id)
    const isOver = grant.expiresAtMs !== undefined && grant.expiresAtMs <= nowMs
    // Nobody counts on an expired grant any more; the ledger remembers all of it.
    const settled = isOver && grant.window === 'once' ? (used?.all ?? 0n) : (readings[index]?.settled ?? 0n)
    const held = readings[index]?.held ?? 0n
    const rest = grant.amount - settled - held
    const unused = rest > 0n ? rest : 0n
    const left = isOver ? 0n : unused
    // The job that enters it may not have come by yet.
    const lapsed = sums.get(row.id)?.lapsed ?? 0n
    const lapses = grant.window === 'once' ? unused : 0n
    const turns = ref === undefined ? undefined : turnsAtMs(ref)
    const resetsAtMs = grant.window === 'once' ? undefined : turns
    return {
      grant,
      account: row.account.name,
      provider: row.account.provider,
      currency: row.currency,
      source: row.source,
      confidence: row.confidence,
      note: row.note ?? undefined,
      origin: row.origin,
      createdAt: row.createdAt,
      state: isOver ? 'expired' : grant.validFromMs > nowMs ? 'pending' : left === 0n ? 'empty' : 'active',
      settled,
      held,
      left,
      expired: isOver ? (lapsed > 0n ? lapsed : lapses) : 0n,
      resetsAt: resetsAtMs === undefined ? undefined : new Date(resetsAtMs),
      savedNanos: used?.savedNanos ?? 0n,
      forecast: forecastGrant({
        left,
        nowMs,
        expiresAtMs: grant.expiresAtMs,
        turnsAtMs: resetsAtMs,
        recent: used?.recent ?? 0n,
        recentSinceMs: used?.recentSince?.getTime(),
      }),
    }
  })
}

function toGrantEntry(
  row: {
    readonly id: string
    readonly accountId: string
    readonly name: string
    readonly models: string[]
    readonly covers: string[]
    readonly unit: string
    readonly currency: string
    readonly window: string
    readonly windowSince: Date
    readonly validFrom: Date
    readonly expiresAt: Date | null
    readonly whenEmpty: string
  },
  amount: bigint,
): GrantEntry {
  return {
    id: row.id,
    accountId: row.accountId,
    name: row.name,
    models: row.models,
    covers: grantCoverages.filter((endpoint) => row.covers.includes(endpoint)),
    unit: units.find((unit) => unit === row.unit) ?? 'tokens',
    currency: row.currency,
    amount,
    lapsing: [],
    window: row.window === 'day' || row.window === 'month' ? row.window : 'once',
    windowSinceMs: row.windowSince.getTime(),
    validFromMs: row.validFrom.getTime(),
    expiresAtMs: row.expiresAt?.getTime(),
    whenEmpty: row.whenEmpty === 'provider-bills' ? 'provider-bills' : 'provider-stops',
  }
}

const grantCoverages = ['chat', 'embeddings'] as const satisfies readonly GrantCoverage[]
const units = ['tokens', 'input-tokens', 'output-tokens', 'requests', 'money'] as const
const forecastMs = 7 * 24 * 3_600_000

/** Of the entries in force: what was given, and what its expiry took. */
async function sumEntries(services: AdministrationServices, ids: readonly string[]) {
  const now = new Date(services.clock.now())
  const rows = await services.db.grantEntry.groupBy({
    by: ['grantId', 'kind'],
    where: { grantId: { in: [...ids] }, OR: [{ effectiveUntil: null }, { effectiveUntil: { gt: now } }] },
    _sum: { amount: true },
  })
  const sums = new Map<string, { granted: bigint; lapsed: bigint }>()
  for (const row of rows) {
    const sum = sums.get(row.grantId) ?? { granted: 0n, lapsed: 0n }
    const amount = row._sum.amount ?? 0n
    if (row.kind === 'expiry') sum.lapsed -= amount
    else sum.granted += amount
    sums.set(row.grantId, sum)
  }
  return sums
}

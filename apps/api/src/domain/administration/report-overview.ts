import { noBooksState, readBooksState } from './read-books-state.ts'
import { drainBooks } from './drain-books.ts'
import type { Actor } from './actor.ts'
import { findAlerts, type Alert } from './find-alerts.ts'
import { reportGrants, type GrantReport } from './report-grants.ts'
import { reportQuotas } from './report-quotas.ts'
import { sumUsage } from './report-usage.ts'
import { resolveNames } from './resolve-names.ts'
import { createMemory } from './remember.ts'
import type { AdministrationServices } from './services.ts'
import { addTotals, noTotals, type Totals } from './totals.ts'
import { bucketStarts, namedRange, rangeBefore, type RangeName, type UsageRange } from './usage-range.ts'
import { readSlices, type SliceRow } from './usage-slices.ts'

export interface OverviewReport {
  readonly range: UsageRange
  readonly bucket: 'hour' | 'day'
  readonly buckets: readonly Date[]
  readonly totals: Totals
  readonly previous: Totals
  /** The six models with the most tokens, and `other`; buckets without use are left out. */
  readonly series: readonly { readonly bucket: string; readonly model: string; readonly totals: Totals }[]
  /** Every provider with an account, or with usage in the range. */
  readonly providers: readonly {
    readonly provider: string
    readonly totals: Totals
    readonly grants: readonly GrantReport[]
  }[]
  readonly teams: readonly { readonly id: string; readonly team: string; readonly totals: Totals }[]
  readonly live: {
    readonly inFlight: number
    readonly heldTokens: number
    readonly requestsLastMinute: number
  }
  readonly alerts: readonly Alert[]
}

/** The whole first page in one call: two statements over the usage, and the small tables beside them, all at once. */
export async function reportOverview(
  services: AdministrationServices,
  actor: Actor,
  name: Exclude<RangeName, 'all'>,
): Promise<OverviewReport> {
  await drainBooks(services)
  const nowMs = services.clock.now()
  const range = namedRange(name, nowMs, services.timeZone, undefined)
  const bucket = name === '24h' ? 'hour' : 'day'
  const conditions = { teamIds: actor.teamId === undefined ? undefined : [actor.teamId] }
  const question = `${name} from ${range.from.getTime()} of ${actor.teamId ?? 'all'}`
  const [rows, previous, grants, quotas, accounts, routes, books] = await Promise.all([
    readSlices(services, range, nowMs, bucket, conditions.teamIds, question),
    rememberSums(services, question, () => sumUsage(services, rangeBefore(range), nowMs, conditions)),
    reportGrants(services, { usage: 'remembered' }),
    reportQuotas(services, actor.teamId === undefined ? {} : { teamIds: [actor.teamId] }),
    services.db.account.findMany({
      select: {
        id: true,
        name: true,
        provider: true,
        enabled: true,
        state: true,
        stateMessage: true,
        offerings: { select: { id: true, name: true, upstreamModel: true } },
      },
    }),
    services.db.route.findMany({ select: { model: true, offerings: { select: { offeringId: true } } } }),
    // Findings name other teams, and are nothing that a team could mend.
    actor.teamId === undefined ? readBooksState(services.db) : noBooksState,
  ])
  const byModel = rows.filter((row) => row.slice === 'model')
  const byProvider = rows.filter((row) => row.slice === 'provider')
  const byTeam = rows.filter((row) => row.slice === 'team')
  const totals = byTeam.map((row) => row.totals).reduce(addTotals, noTotals)
  const teams = byTeam.sort(mostTokensFirst).slice(0, teamsMax)
  const names = await resolveNames(
    services,
    'team',
    teams.map((row) => row.value ?? ''),
  )
  const providers = new Set([
    ...accounts.map((account) => account.provider),
    ...byProvider.flatMap((row) => row.value || []),
  ])
  return {
    range,
    bucket,
    buckets: bucketStarts(range, bucket, services.timeZone),
    totals,
    previous,
    series: topSeries(byModel),
    providers: [...providers].sort().map((provider) => ({
      provider,
      totals: byProvider.find((row) => row.value === provider)?.totals ?? noTotals,
      grants: grants.filter((grant) => grant.provider === provider),
    })),
    teams: teams.map((row) => ({
      id: row.value ?? '',
      team: names.get(row.value ?? '') ?? row.value ?? '',
      totals: row.totals,
    })),
    live: services.books.live(),
    alerts: findAlerts({
      nowMs,
      grants,
      quotas,
      accounts,
      routes,
      books,
      paid: rows
        .filter((row) => row.slice === 'paid' && row.totals.billedCostNanos > 0n)
        .map((row) => ({
          model: row.value ?? '',
          accountId: row.account ?? '',
          billedNanos: row.totals.billedCostNanos,
        })),
    }),
  }
}

const rememberSums = createMemory<Totals>()
const seriesMax = 6
const teamsMax = 5

function topSeries(rows: readonly SliceRow[]): OverviewReport['series'] {
  const perModel = new Map<string, bigint>()
  for (const row of rows) {
    const model = row.value ?? ''
    perModel.set(model, (perModel.get(model) ?? 0n) + row.totals.totalTokens)
  }
  const top = new Set(
    [...perModel]
      .sort(([leftName, left], [rightName, right]) =>
        left === right ? leftName.localeCompare(rightName) : right > left ? 1 : -1,
      )
      .slice(0, seriesMax)
      .map(([model]) => model),
  )
  const series = new Map<string, { bucket: string; model: string; totals: Totals }>()
  for (const row of rows) {
    const model = top.has(row.value ?? '') ? (row.value ?? '') : 'other'
    const bucket = row.bucket ?? ''
    const known = series.get(`${bucket} ${model}`)
    series.set(`${bucket} ${model}`, {
      bucket,
      model,
      totals: known === undefined ? row.totals : addTotals(known.totals, row.totals),
    })
  }
  return [...series.values()].sort((left, right) =>
    left.bucket < right.bucket ? -1 : left.bucket > right.bucket ? 1 : 0,
  )
}

function mostTokensFirst(left: SliceRow, right: SliceRow): number {
  const difference = right.totals.totalTokens - left.totals.totalTokens
  return difference > 0n ? 1 : difference < 0n ? -1 : 0
}

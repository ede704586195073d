import { sql } from '../../ports/database.ts'
import { createMemory, settledBefore } from './remember.ts'
import { columnOf } from './report-usage.ts'
import type { AdministrationServices } from './services.ts'
import { addTotals, toTotals, type Totals } from './totals.ts'
import type { UsageRange } from './usage-range.ts'
import { totalsColumns, usageSource, type TotalsRow } from './usage-source.ts'

interface Slice {
  readonly slice: 'model' | 'provider' | 'team' | 'paid'
  readonly bucket: string | null
  readonly value: string | null
  readonly account: string | null
}

export type SliceRow = Slice & { readonly totals: Totals }

const remember = createMemory<SliceRow[]>()

/** What is over may be some seconds old, what runs is read each time: so the price of a poll does not grow with the range. */
export async function readSlices(
  services: AdministrationServices,
  range: UsageRange,
  nowMs: number,
  bucket: 'hour' | 'day',
  teamIds: readonly string[] | undefined,
  question: string,
): Promise<SliceRow[]> {
  const split = settledBefore(nowMs)
  if (split <= range.from) return sumSlices(services, range, nowMs, bucket, teamIds)
  const [past, present] = await Promise.all([
    remember(services, `${question} to ${split.getTime()}`, () =>
      sumSlices(services, { from: range.from, to: split }, nowMs, bucket, teamIds),
    ),
    sumSlices(services, { from: split, to: range.to }, nowMs, bucket, teamIds),
  ])
  return mergeSlices([...past, ...present])
}

/** The day of the split is in both. */
function mergeSlices(rows: readonly SliceRow[]): SliceRow[] {
  const merged = new Map<string, SliceRow>()
  for (const row of rows) {
    const key = `${row.slice} ${row.bucket} ${row.value} ${row.account}`
    const known = merged.get(key)
    merged.set(key, known === undefined ? row : { ...row, totals: addTotals(known.totals, row.totals) })
  }
  return [...merged.values()]
}

/** One pass over the range, summed four ways. */
async function sumSlices(
  services: AdministrationServices,
  range: UsageRange,
  nowMs: number,
  bucket: 'hour' | 'day',
  teamIds: readonly string[] | undefined,
): Promise<SliceRow[]> {
  const rows = await services.db.$queryRaw<(Slice & TotalsRow)[]>(sql`
    select
      case when grouping(bucket) = 0 then 'model' when grouping(provider) = 0 then 'provider'
        when grouping(team_id) = 0 then 'team' else 'paid' end as slice,
      bucket,
      case when grouping(provider) = 0 then provider when grouping(team_id) = 0 then team_id::text else model end as value,
      account_id::text as account,
      ${totalsColumns(services.currency)}
    from (
      select *, ${columnOf(bucket, services.timeZone)} as bucket
      from (${usageSource(range, nowMs, { teamIds })}) usage
    ) usage
    group by grouping sets ((bucket, model), (provider), (team_id), (model, account_id))`)
  return rows.map(({ slice, bucket: start, value, account, ...sums }) => ({
    slice,
    bucket: start,
    value,
    account,
    totals: toTotals(sums),
  }))
}

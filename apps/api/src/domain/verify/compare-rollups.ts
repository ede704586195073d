import { join, raw, sql, type Db } from '../../ports/database.ts'
import type { JobFinding } from '../../ports/jobs.ts'
import { readRecordsFrom } from '../retention/records-from.ts'
import { nameDimensions, type Dimensions } from './name-dimensions.ts'

export interface RollupComparison {
  readonly months: number
  readonly differences: readonly JobFinding[]
}

/**
 * Sums the usage records and their adjustments once more, month by month, and compares with the rollups. A month is one
 * statement and so one moment: records and the rollups they are in are committed together. Only what differs comes out
 * of the database. Months whose records were dropped cannot be compared; their rollups are all there is.
 */
export async function compareRollups(
  db: Db,
  options: { readonly differencesMax: number; readonly signal: AbortSignal },
): Promise<RollupComparison> {
  const differences: JobFinding[] = []
  let months = 0
  let month = await firstMonthFrom(db, (await readRecordsFrom(db)) ?? new Date(0))
  while (month !== undefined && differences.length < options.differencesMax) {
    options.signal.throwIfAborted()
    const end = nextMonth(month)
    const rows = await compareMonth(db, month, end, options.differencesMax - differences.length)
    // Dropped while we looked: what was missing is missing rightly.
    const dropped = rows.length > 0 && month < ((await readRecordsFrom(db)) ?? new Date(0))
    if (!dropped) {
      differences.push(...(await describe(db, rows)))
      months += 1
    }
    month = await firstMonthFrom(db, end)
  }
  return { months, differences }
}

/** The month of the first record, correction or rollup since a moment; months without anything are passed over. */
async function firstMonthFrom(db: Db, from: Date): Promise<Date | undefined> {
  const [row] = await db.$queryRaw<{ first: Date | null }[]>(sql`
    select least(
      (select min(started_at) from usage_record where started_at >= ${from}),
      (select min(started_at) from usage_adjustment where started_at >= ${from}),
      (select min(hour) from usage_rollup where hour >= ${from})
    ) as first`)
  const first = row?.first ?? undefined
  return first === undefined ? undefined : new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth(), 1))
}

function nextMonth(month: Date): Date {
  return new Date(Date.UTC(month.getUTCFullYear(), month.getUTCMonth() + 1, 1))
}

const noId = '00000000-0000-0000-0000-000000000000'
const keys = [
  'hour',
  'team_id',
  'key_id',
  'member_id',
  'model',
  'provider',
  'account_id',
  'grant_id',
  'status',
  'currency',
]
const sums = [
  'input_tokens',
  'cached_input_tokens',
  'cache_write_tokens',
  'output_tokens',
  'reasoning_tokens',
  'total_tokens',
  'list_cost',
  'billed_cost',
  'grant_amount',
]
const columns = ['requests', ...sums, 'estimated_requests', 'interrupted_requests', 'unpriced_requests']
/** What an adjustment can change. */
const corrected: Readonly<Record<string, string>> = {
  list_cost: 'list_cost',
  billed_cost: 'billed_cost',
  grant_amount: 'grant_amount',
  unpriced_requests: '-priced',
}

interface Difference extends Dimensions {
  readonly hour: Date
  /** In the order of `columns`. */
  readonly booked: readonly string[]
  readonly summed: readonly string[]
}

const dimensions = `date_trunc('hour', started_at, 'UTC') as hour, team_id, key_id, coalesce(member_id, '${noId}') as member_id,
  model, coalesce(provider, '') as provider, coalesce(account_id, '${noId}') as account_id,
  coalesce(grant_id, '${noId}') as grant_id, status, currency`

async function compareMonth(db: Db, from: Date, to: Date, limit: number): Promise<Difference[]> {
  const within = sql`started_at >= ${from} and started_at < ${to}`
  const values = (of: string) => columns.map((name) => raw(`coalesce(${of}.${name}, 0)`))
  return db.$queryRaw<Difference[]>(sql`
    with entries as (
      select ${raw(dimensions)}, 1 as requests, ${raw(sums.join(', '))},
        (usage_source = 'estimated')::int as estimated_requests,
        (usage_source = 'interrupted')::int as interrupted_requests,
        (list_cost is null)::int as unpriced_requests
      from usage_record where ${within}
      union all
      select ${raw(dimensions)}, ${raw(columns.map((name) => corrected[name] ?? '0').join(', '))}
      from usage_adjustment where ${within}
    ), booked as (
      select ${raw(keys.join(', '))}, ${raw(columns.map((name) => `coalesce(sum(${name}), 0) as ${name}`).join(', '))}
      from entries group by ${raw(keys.join(', '))}
    ), summed as (
      select * from usage_rollup where hour >= ${from} and hour < ${to}
    )
    select hour, team_id::text, key_id::text, model, account_id::text, grant_id::text, status,
      array[${join(values('booked'))}]::text[] as booked,
      array[${join(values('summed'))}]::text[] as summed
    from booked full join summed using (${raw(keys.join(', '))})
    where (${join(values('booked'))}) is distinct from (${join(values('summed'))})
    order by ${raw(keys.join(', '))}
    limit ${limit}`)
}

async function describe(db: Db, rows: readonly Difference[]): Promise<JobFinding[]> {
  const name = await nameDimensions(db, rows)
  return rows.map((row) => ({
    subject: `rollup of ${row.hour.toISOString().slice(0, 16)}Z: ${name(row)}`,
    message: columns
      .flatMap((column, index) => {
        const [booked, summed] = [row.booked[index] ?? '0', row.summed[index] ?? '0']
        return booked === summed
          ? []
          : [`${column.replaceAll('_', ' ')}: the rollup says ${summed}, the records say ${booked}`]
      })
      .join('; '),
  }))
}

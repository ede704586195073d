import { raw, sql, type Db, type Sql, type Tx } from '../../ports/database.ts'
import type { GrantUnit } from '../snapshot/snapshot.ts'
import { priceProvider } from './price-provider.ts'
import type { PricedRecord } from './reprice-record.ts'

/** The key of a record. */
export interface RecordPlace {
  readonly requestId: string
  readonly startedAtMs: number
}

/** A record beside the price that it should have. */
export interface MispricedRow {
  readonly record: PricedRecord
  readonly dimensions: Pick<Adjustment, 'requestId' | 'teamId' | 'keyId' | 'memberId' | 'model' | 'grantId'>
  /** The record with all adjustments made so far. */
  readonly soFar: {
    readonly listCostNanos: bigint
    readonly billedCostNanos: bigint
    readonly grantAmount: bigint
    readonly priced: boolean
  }
  readonly versionId: string
  readonly price: unknown
  readonly currency: string
}

/** An adjustment of kind `re-pricing` to be. */
export interface Adjustment {
  readonly id: string
  readonly requestId: string
  /** When the request began. */
  readonly atMs: number
  readonly teamId: string
  readonly keyId: string
  readonly memberId: string | undefined
  readonly model: string
  readonly grantId: string | undefined
  readonly reason: string
  readonly actor: string
  readonly priceVersionId: string
  readonly priceTier: number | undefined
  /** Nanos, and the grant's unit; either sign. */
  readonly listCostNanos: bigint
  readonly billedCostNanos: bigint
  readonly grantAmount: bigint
  /** 1: had no price and has one; -1: the other way round. */
  readonly priced: number
}

/** Records in the order of time that one of the versions is in force for, but that are priced by another. */
export async function findMispriced(
  db: Db,
  input: {
    readonly versionIds: readonly string[]
    readonly fromMs: number
    readonly after: RecordPlace | undefined
    readonly limit: number
  },
): Promise<readonly RecordPlace[]> {
  const { after } = input
  const from = new Date(Math.max(input.fromMs, after?.startedAtMs ?? input.fromMs))
  const rows = await db.$queryRaw<{ request_id: string; started_at: Date }[]>(sql`
    select record.request_id::text, record.started_at
    from ${mispriced(input.versionIds)}
      and record.started_at >= ${from}
      ${after === undefined ? sql`` : sql`and (record.started_at, record.request_id) > (${from}, ${after.requestId}::uuid)`}
    order by record.started_at, record.request_id limit ${input.limit}`)
  return rows.map((row) => ({ requestId: row.request_id, startedAtMs: row.started_at.getTime() }))
}

/** Until the end of the transaction, nobody else corrects. Number 7,201,002 is ours alone among the advisory locks of this database. */
export async function lockRepricing(tx: Tx): Promise<void> {
  await tx.$executeRaw(sql`select pg_advisory_xact_lock(7201002)`)
}

/** Of these records, the ones that are still priced by another version, with all that a correction needs. */
export async function readMispriced(
  tx: Tx,
  versionIds: readonly string[],
  places: readonly RecordPlace[],
): Promise<readonly MispricedRow[]> {
  const times = places.map((place) => place.startedAtMs)
  const rows = await tx.$queryRaw<Row[]>(sql`
    select record.request_id::text, record.started_at, record.team_id::text, record.key_id::text,
      record.member_id::text, record.model, record.grant_id::text, record.input_tokens, record.cached_input_tokens,
      record.cache_write_tokens, record.output_tokens, record.reasoning_tokens, record.total_tokens, record.thinking,
      record.list_cost, record.billed_cost, record.grant_amount, "grant".unit,
      made.list_cost as made_list_cost, made.billed_cost as made_billed_cost, made.grant_amount as made_grant_amount,
      made.priced as made_priced, version.id::text as version_id, version.price, version.currency
    from ${mispriced(versionIds, sql`left join "grant" on "grant".id = record.grant_id`)}
      and record.started_at between ${new Date(Math.min(...times))} and ${new Date(Math.max(...times))}
      and record.request_id = any(${places.map((place) => place.requestId)}::uuid[])
    order by record.started_at, record.request_id`)
  return rows.map(toMispriced)
}

/**
 * Inserts the adjustments and adds them to the rollups of the records' hours, in one statement. Answers the ids of
 * requests whose adjustment was really inserted. Rollups are taken in the order of their key, as the drainer does, so
 * that the two never wait for each other in a circle.
 */
export async function writeAdjustments(
  tx: Tx,
  adjustments: readonly Adjustment[],
): Promise<readonly string[]> {
  if (adjustments.length === 0) return []
  const column = <Value>(read: (adjustment: Adjustment) => Value) => adjustments.map(read)
  const rows = await tx.$queryRaw<{ request_id: string }[]>(sql`
    with inserted as (
      insert into usage_adjustment (id, request_id, started_at, kind, reason, actor, team_id, key_id, member_id, model,
        provider, account_id, grant_id, status, currency, price_version_id, price_tier, list_cost, billed_cost,
        grant_amount, priced, created_at)
      select input.id, record.request_id, record.started_at, 're-pricing', input.reason, input.actor, record.team_id,
        record.key_id, record.member_id, record.model, coalesce(record.provider, ''), record.account_id,
        record.grant_id, record.status, record.currency, input.price_version_id, input.price_tier, input.list_cost,
        input.billed_cost, input.grant_amount, input.priced, clock_timestamp()
      from unnest(
        ${column(({ id }) => id)}::uuid[], ${column(({ requestId }) => requestId)}::uuid[],
        ${column(({ atMs }) => new Date(atMs).toISOString())}::timestamptz[], ${column(({ reason }) => reason)}::text[],
        ${column(({ actor }) => actor)}::text[], ${column(({ priceVersionId }) => priceVersionId)}::uuid[],
        ${column(({ priceTier }) => priceTier ?? -1)}::int[], ${column(({ listCostNanos }) => listCostNanos.toString())}::bigint[],
        ${column(({ billedCostNanos }) => billedCostNanos.toString())}::bigint[],
        ${column(({ grantAmount }) => grantAmount.toString())}::bigint[], ${column(({ priced }) => priced)}::int[]
      ) as input (id, request_id, started_at, reason, actor, price_version_id, price_tier, list_cost, billed_cost,
        grant_amount, priced)
      join usage_record record on record.request_id = input.request_id and record.started_at = input.started_at
      on conflict (request_id, price_version_id, kind) do nothing
      returning *
    ), rolled as (
      insert into usage_rollup (hour, team_id, key_id, member_id, model, provider, account_id, grant_id, status, currency,
        ${raw(untouched.join(', '))}, list_cost, billed_cost, grant_amount, unpriced_requests)
      select date_trunc('hour', started_at, 'UTC'), team_id, key_id, coalesce(member_id, ${noId}::uuid), model, provider,
        coalesce(account_id, ${noId}::uuid), coalesce(grant_id, ${noId}::uuid), status, currency,
        ${raw(untouched.map(() => '0').join(', '))}, sum(list_cost), sum(billed_cost), sum(grant_amount), -sum(priced)
      from inserted group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 order by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
      on conflict (hour, team_id, key_id, member_id, model, provider, account_id, grant_id, status, currency)
      do update set ${raw(corrected.map((name) => `${name} = usage_rollup.${name} + excluded.${name}`).join(', '))}
    )
    select request_id::text from inserted`)
  return rows.map((row) => row.request_id)
}

const noId = '00000000-0000-0000-0000-000000000000'
const corrected = ['list_cost', 'billed_cost', 'grant_amount', 'unpriced_requests']
const untouched = [
  'requests',
  'input_tokens',
  'cached_input_tokens',
  'cache_write_tokens',
  'output_tokens',
  'reasoning_tokens',
  'total_tokens',
  'estimated_requests',
  'interrupted_requests',
]

/**
 * From and where of records whose price in force is one of the versions and not the one they are booked or corrected
 * at. The price in force is found as for a request (`current-prices.ts`): the offering's own before the book's, the
 * newest that was in force when it began, and of the same moment the one that was written last.
 *
 * Left alone are records whose own price went with an offering that was deleted (nobody can say what it should be),
 * and prices in another currency than the one that is booked: sums of two currencies are no sums.
 */
function mispriced(versionIds: readonly string[], joins: Sql = sql``): Sql {
  const ids = [...versionIds]
  return sql`usage_record record
    left join account on account.id = record.account_id ${joins}
    cross join lateral (
      select price_version.id, price_version.price, price_version.currency from price_version
      where price_version.effective_from <= record.started_at
        and (price_version.offering_id = record.offering_id
          or (price_version.offering_id is null and price_version.model = record.upstream_model
            and price_version.provider = coalesce(${raw(priceProvider)}, record.provider)))
      order by (price_version.offering_id is not null) desc, price_version.effective_from desc,
        price_version.created_at desc, price_version.id desc
      limit 1
    ) version
    cross join lateral (
      select coalesce(sum(list_cost), 0)::bigint as list_cost, coalesce(sum(billed_cost), 0)::bigint as billed_cost,
        coalesce(sum(grant_amount), 0)::bigint as grant_amount, coalesce(sum(priced), 0)::int as priced,
        (array_agg(price_version_id order by created_at desc, id desc) filter (where kind = 're-pricing'))[1] as version_id
      from usage_adjustment where request_id = record.request_id
    ) made
    where version.id = any(${ids}::uuid[])
      and version.currency = record.currency
      and (record.offering_id in (select offering_id from price_version where id = any(${ids}::uuid[]))
        or record.upstream_model in (select model from price_version where id = any(${ids}::uuid[]) and offering_id is null))
      and version.id is distinct from coalesce(made.version_id, record.price_version_id)
      and (coalesce(made.version_id, record.price_version_id) is null or exists (
        select from price_version before where before.id = coalesce(made.version_id, record.price_version_id)))`
}

interface Row {
  readonly request_id: string
  readonly started_at: Date
  readonly team_id: string
  readonly key_id: string
  readonly member_id: string | null
  readonly model: string
  readonly grant_id: string | null
  readonly input_tokens: number | null
  readonly cached_input_tokens: number | null
  readonly cache_write_tokens: number | null
  readonly output_tokens: number | null
  readonly reasoning_tokens: number | null
  readonly total_tokens: number
  readonly thinking: boolean | null
  readonly list_cost: bigint | null
  readonly billed_cost: bigint
  readonly grant_amount: bigint | null
  readonly unit: GrantUnit | null
  readonly made_list_cost: bigint
  readonly made_billed_cost: bigint
  readonly made_grant_amount: bigint
  readonly made_priced: number
  readonly version_id: string
  readonly price: unknown
  readonly currency: string
}

function toMispriced(row: Row): MispricedRow {
  return {
    record: {
      startedAtMs: row.started_at.getTime(),
      inputTokens: row.input_tokens ?? undefined,
      cachedInputTokens: row.cached_input_tokens ?? undefined,
      cacheWriteTokens: row.cache_write_tokens ?? undefined,
      outputTokens: row.output_tokens ?? undefined,
      reasoningTokens: row.reasoning_tokens ?? undefined,
      totalTokens: row.total_tokens,
      thinking: row.thinking ?? undefined,
      listCostNanos: row.list_cost ?? undefined,
      billedCostNanos: row.billed_cost,
      grant:
        row.grant_id === null ? undefined : { unit: row.unit ?? undefined, amount: row.grant_amount ?? 0n },
    },
    dimensions: {
      requestId: row.request_id,
      teamId: row.team_id,
      keyId: row.key_id,
      memberId: row.member_id ?? undefined,
      model: row.model,
      grantId: row.grant_id ?? undefined,
    },
    soFar: {
      listCostNanos: (row.list_cost ?? 0n) + row.made_list_cost,
      billedCostNanos: row.billed_cost + row.made_billed_cost,
      grantAmount: (row.grant_amount ?? 0n) + row.made_grant_amount,
      priced: (row.list_cost === null ? 0 : 1) + row.made_priced > 0,
    },
    versionId: row.version_id,
    price: row.price,
    currency: row.currency,
  }
}

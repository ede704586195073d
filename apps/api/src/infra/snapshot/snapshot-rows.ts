import { priceProvider } from '../../domain/prices/price-provider.ts'
import type { Pool, PoolClient, QueryResultRow } from 'pg'

export interface AccountRow {
  readonly id: string
  readonly name: string
  readonly provider: string
  readonly protocol: string
  readonly base_url: string | null
  readonly credentials: Buffer
  readonly options: Record<string, string>
  readonly origin: 'yaml' | 'api'
}

export interface OfferingRow {
  readonly id: string
  readonly account_id: string
  readonly name: string
  readonly upstream_model: string
  readonly kind: string
  readonly context_tokens: number | null
  readonly max_output_tokens: number | null
  readonly created_at: Date
}

export interface PriceRow {
  readonly id: string
  readonly offering_id: string
  readonly currency: string
  readonly price: unknown
}

export interface LaterPriceRow extends PriceRow {
  readonly effective_from: Date
}

export interface GrantRow {
  readonly id: string
  readonly account_id: string
  readonly name: string
  readonly models: string[]
  readonly covers: string[]
  readonly unit: string
  readonly window: string
  readonly window_since: Date
  readonly valid_from: Date
  readonly expires_at: Date | null
  readonly when_empty: string
  readonly currency: string
  readonly amount: string
  readonly lapsing: readonly { readonly until_ms: number; readonly amount: string }[]
}

export interface RouteRow {
  readonly model: string
  readonly policy: string
  readonly enabled: boolean
  readonly offering_ids: string[]
}

export interface TeamRow {
  readonly id: string
  readonly name: string
  readonly enabled: boolean
  readonly models: string[]
  readonly on_counters_down: string
}

export interface KeyRow {
  readonly id: string
  readonly team_id: string
  readonly member_id: string | null
  readonly member_name: string | null
  readonly name: string
  readonly hash: Buffer
  readonly models: string[]
  readonly allowed_ips: string[]
  readonly expires_at: Date | null
  readonly revoked_at: Date | null
}

export interface QuotaRow {
  readonly id: string
  readonly scope: 'team' | 'member' | 'key'
  readonly team_id: string
  readonly member_id: string | null
  readonly key_id: string | null
  readonly scope_name: string
  readonly model: string | null
  readonly metric: string
  readonly window: string
  readonly limit: string
  readonly hard: boolean
  readonly guarantee: string
  readonly created_at: Date
}

export interface SnapshotRows {
  readonly accounts: readonly AccountRow[]
  readonly offerings: readonly OfferingRow[]
  readonly prices: readonly PriceRow[]
  readonly laterPrices: readonly LaterPriceRow[]
  readonly grants: readonly GrantRow[]
  readonly routes: readonly RouteRow[]
  readonly teams: readonly TeamRow[]
  readonly keys: readonly KeyRow[]
  readonly quotas: readonly QuotaRow[]
  readonly settings: readonly { readonly name: string; readonly value: unknown }[]
}

/** Everything a snapshot is made of, as it stood at one moment. */
export async function readSnapshotRows(pool: Pool): Promise<SnapshotRows> {
  const client = await pool.connect()
  try {
    await client.query('begin isolation level repeatable read read only')
    const rows: SnapshotRows = {
      accounts: await all<AccountRow>(client, 'select * from account where enabled order by created_at, id'),
      offerings: await all<OfferingRow>(
        client,
        'select offering.* from offering join account on account.id = account_id where offering.enabled and account.enabled order by offering.created_at, offering.id',
      ),
      prices: await all<PriceRow>(client, pricesSql),
      laterPrices: await all<LaterPriceRow>(client, laterPricesSql),
      grants: await all<GrantRow>(
        client,
        `select "grant".*, coalesce((select sum(amount) from grant_entry where grant_id = "grant".id
             and effective_until is null), 0)::text as amount,
           coalesce((select json_agg(json_build_object('until_ms', extract(epoch from effective_until) * 1000, 'amount', amount::text))
             from grant_entry where grant_id = "grant".id and effective_until > now() - interval '2 days'), '[]') as lapsing
         from "grant" join account on account.id = account_id where account.enabled
         order by expires_at nulls last, "grant".created_at`,
      ),
      routes: await all<RouteRow>(
        client,
        `select model, policy, enabled, array(select offering_id::text from route_offering where route_id = route.id order by position) as offering_ids
         from route`,
      ),
      teams: await all<TeamRow>(client, 'select * from team'),
      keys: await all<KeyRow>(
        client,
        'select key.*, member.name as member_name from key left join member on member.id = member_id',
      ),
      quotas: await all<QuotaRow>(
        client,
        `select quota.*, quota."limit"::text as "limit",
           case scope when 'team' then team.name when 'member' then member.name else key.name end as scope_name
         from quota join team on team.id = quota.team_id
         left join member on member.id = quota.member_id left join key on key.id = quota.key_id`,
      ),
      settings: await all<{ name: string; value: unknown }>(client, 'select name, value from setting'),
    }
    await client.query('commit')
    return rows
  } finally {
    client.release()
  }
}

/** For each offering the newest price in force: its own, else the book's for its provider and upstream model. */
const pricesSql = `
select offering.id as offering_id, chosen.id, chosen.currency, chosen.price
from offering join account on account.id = offering.account_id
cross join lateral (
  select price_version.id, price_version.currency, price_version.price from price_version
  where effective_from <= now()
    and (price_version.offering_id = offering.id
      or (price_version.offering_id is null and price_version.provider = ${priceProvider}
        and price_version.model = offering.upstream_model))
  order by (price_version.offering_id is not null) desc, effective_from desc, price_version.created_at desc,
    price_version.id desc
  limit 1
) chosen
where offering.enabled and account.enabled`

/**
 * What each offering will cost from which moment on, in that order: versions announced for the future. A price of the
 * book changes nothing for an offering that has its own by then. `now()` is the same moment in both queries: that of
 * the transaction.
 */
const laterPricesSql = `
select offering.id as offering_id, later.id, later.currency, later.price, later.effective_from
from offering join account on account.id = offering.account_id
join price_version later on later.offering_id = offering.id
  or (later.offering_id is null and later.provider = ${priceProvider} and later.model = offering.upstream_model)
where offering.enabled and account.enabled and later.effective_from > now()
  and (later.offering_id is not null or not exists (
    select from price_version own
    where own.offering_id = offering.id and own.effective_from <= later.effective_from))
order by later.effective_from, later.created_at, later.id`

async function all<Row extends QueryResultRow>(client: PoolClient, sql: string): Promise<Row[]> {
  return (await client.query<Row>(sql)).rows
}

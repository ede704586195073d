import type { Provider, ProtocolAdapter } from '@tollgate/adapters/contract'
import type { Price } from '../prices/price.ts'

/**
 * Everything a request needs to know, in memory, immutable, with a version. The hot path reads no database: the
 * snapshot is rebuilt when Postgres notifies, and swapped whole.
 */
export interface Snapshot {
  readonly version: number
  readonly currency: string
  readonly timeZone: string
  /** In which shared counters were filled; `undefined`: never yet. */
  readonly countersTimeZone: string | undefined
  /** By hex SHA-256 of the secret. */
  readonly keys: ReadonlyMap<string, KeyEntry>
  /** By public model name, and by `account/model` for pinned ones. */
  readonly routes: ReadonlyMap<string, RouteEntry>
  readonly quotas: ReadonlyMap<string, QuotaEntry>
  readonly grants: ReadonlyMap<string, GrantEntry>
}

export interface TeamEntry {
  readonly id: string
  readonly name: string
  readonly enabled: boolean
  readonly models: readonly string[]
  /** While the counters cannot be reached. `allow` only where no quota is hard. */
  readonly onCountersDown: 'refuse' | 'allow'
}

export interface KeyEntry {
  readonly id: string
  readonly name: string
  readonly team: TeamEntry
  readonly memberId: string | undefined
  /** Narrows the team's models; empty: all of the team's. */
  readonly models: readonly string[]
  readonly allowedIps: readonly string[]
  readonly expiresAtMs: number | undefined
  readonly revokedAtMs: number | undefined
  /** Every quota of the team, the member and the key; the model pattern is matched per request. */
  readonly quotas: readonly QuotaEntry[]
}

export type QuotaMetric = 'requests' | 'tokens' | 'cost' | 'concurrency'
export type QuotaWindow = 'minute' | 'hour' | 'day' | 'week' | 'month' | 'total'

export interface QuotaEntry {
  readonly id: string
  readonly teamId: string
  readonly scope: 'team' | 'member' | 'key'
  readonly scopeId: string
  readonly scopeName: string
  readonly metric: QuotaMetric
  readonly window: QuotaWindow
  /** Requests, tokens, concurrent requests, or nanos for `cost`. */
  readonly limit: bigint
  readonly hard: boolean
  /** `bounded`: holds what models usually answer instead of the worst case, and may be passed by a bound that is shown. */
  readonly guarantee: 'exact' | 'bounded'
  readonly model: string | undefined
  readonly createdAtMs: number
}

export interface AccountEntry {
  readonly id: string
  readonly name: string
  readonly provider: Provider
  readonly adapter: ProtocolAdapter
  readonly baseUrl: string
  readonly credentials: Readonly<Record<string, string>>
  readonly options: Readonly<Record<string, string>>
  /** `yaml`: written by the operator, who may name private addresses. */
  readonly origin: 'yaml' | 'api'
}

export interface OfferingEntry {
  readonly id: string
  readonly name: string
  readonly account: AccountEntry
  readonly upstreamModel: string
  readonly kind: string
  readonly contextTokens: number | undefined
  readonly maxOutputTokens: number | undefined
  /** In force when the snapshot was built. What holds for a request is `priceAt` its start. */
  readonly price: PriceEntry | undefined
  /** Announced ones that take its place when their time comes, in that order. Absent: none. */
  readonly laterPrices?: readonly LaterPrice[]
  /** Grants that may pay for it, soonest to expire first. */
  readonly grants: readonly GrantEntry[]
  readonly createdAtMs: number
}

export interface PriceEntry {
  readonly versionId: string
  readonly price: Price
  readonly currency: string
}

export interface LaterPrice extends PriceEntry {
  readonly effectiveFromMs: number
}

export type GrantUnit = 'tokens' | 'input-tokens' | 'output-tokens' | 'requests' | 'money'

export type GrantCoverage = 'chat' | 'embeddings'

export interface GrantEntry {
  readonly id: string
  readonly accountId: string
  readonly name: string
  readonly models: readonly string[]
  /** Endpoints it pays for; empty: all. */
  readonly covers: readonly GrantCoverage[]
  readonly unit: GrantUnit
  /** For `money`: it pays for prices of this currency only. */
  readonly currency: string
  /** Sum of its entries that count for good, in its unit; nanos for `money`. May be negative after an adjustment. */
  readonly amount: bigint
  /** Corrections of a renewing grant: each counts until its turn and not after. See `grantSize`. */
  readonly lapsing: readonly { readonly untilMs: number; readonly amount: bigint }[]
  readonly window: 'once' | 'day' | 'month'
  readonly windowSinceMs: number
  readonly validFromMs: number
  readonly expiresAtMs: number | undefined
  readonly whenEmpty: 'provider-stops' | 'provider-bills'
}

/** What `choose.ts` can order by. */
export type RoutePolicy = 'free-first' | 'free-only' | 'priority'

export interface RouteEntry {
  /** The name clients ask for. */
  readonly model: string
  readonly policy: RoutePolicy
  readonly offerings: readonly OfferingEntry[]
}

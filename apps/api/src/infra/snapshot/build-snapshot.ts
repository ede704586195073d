import { adapters } from '@tollgate/adapters'
import { priceFromJson } from '../../domain/prices/price-json.ts'
import { matchesAny } from '../../domain/routing/match-pattern.ts'
import type {
  AccountEntry,
  GrantEntry,
  KeyEntry,
  LaterPrice,
  OfferingEntry,
  PriceEntry,
  QuotaEntry,
  RouteEntry,
  Snapshot,
  TeamEntry,
} from '../../domain/snapshot/snapshot.ts'
import type { Logger } from '../../ports/logger.ts'
import type { Secrets } from '../../ports/secrets.ts'
import {
  readCoverage,
  readGrantWindow,
  readGuarantee,
  readPolicy,
  readQuotaMetric,
  readQuotaWindow,
  readUnit,
  readWhenEmpty,
} from './read-enums.ts'
import { countersTimeZoneSetting } from './counters-time-zone.ts'
import type { SnapshotRows } from './snapshot-rows.ts'

/** Turns rows into the immutable snapshot. A row that cannot be read is left out and said, never guessed. */
export function buildSnapshot(
  rows: SnapshotRows,
  context: { readonly version: number; readonly secrets: Secrets; readonly log: Logger },
): Snapshot {
  const { log } = context
  const setting = (name: string, fallback: string) => {
    const value = rows.settings.find((row) => row.name === name)?.value
    return typeof value === 'string' ? value : fallback
  }
  const accounts = new Map<string, AccountEntry>()
  for (const row of rows.accounts) {
    const account = readable(log, `account ${row.name}`, (): AccountEntry => {
      const adapter = Object.values(adapters).find(({ protocol }) => protocol === row.protocol)
      if (adapter === undefined)
        throw new Error(`the protocol "${row.protocol}" is not known to this version`)
      const baseUrl = row.base_url ?? adapter.defaultBaseUrl
      if (baseUrl === undefined) throw new Error('it has no base URL')
      return {
        id: row.id,
        name: row.name,
        provider: adapter.provider,
        adapter,
        baseUrl: baseUrl.replace(/\/+$/, ''),
        credentials: context.secrets.open(row.id, row.credentials),
        options: row.options,
        origin: row.origin,
      }
    })
    if (account !== undefined) accounts.set(row.id, account)
  }
  const grants = new Map<string, GrantEntry>()
  for (const row of rows.grants) {
    const grant = readable(log, `grant ${row.name}`, (): GrantEntry => ({
      id: row.id,
      accountId: row.account_id,
      name: row.name,
      models: row.models,
      covers: row.covers.map(readCoverage),
      unit: readUnit(row.unit),
      currency: row.currency,
      amount: BigInt(row.amount),
      lapsing: row.lapsing.map((entry) => ({ untilMs: entry.until_ms, amount: BigInt(entry.amount) })),
      window: readGrantWindow(row.window),
      windowSinceMs: row.window_since.getTime(),
      validFromMs: row.valid_from.getTime(),
      expiresAtMs: row.expires_at?.getTime(),
      whenEmpty: readWhenEmpty(row.when_empty),
    }))
    if (grant !== undefined) grants.set(row.id, grant)
  }
  const offerings = readOfferings(rows, accounts, grants, log)
  const quotas = readQuotas(rows, log)
  return {
    version: context.version,
    currency: setting('currency', 'CNY'),
    timeZone: setting('timeZone', 'Asia/Shanghai'),
    countersTimeZone: setting(countersTimeZoneSetting, '') || undefined,
    keys: readKeys(rows, quotas),
    routes: readRoutes(rows, offerings, log),
    quotas: new Map(quotas.map((quota) => [quota.id, quota])),
    grants,
  }
}

function readOfferings(
  rows: SnapshotRows,
  accounts: ReadonlyMap<string, AccountEntry>,
  grants: ReadonlyMap<string, GrantEntry>,
  log: Logger,
): Map<string, OfferingEntry> {
  const prices = new Map<string, PriceEntry>()
  for (const row of rows.prices) {
    const price = readable(log, `price ${row.id}`, () => priceFromJson(row.price))
    if (price !== undefined) prices.set(row.offering_id, { versionId: row.id, price, currency: row.currency })
  }
  const laterPrices = readLaterPrices(rows, log)
  const offerings = new Map<string, OfferingEntry>()
  for (const row of rows.offerings) {
    const account = accounts.get(row.account_id)
    if (account === undefined) continue
    const later = laterPrices.get(row.id)
    offerings.set(row.id, {
      id: row.id,
      name: row.name,
      account,
      upstreamModel: row.upstream_model,
      kind: row.kind,
      contextTokens: row.context_tokens ?? undefined,
      maxOutputTokens: row.max_output_tokens ?? undefined,
      price: prices.get(row.id),
      ...(later === undefined ? {} : { laterPrices: later }),
      // Rows come soonest to expire first, and a Map keeps their order.
      grants: [...grants.values()].filter(
        (grant) =>
          grant.accountId === account.id &&
          (matchesAny(grant.models, row.upstream_model) || matchesAny(grant.models, row.name)),
      ),
      createdAtMs: row.created_at.getTime(),
    })
  }
  return offerings
}

/** An announced price that cannot be read leaves the one before it in force, as one that is in force already does. */
function readLaterPrices(rows: SnapshotRows, log: Logger): Map<string, LaterPrice[]> {
  const later = new Map<string, LaterPrice[]>()
  for (const row of rows.laterPrices) {
    const price = readable(log, `price ${row.id}`, () => priceFromJson(row.price))
    if (price === undefined) continue
    const entry = {
      versionId: row.id,
      price,
      currency: row.currency,
      effectiveFromMs: row.effective_from.getTime(),
    }
    const known = later.get(row.offering_id)
    if (known === undefined) later.set(row.offering_id, [entry])
    else known.push(entry)
  }
  return later
}

/** Rows of routes win; every other name is a route over the offerings that carry it; `account/name` pins one. */
function readRoutes(
  rows: SnapshotRows,
  offerings: ReadonlyMap<string, OfferingEntry>,
  log: Logger,
): Map<string, RouteEntry> {
  const routes = new Map<string, RouteEntry>()
  // A model that was switched off is off: its name does not fall back to the offerings that carry it.
  const off = new Set(rows.routes.filter((row) => !row.enabled).map((row) => row.model))
  for (const row of rows.routes) {
    if (!row.enabled) continue
    const route = readable(log, `model ${row.model}`, (): RouteEntry => ({
      model: row.model,
      policy: readPolicy(row.policy),
      offerings: row.offering_ids.flatMap((id) => offerings.get(id) ?? []),
    }))
    if (route !== undefined && route.offerings.length > 0) routes.set(row.model, route)
  }
  const implicit = new Map<string, OfferingEntry[]>()
  for (const offering of offerings.values()) {
    const named = implicit.get(offering.name)
    if (named === undefined) implicit.set(offering.name, [offering])
    else named.push(offering)
  }
  for (const [model, named] of implicit) {
    if (!routes.has(model) && !off.has(model))
      routes.set(model, { model, policy: 'free-first', offerings: named })
  }
  for (const offering of offerings.values()) {
    const pinned = `${offering.account.name}/${offering.name}`
    // A pinned call is a call of that model: what a team may use, and its quotas, go by the model's name.
    if (!routes.has(pinned))
      routes.set(pinned, { model: offering.name, policy: 'free-first', offerings: [offering] })
  }
  return routes
}

function readQuotas(rows: SnapshotRows, log: Logger): QuotaEntry[] {
  return rows.quotas.flatMap((row) => {
    const quota = readable(log, `quota ${row.id}`, (): QuotaEntry => {
      const scopeId = { team: row.team_id, member: row.member_id, key: row.key_id }[row.scope]
      if (scopeId === null) throw new Error(`it has no ${row.scope}`)
      return {
        id: row.id,
        teamId: row.team_id,
        scope: row.scope,
        scopeId,
        scopeName: row.scope_name,
        metric: readQuotaMetric(row.metric),
        window: readQuotaWindow(row.window),
        limit: BigInt(row.limit),
        hard: row.hard,
        guarantee: readGuarantee(row.guarantee),
        model: row.model ?? undefined,
        createdAtMs: row.created_at.getTime(),
      }
    })
    return quota ?? []
  })
}

function readKeys(rows: SnapshotRows, quotas: readonly QuotaEntry[]): Map<string, KeyEntry> {
  const teams = new Map(
    rows.teams.map((row): [string, TeamEntry] => [
      row.id,
      {
        id: row.id,
        name: row.name,
        enabled: row.enabled,
        models: row.models,
        onCountersDown: row.on_counters_down === 'allow' ? 'allow' : 'refuse',
      },
    ]),
  )
  const byScope = new Map<string, QuotaEntry[]>()
  for (const quota of quotas) byScope.set(quota.scopeId, [...(byScope.get(quota.scopeId) ?? []), quota])
  const keys = new Map<string, KeyEntry>()
  for (const row of rows.keys) {
    const team = teams.get(row.team_id)
    if (team === undefined) continue
    keys.set(row.hash.toString('hex'), {
      id: row.id,
      name: row.name,
      team,
      memberId: row.member_id ?? undefined,
      models: row.models,
      allowedIps: row.allowed_ips,
      expiresAtMs: row.expires_at?.getTime(),
      revokedAtMs: row.revoked_at?.getTime(),
      quotas: [row.team_id, row.member_id, row.id].flatMap((id) =>
        id === null ? [] : (byScope.get(id) ?? []),
      ),
    })
  }
  return keys
}

function readable<Value>(log: Logger, what: string, read: () => Value): Value | undefined {
  try {
    return read()
  } catch (error) {
    log.error({ err: error }, `${what} cannot be used and is left out`)
    return undefined
  }
}

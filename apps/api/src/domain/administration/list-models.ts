import { grantCoversOffering } from './grant-covers-offering.ts'
import { currentPrices, type CurrentPrice } from './current-prices.ts'
import { notFound } from './error.ts'
import { reportGrants, type GrantReport } from './report-grants.ts'
import type { RoutePolicy } from '../snapshot/snapshot.ts'
import type { AdministrationServices } from './services.ts'

export interface ModelView {
  readonly model: string
  readonly policy: RoutePolicy
  /** `implicit`: nobody made a route; every offering of that name serves it. */
  readonly origin: 'implicit' | 'api' | 'yaml'
  readonly enabled: boolean
  readonly offerings: readonly ModelOfferingView[]
}

export interface ModelOfferingView {
  readonly id: string
  /** `account/name`. */
  readonly offering: string
  readonly provider: string
  readonly position: number
  readonly weight: number
  readonly price: CurrentPrice | undefined
  /** The grant that would pay next: active, soonest to expire. */
  readonly grant: GrantReport | undefined
  readonly state: 'ok' | 'disabled' | 'invalid_credentials' | 'permission_denied' | 'balance_exhausted'
}

/** Every public name, by name: those people made, and those that follow from the accounts' models. */
export async function listModels(services: AdministrationServices): Promise<readonly ModelView[]> {
  const now = new Date(services.clock.now())
  const [accounts, routes, prices, grants] = await Promise.all([
    services.db.account.findMany({ include: { offerings: true }, orderBy: { name: 'asc' } }),
    services.db.route.findMany({ include: { offerings: { orderBy: { position: 'asc' } } } }),
    currentPrices(services.db, now),
    reportGrants(services, { usage: 'remembered' }),
  ])
  const offerings = accounts.flatMap((account) =>
    account.offerings.map((offering) => ({
      name: offering.name,
      isOn: account.enabled && offering.enabled,
      view: {
        id: offering.id,
        offering: `${account.name}/${offering.name}`,
        provider: account.provider,
        position: 0,
        weight: 1,
        price: prices.get(offering.id),
        grant: grants.find(
          (report) => report.state === 'active' && grantCoversOffering(report.grant, account.id, offering),
        ),
        state: account.enabled && offering.enabled ? stateOf(account.state) : 'disabled',
      } satisfies ModelOfferingView,
    })),
  )
  const explicit = routes.map((route): ModelView => ({
    model: route.model,
    policy: policyOf(route.policy),
    origin: route.origin === 'yaml' ? 'yaml' : 'api',
    enabled: route.enabled,
    offerings: route.offerings.flatMap((place) => {
      const found = offerings.find((offering) => offering.view.id === place.offeringId)
      return found === undefined ? [] : [{ ...found.view, position: place.position, weight: place.weight }]
    }),
  }))
  const names = new Set(explicit.map((model) => model.model))
  const implicit = Map.groupBy(
    offerings.filter((offering) => offering.isOn && !names.has(offering.name)),
    (offering) => offering.name,
  )
  const following = [...implicit].map(([model, group]): ModelView => ({
    model,
    policy: 'free-first',
    origin: 'implicit',
    enabled: true,
    offerings: group.map((offering, position) => ({ ...offering.view, position })),
  }))
  return [...explicit, ...following].sort((left, right) => compareNames(left.model, right.model))
}

export async function findModel(services: AdministrationServices, name: string): Promise<ModelView> {
  const found = (await listModels(services)).find((model) => model.model === name)
  if (found === undefined) throw notFound('model', name)
  return found
}

/** Those this version can serve. */
export const routePolicies = ['free-first', 'free-only', 'priority'] as const satisfies readonly RoutePolicy[]

function compareNames(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}

function policyOf(text: string): RoutePolicy {
  return routePolicies.find((policy) => policy === text) ?? 'free-first'
}

const states = ['ok', 'invalid_credentials', 'permission_denied', 'balance_exhausted'] as const

function stateOf(text: string): ModelOfferingView['state'] {
  return states.find((state) => state === text) ?? 'ok'
}

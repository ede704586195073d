import { v7 as uuidv7 } from 'uuid'
import type { Tx } from '../../ports/database.ts'
import { nearestNames } from '../routing/nearest-names.ts'
import type { RoutePolicy } from '../snapshot/snapshot.ts'
import { invalidField } from './error.ts'

/** `account/name`, with its weight where the policy is `weighted`. */
export type RouteOfferingForm = string | { readonly offering: string; readonly weight?: number | undefined }

export interface RoutePlan {
  readonly model: string
  readonly policy: RoutePolicy
  readonly enabled: boolean
  readonly origin: 'api' | 'yaml'
  /** In order of preference. */
  readonly offerings: readonly RouteOfferingForm[]
}

/** Makes a public name be served by exactly these offerings. Answers the id of the route. */
export async function writeRoute(tx: Tx, plan: RoutePlan): Promise<string> {
  const places = await findPlaces(tx, plan.offerings)
  const fields = { policy: plan.policy, enabled: plan.enabled, origin: plan.origin }
  const route = await tx.route.upsert({
    where: { model: plan.model },
    create: { id: uuidv7(), model: plan.model, ...fields },
    update: fields,
  })
  await tx.routeOffering.deleteMany({ where: { routeId: route.id } })
  await tx.routeOffering.createMany({ data: places.map((place) => ({ ...place, routeId: route.id })) })
  return route.id
}

async function findPlaces(tx: Tx, forms: readonly RouteOfferingForm[]) {
  const known = await tx.offering.findMany({
    select: { id: true, name: true, account: { select: { name: true } } },
  })
  const ids = new Map(known.map((row) => [`${row.account.name}/${row.name}`, row.id]))
  const seen = new Set<string>()
  return forms.map((form, position) => {
    const name = typeof form === 'string' ? form : form.offering
    const weight = typeof form === 'string' ? 1 : (form.weight ?? 1)
    const offeringId = ids.get(name)
    if (offeringId === undefined) {
      const near = nearestNames(name, ids.keys())
      throw invalidField(
        `offerings.${position}`,
        `there is no offering "${name}"${near.length > 0 ? `; did you mean ${near.map((other) => `"${other}"`).join(', ')}?` : ''}`,
      )
    }
    if (seen.has(offeringId)) throw invalidField(`offerings.${position}`, `"${name}" is listed twice`)
    seen.add(offeringId)
    return { offeringId, position, weight }
  })
}

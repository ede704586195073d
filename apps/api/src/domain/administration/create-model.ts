import type { RoutePolicy } from '../snapshot/snapshot.ts'
import type { Actor } from './actor.ts'
import { change } from './change.ts'
import { AdministrationError } from './error.ts'
import { findModel, type ModelView } from './list-models.ts'
import type { AdministrationServices } from './services.ts'
import { writeRoute, type RouteOfferingForm } from './write-route.ts'

export interface CreateModel {
  readonly name: string
  readonly policy?: RoutePolicy | undefined
  readonly offerings: readonly RouteOfferingForm[]
}

/** A public name over chosen offerings. A name that accounts offer by themselves may be taken: from then on the route decides. */
export async function createModel(
  services: AdministrationServices,
  actor: Actor,
  form: CreateModel,
): Promise<ModelView> {
  await change(services, actor, async (tx, audit) => {
    const existing = await tx.route.findUnique({ where: { model: form.name } })
    if (existing !== null)
      throw new AdministrationError(
        'conflict',
        `There is a route for "${form.name}" already; change it instead.`,
      )
    const policy = form.policy ?? 'free-first'
    const id = await writeRoute(tx, {
      model: form.name,
      policy,
      enabled: true,
      origin: 'api',
      offerings: form.offerings,
    })
    await audit({
      action: 'model.create',
      subject: `route:${id}`,
      details: { name: form.name, policy, offerings: form.offerings.map(nameOf) },
    })
  })
  return findModel(services, form.name)
}

export function nameOf(form: RouteOfferingForm): string {
  return typeof form === 'string' ? form : form.offering
}

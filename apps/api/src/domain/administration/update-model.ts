import type { RoutePolicy } from '../snapshot/snapshot.ts'
import type { Actor } from './actor.ts'
import { change } from './change.ts'
import { nameOf } from './create-model.ts'
import { findModel, type ModelView } from './list-models.ts'
import { refuseYaml } from './refuse-yaml.ts'
import type { AdministrationServices } from './services.ts'
import { writeRoute, type RouteOfferingForm } from './write-route.ts'

export interface UpdateModel {
  readonly policy?: RoutePolicy | undefined
  readonly offerings?: readonly RouteOfferingForm[] | undefined
  readonly enabled?: boolean | undefined
}

/** Changing a name that nobody routed yet makes a route of its present offerings. */
export async function updateModel(
  services: AdministrationServices,
  actor: Actor,
  name: string,
  form: UpdateModel,
): Promise<ModelView> {
  const before = await findModel(services, name)
  refuseYaml(before.origin, `model "${name}"`)
  const offerings = form.offerings ?? before.offerings.map(({ offering, weight }) => ({ offering, weight }))
  await change(services, actor, async (tx, audit) => {
    const id = await writeRoute(tx, {
      model: name,
      policy: form.policy ?? before.policy,
      enabled: form.enabled ?? before.enabled,
      origin: 'api',
      offerings,
    })
    await audit({
      action: before.origin === 'implicit' ? 'model.create' : 'model.update',
      subject: `route:${id}`,
      details: {
        name,
        policy: form.policy ?? before.policy,
        enabled: form.enabled ?? before.enabled,
        offerings: offerings.map(nameOf),
      },
    })
  })
  return findModel(services, name)
}

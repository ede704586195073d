import type { Actor } from './actor.ts'
import { change } from './change.ts'
import { AdministrationError } from './error.ts'
import { findModel } from './list-models.ts'
import { refuseYaml } from './refuse-yaml.ts'
import type { AdministrationServices } from './services.ts'

/** Takes a route away. If accounts offer a model of that name, it is again served by all of them. */
export async function deleteModel(
  services: AdministrationServices,
  actor: Actor,
  name: string,
): Promise<void> {
  const model = await findModel(services, name)
  refuseYaml(model.origin, `model "${name}"`)
  if (model.origin === 'implicit')
    throw new AdministrationError(
      'conflict',
      `"${name}" has no route to delete: it follows from the accounts. Switch the model off on ${model.offerings.map((offering) => offering.offering).join(', ')}, or the route off with PATCH { "enabled": false }.`,
    )
  await change(services, actor, async (tx, audit) => {
    const route = await tx.route.delete({ where: { model: name } })
    await audit({ action: 'model.delete', subject: `route:${route.id}`, details: { name } })
  })
}

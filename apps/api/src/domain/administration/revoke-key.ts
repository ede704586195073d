import type { Actor } from './actor.ts'
import { change } from './change.ts'
import { findKey } from './list-keys.ts'
import type { AdministrationServices } from './services.ts'

/**
 * For good: the secret opens nothing from the moment this resolves. Twice is as good as once. A key of the
 * configuration file becomes one of the dashboard by this, so that the next start does not open it again.
 */
export async function revokeKey(services: AdministrationServices, actor: Actor, id: string): Promise<void> {
  const key = await findKey(services, actor, id)
  await change(services, actor, async (tx, audit) => {
    const { count } = await tx.key.updateMany({
      where: { id, revokedAt: null },
      data: { revokedAt: new Date(services.clock.now()), origin: 'api' },
    })
    if (count > 0)
      await audit({ action: 'key.revoke', subject: `key:${id}`, details: { name: key.name, team: key.team } })
  })
}

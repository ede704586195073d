import type { Actor } from './actor.ts'
import { change } from './change.ts'
import { findQuota, refuseOwnLimits } from './find-quota.ts'
import { refuseYaml } from './refuse-yaml.ts'
import type { AdministrationServices } from './services.ts'

export async function deleteQuota(services: AdministrationServices, actor: Actor, id: string): Promise<void> {
  const before = await findQuota(services, actor, id)
  refuseYaml(before.origin, 'quota')
  refuseOwnLimits(actor, before.quota.scope)
  await change(services, actor, async (tx, audit) => {
    await tx.quota.delete({ where: { id } })
    await audit({
      action: 'quota.delete',
      subject: `quota:${id}`,
      details: {
        scope: before.quota.scopeName,
        metric: before.quota.metric,
        limit: before.quota.limit.toString(),
      },
    })
  })
}

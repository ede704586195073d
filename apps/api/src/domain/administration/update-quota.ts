import type { Actor } from './actor.ts'
import { change } from './change.ts'
import { findQuota, refuseOwnLimits } from './find-quota.ts'
import { readAmount } from './read-amount.ts'
import { lockTeam, refuseHardQuota } from './refuse-hard-quotas.ts'
import { refuseYaml } from './refuse-yaml.ts'
import type { QuotaReport } from './report-quotas.ts'
import type { AdministrationServices } from './services.ts'
import { checkGuarantee, type QuotaGuarantee } from './set-quota.ts'

export interface UpdateQuota {
  readonly limit?: number | string | undefined
  readonly hard?: boolean | undefined
  readonly guarantee?: QuotaGuarantee | undefined
}

export async function updateQuota(
  services: AdministrationServices,
  actor: Actor,
  id: string,
  form: UpdateQuota,
): Promise<QuotaReport> {
  const before = await findQuota(services, actor, id)
  refuseYaml(before.origin, 'quota')
  refuseOwnLimits(actor, before.quota.scope)
  const limit =
    form.limit === undefined
      ? before.quota.limit
      : readAmount(before.quota.metric === 'cost' ? 'money' : 'count', form.limit, 'limit')
  checkGuarantee(before.quota.metric, form.guarantee)
  const guarantee = form.guarantee ?? before.quota.guarantee
  await change(services, actor, async (tx, audit) => {
    const team = await lockTeam(tx, before.teamId)
    if (form.hard === true) refuseHardQuota(team)
    await tx.quota.update({
      where: { id },
      data: { limit, guarantee, ...(form.hard === undefined ? {} : { hard: form.hard }) },
    })
    await audit({
      action: 'quota.update',
      subject: `quota:${id}`,
      details: {
        before: before.quota.limit.toString(),
        limit: limit.toString(),
        hard: form.hard ?? before.quota.hard,
        guarantee,
      },
    })
  })
  return findQuota(services, actor, id)
}

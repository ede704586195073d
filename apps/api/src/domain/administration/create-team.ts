import { v7 as uuidv7 } from 'uuid'
import type { Actor } from './actor.ts'
import { change } from './change.ts'
import { AdministrationError, isUniqueViolation } from './error.ts'
import { findTeam, type OnCountersDown, type TeamView } from './list-teams.ts'
import { checkModelPatterns } from './names.ts'
import type { AdministrationServices } from './services.ts'
import { writeQuota, type QuotaForm } from './set-quota.ts'

export interface CreateTeam {
  readonly name: string
  /** Public model names or patterns; default: all. */
  readonly models?: readonly string[] | undefined
  /** Default `refuse`. `allow`: its requests go on while the counters are away; all its quotas must be soft. */
  readonly onCountersDown?: OnCountersDown | undefined
  readonly quotas?: readonly QuotaForm[] | undefined
}

export async function createTeam(
  services: AdministrationServices,
  actor: Actor,
  form: CreateTeam,
): Promise<TeamView> {
  const models = form.models ?? ['*']
  checkModelPatterns('models', models)
  const id = uuidv7()
  try {
    await change(services, actor, async (tx, audit) => {
      await tx.team.create({
        data: { id, name: form.name, models: [...models], onCountersDown: form.onCountersDown ?? 'refuse' },
      })
      for (const [index, quota] of (form.quotas ?? []).entries())
        await writeQuota(
          tx,
          { teamId: id, currency: services.currency, origin: 'api' },
          quota,
          `quotas.${index}.`,
        )
      await audit({
        action: 'team.create',
        subject: `team:${id}`,
        details: {
          name: form.name,
          models: [...models],
          quotas: form.quotas?.length ?? 0,
          onCountersDown: form.onCountersDown ?? 'refuse',
        },
      })
    })
  } catch (error) {
    if (isUniqueViolation(error))
      throw new AdministrationError(
        'conflict',
        `There is a team "${form.name}" already; choose another name.`,
      )
    throw error
  }
  return findTeam(services, actor, form.name)
}

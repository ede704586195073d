import type { Actor } from './actor.ts'
import { change } from './change.ts'
import { AdministrationError, isUniqueViolation } from './error.ts'
import { findTeam, findTeamRow, type OnCountersDown, type TeamView } from './list-teams.ts'
import { checkModelPatterns } from './names.ts'
import { lockTeam, refuseHardQuotas } from './refuse-hard-quotas.ts'
import { refuseYaml } from './refuse-yaml.ts'
import type { AdministrationServices } from './services.ts'

export interface UpdateTeam {
  readonly name?: string | undefined
  readonly models?: readonly string[] | undefined
  /** `false`: its keys are refused until it is switched on again. */
  readonly enabled?: boolean | undefined
  /** What happens to its requests while the counters are away. */
  readonly onCountersDown?: OnCountersDown | undefined
}

export async function updateTeam(
  services: AdministrationServices,
  actor: Actor,
  name: string,
  form: UpdateTeam,
): Promise<TeamView> {
  const row = await findTeamRow(services.db, actor, name)
  refuseYaml(row.origin, `team "${name}"`)
  if (form.models !== undefined) checkModelPatterns('models', form.models)
  try {
    await change(services, actor, async (tx, audit) => {
      if (form.onCountersDown === 'allow') {
        await lockTeam(tx, row.id)
        await refuseHardQuotas(tx, row.id)
      }
      await tx.team.update({
        where: { id: row.id },
        data: {
          ...(form.name === undefined ? {} : { name: form.name }),
          ...(form.models === undefined ? {} : { models: [...form.models] }),
          ...(form.enabled === undefined ? {} : { enabled: form.enabled }),
          ...(form.onCountersDown === undefined ? {} : { onCountersDown: form.onCountersDown }),
        },
      })
      await audit({
        action: 'team.update',
        subject: `team:${row.id}`,
        details: { name: form.name ?? name, changed: Object.keys(form) },
      })
    })
  } catch (error) {
    if (isUniqueViolation(error))
      throw new AdministrationError('conflict', `There is a team "${form.name ?? ''}" already.`)
    throw error
  }
  return findTeam(services, actor, form.name ?? name)
}

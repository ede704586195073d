import type { Actor } from './actor.ts'
import { change } from './change.ts'
import { findTeamRow } from './list-teams.ts'
import { refuseYaml } from './refuse-yaml.ts'
import type { AdministrationServices } from './services.ts'

/** With its members, keys and quotas. Its usage stays in the books under its name. */
export async function deleteTeam(
  services: AdministrationServices,
  actor: Actor,
  name: string,
): Promise<void> {
  const row = await findTeamRow(services.db, actor, name)
  refuseYaml(row.origin, `team "${name}"`)
  await change(services, actor, async (tx, audit) => {
    const keys = await tx.key.findMany({ where: { teamId: row.id }, select: { id: true, name: true } })
    for (const key of keys)
      await audit({ action: 'key.delete', subject: `key:${key.id}`, details: { name: key.name, team: name } })
    await audit({ action: 'team.delete', subject: `team:${row.id}`, details: { name } })
    await tx.team.delete({ where: { id: row.id } })
  })
}

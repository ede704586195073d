import type { Actor } from './actor.ts'
import { change } from './change.ts'
import { notFound } from './error.ts'
import { findTeamRow } from './list-teams.ts'
import type { AdministrationServices } from './services.ts'

/** The member's keys are revoked: they were that person's, and would otherwise go on without the person's quotas. */
export async function deleteMember(
  services: AdministrationServices,
  actor: Actor,
  teamName: string,
  memberName: string,
): Promise<void> {
  const team = await findTeamRow(services.db, actor, teamName)
  const member = await services.db.member.findUnique({
    where: { teamId_name: { teamId: team.id, name: memberName } },
  })
  if (member === null) throw notFound('member', memberName)
  await change(services, actor, async (tx, audit) => {
    const { count } = await tx.key.updateMany({
      where: { memberId: member.id, revokedAt: null },
      data: { revokedAt: new Date(services.clock.now()) },
    })
    await tx.member.delete({ where: { id: member.id } })
    await audit({
      action: 'member.delete',
      subject: `member:${member.id}`,
      details: { name: memberName, team: team.name, revokedKeys: count },
    })
  })
}

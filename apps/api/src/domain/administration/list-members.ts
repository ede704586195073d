import type { Actor } from './actor.ts'
import { findTeamRow } from './list-teams.ts'
import type { AdministrationServices } from './services.ts'

export interface MemberView {
  readonly id: string
  readonly name: string
  readonly email: string | undefined
  /** Keys that are not revoked. */
  readonly keyCount: number
  readonly createdAt: Date
}

export async function listMembers(
  services: AdministrationServices,
  actor: Actor,
  teamName: string,
): Promise<readonly MemberView[]> {
  const team = await findTeamRow(services.db, actor, teamName)
  const rows = await services.db.member.findMany({
    where: { teamId: team.id },
    include: { _count: { select: { keys: { where: { revokedAt: null } } } } },
    orderBy: { name: 'asc' },
  })
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    email: row.email ?? undefined,
    keyCount: row._count.keys,
    createdAt: row.createdAt,
  }))
}

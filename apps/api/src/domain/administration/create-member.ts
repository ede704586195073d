import { v7 as uuidv7 } from 'uuid'
import type { Actor } from './actor.ts'
import { change } from './change.ts'
import { AdministrationError, isUniqueViolation } from './error.ts'
import type { MemberView } from './list-members.ts'
import { findTeamRow } from './list-teams.ts'
import type { AdministrationServices } from './services.ts'

export interface CreateMember {
  readonly name: string
  readonly email?: string | undefined
}

export async function createMember(
  services: AdministrationServices,
  actor: Actor,
  teamName: string,
  form: CreateMember,
): Promise<MemberView> {
  const team = await findTeamRow(services.db, actor, teamName)
  try {
    const row = await change(services, actor, async (tx, audit) => {
      const created = await tx.member.create({
        data: { id: uuidv7(), teamId: team.id, name: form.name, email: form.email ?? null },
      })
      await audit({
        action: 'member.create',
        subject: `member:${created.id}`,
        details: { name: form.name, team: team.name },
      })
      return created
    })
    return { ...row, email: row.email ?? undefined, keyCount: 0 }
  } catch (error) {
    if (isUniqueViolation(error))
      throw new AdministrationError(
        'conflict',
        `The team "${team.name}" has a member "${form.name}" already.`,
      )
    throw error
  }
}

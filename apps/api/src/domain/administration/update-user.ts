import type { Actor, Role } from './actor.ts'
import { changePeople } from './change.ts'
import { checkPassword, findTeamOfUser, requireRank, type PeopleServices } from './create-user.ts'
import { AdministrationError } from './error.ts'
import { findUser, type UserView } from './list-users.ts'
import type { Tx } from '../../ports/database.ts'

export interface UpdateUser {
  readonly name?: string | undefined
  readonly role?: Role | undefined
  readonly team?: string | null | undefined
  /** Sets a new one and ends all of the person's sessions. */
  readonly password?: string | undefined
}

export async function updateUser(
  services: PeopleServices,
  actor: Actor,
  id: string,
  form: UpdateUser,
): Promise<UserView> {
  const before = await findUser(services, id)
  requireRank(actor, before.role)
  const role = form.role ?? before.role
  requireRank(actor, role)
  if (form.password !== undefined) checkPassword(form.password)
  const keepsTeam = role === 'manager' || role === 'viewer'
  const team = form.team === undefined && keepsTeam ? before.team : form.team
  const teamId = await findTeamOfUser(services, role, team)
  const passwordHash =
    form.password === undefined ? undefined : await services.signIn.hashPassword(form.password)
  await changePeople(services, actor, async (tx, audit) => {
    await tx.user.update({
      where: { id },
      data: { role, teamId, ...(form.name === undefined ? {} : { name: form.name }) },
    })
    await requireAnOwner(tx)
    if (passwordHash !== undefined) {
      await tx.userLogin.updateMany({
        where: { userId: id, providerId: 'credential' },
        data: { password: passwordHash },
      })
      await tx.userSession.deleteMany({ where: { userId: id } })
    }
    await audit({
      action: 'user.update',
      subject: `user:${id}`,
      details: { email: before.email, role, changed: Object.keys(form) },
    })
  })
  return findUser(services, id)
}

/** Two owners stepping down at once must not both succeed: owners' rows are locked while they are counted. */
export async function requireAnOwner(tx: Tx): Promise<void> {
  const owners = await tx.$queryRaw<unknown[]>`select id from user_person where role = 'owner' for update`
  if (owners.length === 0)
    throw new AdministrationError('conflict', 'The last owner cannot go: make somebody else an owner first.')
}

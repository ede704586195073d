import { v7 as uuidv7 } from 'uuid'
import type { Tx } from '../../ports/database.ts'
import type { SignIn } from '../../ports/sign-in.ts'
import type { Actor, Role } from './actor.ts'
import { changePeople } from './change.ts'
import { AdministrationError, invalidField, isUniqueViolation } from './error.ts'
import { findUser, type UserView } from './list-users.ts'
import type { AdministrationServices } from './services.ts'

export type PeopleServices = Pick<AdministrationServices, 'db' | 'clock'> & { readonly signIn: SignIn }

export interface CreateUser {
  readonly name: string
  readonly email: string
  readonly role: Role
  readonly team?: string | null | undefined
  readonly password: string
}

/** Sign-up is closed: people come in through the set-up link or through somebody who may invite them. */
export async function createUser(
  services: PeopleServices,
  actor: Actor,
  form: CreateUser,
): Promise<UserView> {
  requireRank(actor, form.role)
  checkPassword(form.password)
  const teamId = await findTeamOfUser(services, form.role, form.team)
  const passwordHash = await services.signIn.hashPassword(form.password)
  try {
    const id = await changePeople(services, actor, async (tx, audit) => {
      const created = await writeUser(tx, { ...form, teamId, passwordHash })
      await audit({
        action: 'user.create',
        subject: `user:${created}`,
        details: { name: form.name, email: form.email.toLowerCase(), role: form.role },
      })
      return created
    })
    return await findUser(services, id)
  } catch (error) {
    if (isUniqueViolation(error))
      throw new AdministrationError(
        'conflict',
        `Somebody with the address ${form.email} can sign in already.`,
      )
    throw error
  }
}

/** The rows better-auth signs people in by: a user and one login of kind `credential`. */
export async function writeUser(
  tx: Tx,
  user: {
    readonly name: string
    readonly email: string
    readonly role: Role
    readonly teamId: string | null
    readonly passwordHash: string
  },
): Promise<string> {
  const id = uuidv7()
  await tx.user.create({
    data: {
      id,
      name: user.name,
      // better-auth looks addresses up in lower case.
      email: user.email.toLowerCase(),
      emailVerified: true,
      role: user.role,
      teamId: user.teamId,
      logins: {
        create: { id: uuidv7(), accountId: id, providerId: 'credential', password: user.passwordHash },
      },
    },
  })
  return id
}

export const passwordCharactersMin = 10
export const passwordCharactersMax = 128

export function checkPassword(password: string): void {
  if (password.length < passwordCharactersMin || password.length > passwordCharactersMax)
    throw invalidField(
      'password',
      `must be ${passwordCharactersMin} to ${passwordCharactersMax} characters long`,
    )
}

/** Only an owner makes or changes owners; nobody lifts somebody above themselves. */
export function requireRank(actor: Actor, role: Role): void {
  if (role === 'owner' && actor.role !== 'owner')
    throw new AdministrationError('forbidden', 'Only an owner can make, change or remove an owner.')
}

export async function findTeamOfUser(
  services: Pick<AdministrationServices, 'db'>,
  role: Role,
  name: string | null | undefined,
): Promise<string | null> {
  if (role === 'owner' || role === 'admin') {
    if (name != null) throw invalidField('team', `the role "${role}" covers every team: leave it out`)
    return null
  }
  if (name == null) {
    if (role === 'manager') throw invalidField('team', 'needed: a manager manages one team')
    return null
  }
  const team = await services.db.team.findUnique({ where: { name } })
  if (team === null) throw invalidField('team', `there is no team "${name}"`)
  return team.id
}

import { createHash, randomBytes } from 'node:crypto'
import type { Db } from '../../ports/database.ts'
import { systemActor } from './actor.ts'
import { changePeople } from './change.ts'
import { checkPassword, writeUser, type PeopleServices } from './create-user.ts'
import { AdministrationError, isUniqueViolation } from './error.ts'
import { findUser, type UserView } from './list-users.ts'

/**
 * A new one-time token while nobody can sign in yet; `undefined` once somebody can. Only its hash is stored, and each
 * start makes a new one, so that an old log opens nothing.
 */
export async function ensureSetupToken(db: Db): Promise<string | undefined> {
  if ((await db.user.count()) > 0) {
    await db.setting.deleteMany({ where: { name: settingName } })
    return undefined
  }
  const token = randomBytes(24).toString('base64url')
  const value = { hash: hashToken(token) }
  await db.setting.upsert({
    where: { name: settingName },
    create: { name: settingName, value },
    update: { value },
  })
  return token
}

export async function isSetupNeeded(db: Db): Promise<boolean> {
  return (await db.user.count()) === 0
}

export interface SetUpOwner {
  readonly token: string
  readonly name: string
  readonly email: string
  readonly password: string
}

/** The first owner, once: of two callers with the same token one wins. */
export async function setUpOwner(services: PeopleServices, form: SetUpOwner): Promise<UserView> {
  checkPassword(form.password)
  const passwordHash = await services.signIn.hashPassword(form.password)
  try {
    const id = await changePeople(services, systemActor, async (tx, audit) => {
      // The delete decides the race; hashes are compared by Postgres, of values nobody can choose.
      const used = await tx.$executeRaw`
        delete from setting
        where name = ${settingName} and value ->> 'hash' = ${hashToken(form.token)}
          and not exists (select from user_person)`
      if (used === 0) throw new AdministrationError('forbidden', wrongToken)
      const created = await writeUser(tx, { ...form, role: 'owner', teamId: null, passwordHash })
      await audit({
        action: 'user.create',
        subject: `user:${created}`,
        details: { name: form.name, email: form.email.toLowerCase(), role: 'owner', by: 'set-up link' },
      })
      return created
    })
    return await findUser(services, id)
  } catch (error) {
    if (isUniqueViolation(error)) throw new AdministrationError('forbidden', wrongToken)
    throw error
  }
}

const settingName = 'setup-token'
const wrongToken =
  'This set-up link has been used or is not the newest one. Start the service again for a new link, or sign in.'

function hashToken(token: string): string {
  return createHash('sha256').update(token, 'utf8').digest('hex')
}

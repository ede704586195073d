import { v7 as uuidv7 } from 'uuid'
import type { Actor } from './actor.ts'
import { change } from './change.ts'
import { readMoment } from './confirm-grant.ts'
import { AdministrationError, invalidField, isUniqueViolation } from './error.ts'
import { checkIpRanges } from './ip-ranges.ts'
import { hashKeySecret, isFitSecret, newKeySecret, previewKeySecret } from './key-secret.ts'
import { findKey, type KeyView } from './list-keys.ts'
import { findTeamRow } from './list-teams.ts'
import { checkModelPatterns } from './names.ts'
import type { AdministrationServices } from './services.ts'

export interface CreateKey {
  readonly name: string
  readonly member?: string | undefined
  readonly models?: readonly string[] | undefined
  readonly allowedIps?: readonly string[] | undefined
  readonly expiresAt?: string | null | undefined
  /** Chosen by the caller; only with the admin key, for scripts that rotate secrets of their own. */
  readonly secret?: string | undefined
}

/** The secret is in this answer and nowhere else. */
export async function createKey(
  services: AdministrationServices,
  actor: Actor,
  teamName: string,
  form: CreateKey,
): Promise<{ readonly key: KeyView; readonly secret: string }> {
  const team = await findTeamRow(services.db, actor, teamName)
  const secret = chooseSecret(actor, form.secret)
  checkModelPatterns('models', form.models ?? [])
  checkIpRanges('allowedIps', form.allowedIps ?? [])
  const expiresAt = form.expiresAt == null ? undefined : readMoment(services, form.expiresAt, 'expiresAt')
  if (expiresAt !== undefined && expiresAt.getTime() <= services.clock.now())
    throw invalidField('expiresAt', 'must be in the future')
  const memberId = form.member === undefined ? null : await findMemberId(services, team.id, form.member)
  const id = uuidv7()
  try {
    await change(services, actor, async (tx, audit) => {
      await tx.key.create({
        data: {
          id,
          teamId: team.id,
          memberId,
          name: form.name,
          hash: hashKeySecret(secret),
          preview: previewKeySecret(secret),
          models: [...(form.models ?? [])],
          allowedIps: [...(form.allowedIps ?? [])],
          expiresAt: expiresAt ?? null,
        },
      })
      await audit({
        action: 'key.create',
        subject: `key:${id}`,
        details: { name: form.name, team: team.name, preview: previewKeySecret(secret) },
      })
    })
  } catch (error) {
    if (isUniqueViolation(error))
      throw new AdministrationError(
        'conflict',
        `The team "${team.name}" has a key "${form.name}" already, or the secret is in use.`,
      )
    throw error
  }
  return { key: await findKey(services, actor, id), secret }
}

function chooseSecret(actor: Actor, given: string | undefined): string {
  if (given === undefined) return newKeySecret()
  if (actor.id !== 'admin-key')
    throw new AdministrationError(
      'forbidden',
      'Only the admin key may choose the secret of a key; leave `secret` out.',
    )
  if (!isFitSecret(given))
    throw invalidField('secret', 'must be 16 to 512 printable ASCII characters without spaces')
  return given
}

async function findMemberId(services: AdministrationServices, teamId: string, name: string): Promise<string> {
  const member = await services.db.member.findUnique({ where: { teamId_name: { teamId, name } } })
  if (member === null) throw invalidField('member', `the team has no member "${name}"`)
  return member.id
}

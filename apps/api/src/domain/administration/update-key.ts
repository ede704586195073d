import type { Actor } from './actor.ts'
import { change } from './change.ts'
import { readMoment } from './confirm-grant.ts'
import { AdministrationError, isUniqueViolation } from './error.ts'
import { checkIpRanges } from './ip-ranges.ts'
import { findKey, type KeyView } from './list-keys.ts'
import { checkModelPatterns } from './names.ts'
import { refuseYaml } from './refuse-yaml.ts'
import type { AdministrationServices } from './services.ts'

export interface UpdateKey {
  readonly name?: string | undefined
  readonly expiresAt?: string | null | undefined
  readonly models?: readonly string[] | undefined
  readonly allowedIps?: readonly string[] | undefined
}

export async function updateKey(
  services: AdministrationServices,
  actor: Actor,
  id: string,
  form: UpdateKey,
): Promise<KeyView> {
  const before = await findKey(services, actor, id)
  refuseYaml(before.origin, `key "${before.name}"`)
  if (form.models !== undefined) checkModelPatterns('models', form.models)
  if (form.allowedIps !== undefined) checkIpRanges('allowedIps', form.allowedIps)
  const expiresAt =
    form.expiresAt == null ? form.expiresAt : readMoment(services, form.expiresAt, 'expiresAt')
  try {
    await change(services, actor, async (tx, audit) => {
      await tx.key.update({
        where: { id },
        data: {
          ...(form.name === undefined ? {} : { name: form.name }),
          ...(expiresAt === undefined ? {} : { expiresAt }),
          ...(form.models === undefined ? {} : { models: [...form.models] }),
          ...(form.allowedIps === undefined ? {} : { allowedIps: [...form.allowedIps] }),
        },
      })
      await audit({
        action: 'key.update',
        subject: `key:${id}`,
        details: { name: form.name ?? before.name, team: before.team, changed: Object.keys(form) },
      })
    })
  } catch (error) {
    if (isUniqueViolation(error))
      throw new AdministrationError(
        'conflict',
        `The team "${before.team}" has a key "${form.name ?? ''}" already.`,
      )
    throw error
  }
  return findKey(services, actor, id)
}

import { settleExpiry } from '../grants/settle-expiry.ts'
import type { GrantCoverage } from '../snapshot/snapshot.ts'
import type { Actor } from './actor.ts'
import { change } from './change.ts'
import { findGrant, readMoment } from './confirm-grant.ts'
import { AdministrationError, invalidField, isUniqueViolation, notFound } from './error.ts'
import { checkModelPatterns } from './names.ts'
import { refuseYaml } from './refuse-yaml.ts'
import type { GrantReport } from './report-grants.ts'
import type { AdministrationServices } from './services.ts'

/** Its size is not among these: that is the sum of its entries (`adjustGrant`). Its unit never changes: entries are in it. */
export interface UpdateGrant {
  readonly name?: string | undefined
  readonly models?: readonly string[] | undefined
  readonly window?: 'once' | 'day' | 'month' | undefined
  readonly validFrom?: string | undefined
  readonly expiresAt?: string | null | undefined
  readonly whenEmpty?: 'provider-stops' | 'provider-bills' | undefined
  readonly covers?: readonly GrantCoverage[] | undefined
  readonly confidence?: string | undefined
  readonly note?: string | null | undefined
}

export async function updateGrant(
  services: AdministrationServices,
  actor: Actor,
  id: string,
  form: UpdateGrant,
): Promise<GrantReport> {
  const row = await services.db.grant.findUnique({ where: { id } })
  if (row === null) throw notFound('grant', id)
  refuseYaml(row.origin, `grant "${row.name}"`)
  if (form.models !== undefined) checkModelPatterns('models', form.models)
  const validFrom =
    form.validFrom === undefined ? row.validFrom : readMoment(services, form.validFrom, 'validFrom')
  const expiresAt =
    form.expiresAt === undefined
      ? row.expiresAt
      : form.expiresAt === null
        ? null
        : readMoment(services, form.expiresAt, 'expiresAt')
  if (expiresAt !== null && expiresAt <= validFrom) throw invalidField('expiresAt', 'must be after validFrom')
  try {
    await change(services, actor, async (tx, audit) => {
      await tx.grant.update({
        where: { id },
        data: {
          validFrom,
          expiresAt,
          ...(form.name === undefined ? {} : { name: form.name }),
          ...(form.models === undefined ? {} : { models: [...form.models] }),
          ...(form.window === undefined || form.window === row.window
            ? {}
            : { window: form.window, windowSince: new Date(services.clock.now()) }),
          ...(form.whenEmpty === undefined ? {} : { whenEmpty: form.whenEmpty }),
          ...(form.covers === undefined ? {} : { covers: [...new Set(form.covers)] }),
          ...(form.confidence === undefined ? {} : { confidence: form.confidence }),
          ...(form.note === undefined ? {} : { note: form.note }),
        },
      })
      // One that runs on after all has again what its expiry took.
      await settleExpiry(tx, { grantId: id, atMs: services.clock.now(), timeZone: services.timeZone })
      await audit({
        action: 'grant.update',
        subject: `grant:${id}`,
        details: { name: form.name ?? row.name, changed: Object.keys(form) },
      })
    })
  } catch (error) {
    if (isUniqueViolation(error))
      throw new AdministrationError('conflict', `The account has a grant "${form.name ?? ''}" already.`)
    throw error
  }
  return findGrant(services, id)
}

import { v7 as uuidv7 } from 'uuid'
import type { GrantCoverage } from '../snapshot/snapshot.ts'
import type { Actor } from './actor.ts'
import { change } from './change.ts'
import { AdministrationError, invalidField, isUniqueViolation, notFound } from './error.ts'
import { checkModelPatterns } from './names.ts'
import { readAmount } from './read-amount.ts'
import { parseMoment } from './parse-moment.ts'
import { reportGrants, type GrantReport } from './report-grants.ts'
import type { AdministrationServices } from './services.ts'

export interface ConfirmGrant {
  readonly account: string
  readonly name?: string | undefined
  readonly models: readonly string[]
  readonly unit: 'tokens' | 'input-tokens' | 'output-tokens' | 'requests' | 'money'
  readonly amount: number | string
  readonly window: 'once' | 'day' | 'month'
  readonly validFrom?: string | undefined
  readonly expiresAt?: string | null | undefined
  readonly whenEmpty: 'provider-stops' | 'provider-bills'
  /** Calls it pays for; absent or empty: all. */
  readonly covers?: readonly GrantCoverage[] | undefined
  readonly source: 'catalogue' | 'console'
  readonly confidence?: string | undefined
  readonly note?: string | null | undefined
}

/** A person says: this free quota is on the account. From now on it may be spent, and is guarded. */
export async function confirmGrant(
  services: AdministrationServices,
  actor: Actor,
  form: ConfirmGrant,
): Promise<GrantReport> {
  const account = await services.db.account.findUnique({ where: { name: form.account } })
  if (account === null) throw invalidField('account', `there is no account "${form.account}"`)
  checkModelPatterns('models', form.models)
  const amount = readAmount(form.unit === 'money' ? 'money' : 'count', form.amount, 'amount')
  const now = new Date(services.clock.now())
  const validFrom = form.validFrom === undefined ? now : readMoment(services, form.validFrom, 'validFrom')
  const expiresAt = form.expiresAt == null ? undefined : readMoment(services, form.expiresAt, 'expiresAt')
  if (expiresAt !== undefined && expiresAt <= validFrom)
    throw invalidField('expiresAt', 'must be after validFrom')
  const name = form.name ?? (await freeName(services, account.id, form.models))
  const id = uuidv7()
  try {
    await change(services, actor, async (tx, audit) => {
      await tx.grant.create({
        data: {
          id,
          accountId: account.id,
          name,
          models: [...form.models],
          unit: form.unit,
          currency: services.currency,
          window: form.window,
          validFrom,
          expiresAt: expiresAt ?? null,
          whenEmpty: form.whenEmpty,
          covers: [...new Set(form.covers ?? [])],
          source: form.source,
          confidence: form.confidence ?? 'confirmed',
          note: form.note ?? null,
          entries: { create: { id: uuidv7(), kind: 'credit', amount, actor: actor.id } },
        },
      })
      await audit({
        action: 'grant.create',
        subject: `grant:${id}`,
        details: { name, account: account.name, unit: form.unit, amount: amount.toString() },
      })
    })
  } catch (error) {
    if (isUniqueViolation(error))
      throw new AdministrationError(
        'conflict',
        `The account "${account.name}" has a grant "${name}" already.`,
      )
    throw error
  }
  return findGrant(services, id)
}

export async function findGrant(services: AdministrationServices, id: string): Promise<GrantReport> {
  const [report] = await reportGrants(services, { ids: [id] })
  if (report === undefined) throw notFound('grant', id)
  return report
}

export function readMoment(
  services: Pick<AdministrationServices, 'timeZone'>,
  text: string,
  path: string,
): Date {
  const at = parseMoment(text, services.timeZone)
  if (at === undefined)
    throw invalidField(path, `"${text}" is not a time such as 2027-02-01 or 2027-02-01T00:00:00+08:00`)
  return at
}

async function freeName(
  services: AdministrationServices,
  accountId: string,
  models: readonly string[],
): Promise<string> {
  const base = models.length === 1 ? (models[0] ?? '') : `${models[0] ?? ''} +${models.length - 1}`
  const taken = new Set(
    (await services.db.grant.findMany({ where: { accountId }, select: { name: true } })).map(
      (row) => row.name,
    ),
  )
  let name = base
  for (let next = 2; taken.has(name); next += 1) name = `${base} ${next}`
  return name
}

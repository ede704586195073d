import { isDeepStrictEqual } from 'node:util'
import { v7 as uuidv7 } from 'uuid'
import { writeOfferings } from '../administration/write-offerings.ts'
import { SecretsUnreadable, type Credentials } from '../../ports/secrets.ts'
import { applyGrants, closeGrants } from './apply-grants.ts'
import { changedFields, noteAdoption, type Applying } from './applying.ts'
import type { AccountPlan } from './configuration.ts'

export async function applyAccounts(applying: Applying, plans: readonly AccountPlan[]): Promise<void> {
  for (const [index, plan] of plans.entries()) {
    const accountId = await applyAccount(applying, plan)
    await applyGrants(
      applying,
      { accountId, accountName: plan.name, path: `accounts.${index}.grants` },
      plan.grants,
    )
  }
  const gone = await applying.tx.account.findMany({
    where: { origin: 'yaml', name: { notIn: plans.map((plan) => plan.name) } },
  })
  for (const row of gone) {
    await closeGrants(applying, row.id, [])
    if (!row.enabled) continue
    await applying.tx.account.update({ where: { id: row.id }, data: { enabled: false } })
    await applying.record({
      action: 'account.update',
      subject: `account:${row.id}`,
      details: { name: row.name, enabled: false, because: 'no longer in the file' },
    })
  }
}

async function applyAccount(applying: Applying, plan: AccountPlan): Promise<string> {
  const { tx, secrets } = applying
  const { connection } = plan
  const row = await tx.account.findUnique({ where: { name: plan.name } })
  const id = row?.id ?? uuidv7()
  const fields = {
    provider: connection.provider,
    protocol: connection.protocol,
    baseUrl: connection.baseUrl,
    enabled: plan.enabled,
    origin: 'yaml',
  }
  const changed: string[] = []
  if (row === null) {
    const credentials = secrets.seal(id, connection.credentials)
    await tx.account.create({
      data: { id, name: plan.name, ...fields, credentials, options: connection.options },
    })
  } else {
    noteAdoption(applying, row, `account "${plan.name}"`)
    changed.push(...changedFields(row, fields))
    if (!isDeepStrictEqual(row.options, connection.options)) changed.push('options')
    const newSecret = !holds(applying, row, connection.credentials)
    if (newSecret) changed.push('credentials')
    if (changed.length > 0)
      await tx.account.update({
        where: { id },
        data: {
          ...fields,
          options: connection.options,
          // New credentials deserve a new chance; the old verdict was about the old ones.
          ...(newSecret
            ? {
                credentials: secrets.seal(id, connection.credentials),
                state: 'ok',
                stateMessage: null,
                stateAt: null,
              }
            : {}),
        },
      })
  }
  const written = await writeOfferings(
    tx,
    {
      accountId: id,
      provider: connection.provider,
      currency: applying.currency,
      origin: 'yaml',
      at: applying.at,
    },
    plan.offerings,
  )
  if (row === null)
    await applying.record({
      action: 'account.create',
      subject: `account:${id}`,
      details: {
        name: plan.name,
        provider: connection.provider,
        protocol: connection.protocol,
        baseUrl: connection.baseUrl,
        models: plan.offerings.map((offering) => offering.name),
      },
    })
  else if (changed.length > 0 || written > 0)
    await applying.record({
      action: 'account.update',
      subject: `account:${id}`,
      details: { name: plan.name, changed: [...changed, ...(written > 0 ? ['models'] : [])] },
    })
  return id
}

/** Sealing the same credentials twice gives different bytes, so they are compared opened. */
function holds(
  applying: Applying,
  row: { readonly id: string; readonly credentials: Uint8Array },
  wanted: Credentials,
): boolean {
  try {
    return isDeepStrictEqual({ ...applying.secrets.open(row.id, row.credentials) }, { ...wanted })
  } catch (error) {
    // Stored under a master key that is lost: the file has them again.
    if (error instanceof SecretsUnreadable) return false
    throw error
  }
}

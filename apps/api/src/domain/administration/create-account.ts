import { v7 as uuidv7 } from 'uuid'
import { readConnection, type ConnectionForm } from './account-form.ts'
import type { Actor } from './actor.ts'
import { change } from './change.ts'
import { AdministrationError, invalidField, isUniqueViolation } from './error.ts'
import { findAccount, type AccountView } from './list-accounts.ts'
import { accountNamePattern } from './names.ts'
import { planOfferings, type ModelForm } from './plan-offerings.ts'
import type { AdministrationServices } from './services.ts'
import { writeOfferings } from './write-offerings.ts'

export interface CreateAccount extends ConnectionForm {
  readonly name: string
  readonly models?: readonly ModelForm[] | undefined
  readonly enabled?: boolean | undefined
}

export async function createAccount(
  services: AdministrationServices,
  actor: Actor,
  form: CreateAccount,
): Promise<AccountView> {
  if (!accountNamePattern.test(form.name)) throw invalidField('name', 'is not a name for an account')
  const connection = readConnection(services, form)
  const plans = planOfferings(services, connection, form.models)
  const id = uuidv7()
  try {
    await change(services, actor, async (tx, audit) => {
      await tx.account.create({
        data: {
          id,
          name: form.name,
          provider: connection.provider,
          protocol: connection.protocol,
          baseUrl: connection.baseUrl,
          credentials: services.secrets.seal(id, connection.credentials),
          options: connection.options,
          enabled: form.enabled ?? true,
        },
      })
      await writeOfferings(
        tx,
        {
          accountId: id,
          provider: connection.provider,
          currency: services.currency,
          origin: 'api',
          at: new Date(services.clock.now()),
        },
        plans,
      )
      await audit({
        action: 'account.create',
        subject: `account:${id}`,
        details: {
          name: form.name,
          provider: connection.provider,
          protocol: connection.protocol,
          baseUrl: connection.baseUrl,
          models: plans.map((plan) => plan.name),
        },
      })
    })
  } catch (error) {
    if (isUniqueViolation(error))
      throw new AdministrationError(
        'conflict',
        `There is an account "${form.name}" already; choose another name.`,
      )
    throw error
  }
  return findAccount(services, form.name)
}

import type { Credentials } from '../../ports/secrets.ts'
import { chooseAdapter, readConnection } from './account-form.ts'
import type { Actor } from './actor.ts'
import { change } from './change.ts'
import { AdministrationError, invalidField, isUniqueViolation } from './error.ts'
import { findAccount, findAccountRow, optionsOf, type AccountRow, type AccountView } from './list-accounts.ts'
import { refuseYaml } from './refuse-yaml.ts'
import { planOfferings, type ModelForm } from './plan-offerings.ts'
import type { AdministrationServices } from './services.ts'
import { writeOfferings } from './write-offerings.ts'

export interface UpdateAccount {
  readonly name?: string | undefined
  readonly protocol?: string | undefined
  /** `null`: back to the protocol's default. */
  readonly baseUrl?: string | null | undefined
  readonly credentials?: Credentials | undefined
  readonly options?: Readonly<Record<string, string>> | undefined
  /** The whole list; models left out are switched off. */
  readonly models?: readonly ModelForm[] | undefined
  readonly enabled?: boolean | undefined
}

export async function updateAccount(
  services: AdministrationServices,
  actor: Actor,
  name: string,
  form: UpdateAccount,
): Promise<AccountView> {
  const row = await findAccountRow(services.db, name)
  refuseYaml(row.origin, `account "${name}"`)
  const connection = connectionAfter(services, row, form)
  const plans = form.models === undefined ? undefined : planOfferings(services, connection, form.models)
  try {
    await change(services, actor, async (tx, audit) => {
      await tx.account.update({
        where: { id: row.id },
        data: {
          ...(form.name === undefined ? {} : { name: form.name }),
          ...(form.enabled === undefined ? {} : { enabled: form.enabled }),
          protocol: connection.protocol,
          baseUrl: connection.baseUrl,
          options: connection.options,
          // New credentials deserve a new chance; the old verdict was about the old ones.
          ...(form.credentials === undefined
            ? {}
            : {
                credentials: services.secrets.seal(row.id, connection.credentials),
                state: 'ok',
                stateMessage: null,
                stateAt: null,
              }),
        },
      })
      if (plans !== undefined)
        await writeOfferings(
          tx,
          {
            accountId: row.id,
            provider: row.provider,
            currency: services.currency,
            origin: 'api',
            at: new Date(services.clock.now()),
          },
          plans,
        )
      await audit({
        action: 'account.update',
        subject: `account:${row.id}`,
        details: { name: form.name ?? name, changed: Object.keys(form) },
      })
    })
  } catch (error) {
    if (isUniqueViolation(error))
      throw new AdministrationError('conflict', `There is an account "${form.name ?? name}" already.`)
    throw error
  }
  return findAccount(services, form.name ?? name)
}

function connectionAfter(services: AdministrationServices, row: AccountRow, form: UpdateAccount) {
  const before = chooseAdapter(services, row.provider, row.protocol)
  const after = chooseAdapter(services, row.provider, form.protocol ?? row.protocol)
  const baseUrl = form.baseUrl === undefined && after === before ? row.baseUrl : form.baseUrl
  const moves = after !== before || (baseUrl ?? after.defaultBaseUrl) !== row.baseUrl
  // A stored secret never follows the account to another address: whoever can set addresses could collect secrets.
  if (moves && form.credentials === undefined)
    throw invalidField(
      'credentials',
      'enter the credentials again: they are not sent to another address or protocol unseen',
    )
  return readConnection(services, {
    provider: row.provider,
    protocol: after.protocol,
    baseUrl,
    credentials: form.credentials ?? services.secrets.open(row.id, row.credentials),
    options: form.options ?? (after === before ? optionsOf(row) : {}),
  })
}

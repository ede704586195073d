import type { Account, AccountPatch, CatalogueProtocol } from '../../shared/api/types.ts'
import { enteredOf, filled, wayOf, waysOf, type CredentialWay } from './credential-ways.ts'

/** What was typed to change the connection of an account. */
export interface ConnectionValues {
  readonly baseUrl: string
  /** Id of another way to prove oneself than the stored one; any other text: the stored one. */
  readonly way: string
  readonly credentials: Readonly<Record<string, string>>
  readonly options: Readonly<Record<string, string>>
}

export interface ConnectionChange {
  readonly ways: readonly CredentialWay[]
  readonly way: CredentialWay | undefined
  /** The address is another one: stored credentials do not follow there. */
  readonly moved: boolean
  /** Names of credentials without which this cannot be saved. */
  readonly missing: ReadonlySet<string>
  /** What is different; empty: nothing. */
  readonly patch: AccountPatch
}

/** Credentials are replaced as a whole or kept as a whole: the service knows no half of them. */
export function readConnectionChange(
  account: Account,
  protocol: CatalogueProtocol | undefined,
  values: ConnectionValues,
): ConnectionChange {
  const ways = protocol === undefined ? [] : waysOf(protocol)
  const names = Object.keys(account.credentials)
  const stored = wayOf(ways, names) ?? ways[0]
  const way = ways.find(({ id }) => id === values.way) ?? stored
  const entered = enteredOf(way, values.credentials)
  const moved = values.baseUrl.trim() !== (account.baseUrl ?? '')
  const replaced = moved || way !== stored || Object.keys(entered).length > 0
  const options = filled(values.options)
  return {
    ways,
    way,
    moved,
    missing: new Set(replaced ? neededOf(way, names.length > 0).filter((name) => !(name in entered)) : []),
    patch: {
      ...(moved ? { baseUrl: values.baseUrl.trim() || null } : {}),
      ...(replaced ? { credentials: entered } : {}),
      ...(same(options, account.options) ? {} : { options }),
    },
  }
}

/** Where nothing is required, what was stored is not dropped unsaid. */
function neededOf(way: CredentialWay | undefined, isStored: boolean): readonly string[] {
  const fields = way?.fields ?? []
  const required = fields.filter((field) => field.required)
  return (required.length === 0 && isStored ? fields : required).map(({ name }) => name)
}

function same(left: Readonly<Record<string, string>>, right: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(left)
  return names.length === Object.keys(right).length && names.every((name) => left[name] === right[name])
}

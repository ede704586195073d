import { useState } from 'react'
import type {
  AccountInput,
  CatalogueProtocol,
  CatalogueProvider,
  ConnectionTestInput,
} from '../../../shared/api/types.ts'

/** A model of a server of one's own, as typed. */
export interface ModelRow {
  name: string
  upstream: string
  inputPerMillion: string
  outputPerMillion: string
}

export interface AccountFormValues {
  name: string
  protocol: string
  baseUrl: string
  credentials: Readonly<Record<string, string>>
  options: Readonly<Record<string, string>>
  models: readonly ModelRow[]
}

export const emptyModelRow: ModelRow = { name: '', upstream: '', inputPerMillion: '', outputPerMillion: '' }

/** State of the form and the bodies made of it. Empty fields are not sent, so that the service's defaults hold. */
export function useAccountForm(provider: CatalogueProvider, suggestedName: string) {
  const recommended = provider.protocols.find((each) => each.recommended) ?? provider.protocols[0]
  const [values, setValues] = useState<AccountFormValues>({
    name: suggestedName,
    protocol: recommended?.protocol ?? '',
    baseUrl: '',
    credentials: {},
    options: {},
    models: provider.models.length === 0 ? [emptyModelRow] : [],
  })
  const protocol = provider.protocols.find((each) => each.protocol === values.protocol) ?? recommended
  return {
    values,
    protocol,
    /** The platform has no fixed address or model list: both must be said. */
    ownServer: provider.models.length === 0,
    change: (change: Partial<AccountFormValues>) => setValues((before) => ({ ...before, ...change })),
    missing: missingFields(values, protocol, provider),
    testInput: (): ConnectionTestInput => testInput(provider, values),
    accountInput: (): AccountInput => accountInput(provider, values),
  }
}

export type AccountForm = ReturnType<typeof useAccountForm>

/** Names of required fields that are still empty. */
function missingFields(
  values: AccountFormValues,
  protocol: CatalogueProtocol | undefined,
  provider: CatalogueProvider,
): ReadonlySet<string> {
  const missing = new Set<string>()
  if (values.name.trim() === '') missing.add('name')
  for (const field of protocol?.credentials ?? []) {
    if (field.required && (values.credentials[field.name] ?? '').trim() === '') missing.add(field.name)
  }
  if (protocol?.defaultBaseUrl === null && values.baseUrl.trim() === '') missing.add('baseUrl')
  if (provider.models.length === 0 && namedModels(values).length === 0) missing.add('models')
  return missing
}

function testInput(provider: CatalogueProvider, values: AccountFormValues): ConnectionTestInput {
  const first = namedModels(values)[0]
  return {
    provider: provider.provider,
    ...connection(values),
    credentials: filled(values.credentials),
    ...(first === undefined ? {} : { model: first.upstream.trim() || first.name.trim() }),
  }
}

function accountInput(provider: CatalogueProvider, values: AccountFormValues): AccountInput {
  const models = namedModels(values)
  return {
    name: values.name.trim(),
    provider: provider.provider,
    ...connection(values),
    credentials: filled(values.credentials),
    ...(models.length === 0
      ? {}
      : {
          models: models.map((row) => ({
            name: row.name.trim(),
            ...filled({
              upstream: row.upstream,
              inputPerMillion: row.inputPerMillion,
              outputPerMillion: row.outputPerMillion,
            }),
          })),
        }),
  }
}

function connection(values: AccountFormValues) {
  const options = filled(values.options)
  return {
    ...(values.protocol === '' ? {} : { protocol: values.protocol }),
    ...(values.baseUrl.trim() === '' ? {} : { baseUrl: values.baseUrl.trim() }),
    ...(Object.keys(options).length === 0 ? {} : { options }),
  }
}

function namedModels(values: AccountFormValues): readonly ModelRow[] {
  return values.models.filter((row) => row.name.trim() !== '')
}

/** Keys are pasted with spaces and line ends around them; no platform's key has any. */
function filled(fields: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields)
      .map(([name, value]) => [name, value.trim()] as const)
      .filter(([, value]) => value !== ''),
  )
}

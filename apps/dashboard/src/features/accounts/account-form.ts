import type {
  AccountInput,
  CatalogueProtocol,
  CatalogueProvider,
  ConnectionTestInput,
} from '../../shared/api/types.ts'
import { enteredOf, filled, waysOf, type CredentialWay } from './credential-ways.ts'

/** A model that is named by hand, as typed. */
export interface ModelRow {
  name: string
  upstream: string
  inputPerMillion: string
  outputPerMillion: string
}

export interface AccountFormValues {
  name: string
  protocol: string
  /** Id of the chosen way to prove oneself; any other text: the first one of the protocol. */
  way: string
  baseUrl: string
  credentials: Readonly<Record<string, string>>
  options: Readonly<Record<string, string>>
  models: readonly ModelRow[]
}

export const emptyModelRow: ModelRow = { name: '', upstream: '', inputPerMillion: '', outputPerMillion: '' }

/** What the typed values mean for the platform that they are for. */
export interface FormSetting {
  readonly provider: CatalogueProvider
  readonly protocol: CatalogueProtocol | undefined
  readonly ways: readonly CredentialWay[]
  readonly way: CredentialWay | undefined
}

export function settingOf(provider: CatalogueProvider, values: AccountFormValues): FormSetting {
  const protocol =
    provider.protocols.find((each) => each.protocol === values.protocol) ?? provider.protocols[0]
  const ways = protocol === undefined ? [] : waysOf(protocol)
  return { provider, protocol, ways, way: ways.find(({ id }) => id === values.way) ?? ways[0] }
}

/** Names of required fields that are still empty. */
export function missingFields(setting: FormSetting, values: AccountFormValues): ReadonlySet<string> {
  const { provider, protocol, way } = setting
  const missing = new Set<string>()
  if (values.name.trim() === '') missing.add('name')
  const entered = enteredOf(way, values.credentials)
  for (const field of way?.fields ?? []) {
    if (field.required && entered[field.name] === undefined) missing.add(field.name)
  }
  if (protocol?.defaultBaseUrl === null && values.baseUrl.trim() === '') missing.add('baseUrl')
  if (provider.models.length === 0 && namedModels(values).length === 0) missing.add('models')
  return missing
}

export function testInput(setting: FormSetting, values: AccountFormValues): ConnectionTestInput {
  const first = namedModels(values)[0]
  return {
    ...connection(setting, values),
    ...(first === undefined ? {} : { model: first.upstream.trim() || first.name.trim() }),
  }
}

export function accountInput(setting: FormSetting, values: AccountFormValues): AccountInput {
  const models = namedModels(values)
  return {
    name: values.name.trim(),
    ...connection(setting, values),
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

/** Empty fields are not sent, so that the service's defaults hold. */
function connection({ provider, protocol, way }: FormSetting, values: AccountFormValues) {
  const options = filled(values.options)
  return {
    provider: provider.provider,
    ...(protocol === undefined ? {} : { protocol: protocol.protocol }),
    ...(values.baseUrl.trim() === '' ? {} : { baseUrl: values.baseUrl.trim() }),
    ...(Object.keys(options).length === 0 ? {} : { options }),
    credentials: enteredOf(way, values.credentials),
  }
}

function namedModels(values: AccountFormValues): readonly ModelRow[] {
  return values.models.filter((row) => row.name.trim() !== '')
}

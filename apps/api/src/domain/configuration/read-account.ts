import {
  chooseAdapter,
  readBaseUrl,
  readCredentials,
  readOptions,
  type Connection,
} from '../administration/account-form.ts'
import { findCatalogueModel } from '../administration/catalogue.ts'
import { planOfferings, type OfferingPlan } from '../administration/plan-offerings.ts'
import type { ProtocolAdapter } from '@tollgate/adapters/contract'
import type { AccountPlan } from './configuration.ts'
import type { AccountForm } from './configuration-form.ts'
import type { FieldPath, Findings } from './findings.ts'
import type { ReadingServices } from './read-configuration.ts'
import { readGrants } from './read-grants.ts'

/** `undefined`: something about it is wrong, and said. */
export function readAccount(
  services: ReadingServices,
  findings: Findings,
  path: FieldPath,
  form: AccountForm,
): AccountPlan | undefined {
  const before = findings.problems.length
  const adapter = findings.attempt(path, () => chooseAdapter(services, form.provider, form.protocol))
  if (adapter === undefined) return undefined
  const baseUrl = readAddress(findings, path, adapter, form.baseUrl)
  const credentials = findings.attempt(path, () => readCredentials(adapter, form.credentials ?? {}))
  const options = findings.attempt(path, () => readOptions(adapter, form.options ?? {}))
  const place = { adapter, baseUrl: baseUrl ?? '', options: options ?? {} }
  const offerings = readOfferings(services, findings, path, place, form)
  const grants = readGrants(services, findings, [...path, 'grants'], form.grants ?? [], offerings)
  if (
    baseUrl === undefined ||
    credentials === undefined ||
    options === undefined ||
    findings.problems.length > before
  )
    return undefined
  return {
    name: form.name,
    enabled: form.enabled ?? true,
    connection: {
      provider: adapter.provider,
      protocol: adapter.protocol,
      adapter,
      baseUrl,
      credentials,
      options,
    },
    offerings,
    grants,
  }
}

function readAddress(
  findings: Findings,
  path: FieldPath,
  adapter: ProtocolAdapter,
  baseUrl: string | undefined,
): string | undefined {
  if (baseUrl !== undefined) return findings.attempt(path, () => readBaseUrl(baseUrl))
  if (adapter.defaultBaseUrl === undefined)
    findings.problem(
      [...path, 'baseUrl'],
      `needed: accounts of "${adapter.provider}" are servers of your own choice`,
    )
  return adapter.defaultBaseUrl
}

/** Model by model, so that each mistake is named. */
function readOfferings(
  services: ReadingServices,
  findings: Findings,
  path: FieldPath,
  place: Pick<Connection, 'adapter' | 'baseUrl' | 'options'>,
  form: AccountForm,
): readonly OfferingPlan[] {
  const models = form.models
  if (models === undefined)
    return findings.attempt(path, () => planOfferings(services, place, undefined)) ?? []
  const plans = models.flatMap(
    (model, index) =>
      // Planned as a list of one, whose place in the refusal's path (`models.0`) is not its real one.
      findings.attempt([...path, 'models', index], () => planOfferings(services, place, [model]), 2) ?? [],
  )
  findings.refuseTwins(
    [...path, 'models'],
    models.map((model) => (typeof model === 'string' ? model : model.name)),
    'a model',
  )
  models.forEach((model, index) => {
    if (
      typeof model === 'string' &&
      findCatalogueModel(services.catalogue, place.adapter.provider, model) === undefined
    )
      findings.warning(
        [...path, 'models', index],
        `"${model}" is not in the catalogue of "${place.adapter.provider}": without a price it is used only as far as grants pay for it`,
      )
  })
  return plans
}

import type { ProtocolAdapter, Provider } from '@tollgate/adapters/contract'
import type { Price } from '../prices/price.ts'
import type { Connection } from './account-form.ts'
import { findCatalogueModel, type CatalogueModel } from './catalogue.ts'
import { invalidField } from './error.ts'
import { modelNamePattern } from './names.ts'
import { readPriceForm, type PriceForm } from './price-form.ts'
import type { AdministrationServices } from './services.ts'

/** A model of an account as people write it: a name of the catalogue, or all about it. */
export type ModelForm =
  | string
  | ({
      readonly name: string
      /** As the provider knows it; default: the name. */
      readonly upstream?: string | undefined
      readonly kind?: string | undefined
      readonly contextTokens?: number | undefined
      readonly maxOutputTokens?: number | undefined
      readonly capabilities?: readonly string[] | undefined
      readonly enabled?: boolean | undefined
    } & PriceForm)

export interface OfferingPlan {
  readonly name: string
  readonly upstreamModel: string
  readonly kind: string
  readonly contextTokens: number | undefined
  readonly maxOutputTokens: number | undefined
  readonly capabilities: readonly string[]
  readonly enabled: boolean
  /** Overrides the price book; `undefined`: the book's price, if it has one. */
  readonly price: Price | undefined
}

/**
 * What an account offers. Sizes and abilities come from the catalogue where the form is silent. Without `models` it is
 * every chat and embedding model of the catalogue that this protocol serves at this place.
 */
export function planOfferings(
  services: Pick<AdministrationServices, 'catalogue'>,
  place: Pick<Connection, 'adapter' | 'baseUrl' | 'options'>,
  models: readonly ModelForm[] | undefined,
): readonly OfferingPlan[] {
  const { adapter } = place
  const provider = adapter.provider
  if (models === undefined) {
    const served = services.catalogue
      .models(provider)
      .filter((model) => canServe(adapter, model.kind) && adapter.serves?.(model.name, place) !== false)
    if (served.length === 0)
      throw invalidField(
        'models',
        `name the models of this account: the catalogue has none for "${provider}"`,
      )
    return served.map((model) => fromCatalogue(model))
  }
  const plans = models.map((model, index) => planOne(services, provider, model, `models.${index}`))
  plans.forEach((plan, index) => {
    if (!canServe(adapter, plan.kind))
      throw invalidField(
        `models.${index}`,
        `"${plan.name}" is of kind "${plan.kind}", which the protocol "${adapter.protocol}" cannot serve`,
      )
    if (plans.findIndex((other) => other.name === plan.name) !== index)
      throw invalidField(`models.${index}`, `"${plan.name}" is listed twice`)
  })
  return plans
}

function planOne(
  services: Pick<AdministrationServices, 'catalogue'>,
  provider: Provider,
  form: ModelForm,
  path: string,
): OfferingPlan {
  const given = typeof form === 'string' ? { name: form } : form
  const upstreamModel = given.upstream ?? given.name
  if (!modelNamePattern.test(given.name)) throw invalidField(path, 'a model name has no spaces')
  const known = findCatalogueModel(services.catalogue, provider, upstreamModel)
  return {
    name: given.name,
    upstreamModel,
    kind: given.kind ?? known?.kind ?? 'chat',
    contextTokens: given.contextTokens ?? known?.contextTokens,
    maxOutputTokens: given.maxOutputTokens ?? known?.maxOutputTokens,
    capabilities: given.capabilities ?? known?.capabilities ?? [],
    enabled: given.enabled ?? true,
    price: hasPrice(given) ? readPriceForm(given, path) : undefined,
  }
}

function fromCatalogue(model: CatalogueModel): OfferingPlan {
  return {
    name: model.name,
    upstreamModel: model.name,
    kind: model.kind,
    contextTokens: model.contextTokens,
    maxOutputTokens: model.maxOutputTokens,
    capabilities: model.capabilities,
    enabled: true,
    price: undefined,
  }
}

function canServe(adapter: ProtocolAdapter, kind: string): boolean {
  return kind === 'chat' || (kind === 'embedding' && adapter.embeddings !== undefined)
}

function hasPrice(form: PriceForm): boolean {
  return priceFields.some((field) => form[field] !== undefined)
}

const priceFields = [
  'inputPerMillion',
  'cachedInputPerMillion',
  'cacheWritePerMillion',
  'outputPerMillion',
  'thinkingOutputPerMillion',
  'tiers',
  'offPeak',
  'perRequest',
  'perImage',
] as const satisfies readonly (keyof PriceForm)[]

import type { Provider } from '@tollgate/adapters/contract'
import type { Price } from '../prices/price.ts'

/** Static facts that come with this version: models with their list prices, and free quotas that providers announce. */
export interface Catalogue {
  models(provider: Provider): readonly CatalogueModel[]
  grants(provider: Provider): readonly GrantProposal[]
}

export interface CatalogueModel {
  readonly name: string
  /** Other names that the provider knows the same model by. */
  readonly aliases?: readonly string[] | undefined
  /** `chat`, `embedding`, `image`, ... */
  readonly kind: string
  readonly contextTokens: number | undefined
  readonly maxOutputTokens: number | undefined
  readonly capabilities: readonly string[]
  readonly price: Price | undefined
  readonly currency: string
  /** Month of the newest source, `2026-09`. */
  readonly asOf: string
}

/** A free quota as a provider announces it; it counts only once a person has confirmed it against the console. */
export interface GrantProposal {
  readonly name: string
  /** Upstream model names or patterns. */
  readonly models: readonly string[]
  readonly unit: 'tokens' | 'input-tokens' | 'output-tokens' | 'requests' | 'money'
  /** In the unit; nanos for `money`. */
  readonly amount: bigint
  readonly window: 'once' | 'day' | 'month'
  /** Days from activation; `undefined`: the provider states none. */
  readonly validDays: number | undefined
  readonly whenEmpty: 'provider-stops' | 'provider-bills'
  readonly confidence: 'documented' | 'third-party' | 'brief'
  readonly note: string | undefined
  readonly sources: readonly string[]
}

export function findCatalogueModel(
  catalogue: Catalogue,
  provider: Provider,
  upstreamModel: string,
): CatalogueModel | undefined {
  return catalogue
    .models(provider)
    .find((model) => model.name === upstreamModel || model.aliases?.includes(upstreamModel) === true)
}

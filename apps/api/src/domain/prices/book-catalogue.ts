import type { Catalogue } from '../administration/catalogue.ts'
import type { PriceBook } from './price-book.ts'

/**
 * The price book as administration looks at it. Every model appears once, by its proper name. An `openai-compatible`
 * account has no list: what it offers, only its owner knows, be it at DeepSeek's address.
 */
export function catalogueOf(book: PriceBook): Catalogue {
  return {
    models: (provider) =>
      book.models
        .filter((model) => model.provider === provider)
        .map((model) => ({ ...model, name: model.model, currency: book.currency })),
    grants: (provider) => book.grants.filter((grant) => grant.provider === provider),
  }
}

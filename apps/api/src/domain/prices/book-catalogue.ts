import type { Catalogue } from '../administration/catalogue.ts'
import type { PriceBook } from './price-book.ts'

/**
 * The price book as administration looks at it. Every model appears once, by its proper name. DeepSeek's own platform is
 * an `openai-compatible` one among any number of others, so its models are in nobody's list; their prices are in
 * the database.
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

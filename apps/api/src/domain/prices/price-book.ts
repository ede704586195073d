import { z } from 'zod'
import { bookPrice } from './book-price.ts'
import type { Price } from './price.ts'

/**
 * `prisma/price-book.json`: models with their list prices and the free quotas that providers announce, each with its
 * sources. The file is edited by hand; what its fields mean is in `prisma/README.md`.
 */
export interface PriceBook {
  /** Grows by one with every edit: a database takes over a version it has not seen. */
  readonly version: number
  /** From when on the prices that this version changed are in force. */
  readonly effectiveFrom: Date
  readonly currency: string
  readonly models: readonly BookModel[]
  readonly grants: readonly BookGrant[]
}

export interface BookModel {
  readonly provider: string
  /** As it is sent to the provider. */
  readonly model: string
  /** Other names of the same model at the same price. */
  readonly aliases: readonly string[]
  readonly kind: 'chat' | 'embedding' | 'image' | 'rerank'
  readonly contextTokens: number | undefined
  readonly maxOutputTokens: number | undefined
  readonly capabilities: readonly string[]
  readonly price: Price | undefined
  readonly note: string | undefined
  readonly sources: readonly string[]
  /** Month of the newest source, `2026-09`; not of a check against the provider. */
  readonly asOf: string
}

/** One free quota, as announced: it counts only once a person has found it in the console. */
interface BookGrant {
  readonly provider: string
  readonly name: string
  /** Upstream names or patterns that share this one amount. */
  readonly models: readonly string[]
  readonly unit: 'tokens' | 'input-tokens' | 'output-tokens' | 'requests' | 'money'
  /** In the unit; nanos of the book's currency for `money`. */
  readonly amount: bigint
  readonly window: 'once' | 'day' | 'month'
  readonly validDays: number | undefined
  readonly whenEmpty: 'provider-stops' | 'provider-bills'
  /** `documented` by the provider, reported by a `third-party`, or named by the project's `brief` alone. */
  readonly confidence: 'documented' | 'third-party' | 'brief'
  readonly note: string | undefined
  readonly sources: readonly string[]
}

/** Throws `ZodError` that names the place: a typing error in a price must stop the start, not become a price. */
export function parsePriceBook(json: unknown): PriceBook {
  const book = bookSchema.parse(json)
  return {
    ...book,
    models: book.models.map((model) => ({
      ...model,
      aliases: model.aliases ?? [],
      capabilities: model.capabilities ?? [],
      contextTokens: model.contextTokens,
      maxOutputTokens: model.maxOutputTokens,
      price: model.price,
      note: model.note,
    })),
    grants: book.grants.flatMap(({ models, pools, ...grant }) => {
      const shared = { ...grant, amount: grant.amount, validDays: grant.validDays, note: grant.note }
      if (models !== undefined) return [{ ...shared, models }]
      return (pools ?? []).map((pool) => ({ ...shared, name: `${pool[0]} (${grant.name})`, models: pool }))
    }),
  }
}

const tokens = z.int().nonnegative()

const modelSchema = z.strictObject({
  provider: z.string(),
  model: z.string(),
  aliases: z.array(z.string()).exactOptional(),
  kind: z.enum(['chat', 'embedding', 'image', 'rerank']),
  contextTokens: tokens.exactOptional(),
  maxOutputTokens: tokens.exactOptional(),
  /** Lengths of vector that can be asked for, and texts in one request. */
  dimensions: z.array(z.int().positive()).exactOptional(),
  maxBatch: z.int().positive().exactOptional(),
  capabilities: z.array(z.string()).exactOptional(),
  price: bookPrice.exactOptional(),
  note: z.string().exactOptional(),
  sources: z.array(z.string()).min(1),
  asOf: z.string().regex(/^\d{4}-\d{2}$/),
})

const pool = z.array(z.string()).min(1)

const grantSchema = z
  .strictObject({
    provider: z.string(),
    name: z.string(),
    /** One pool that all of these share ... */
    models: pool.exactOptional(),
    /** ... or several pools of this amount each, named after their first model. */
    pools: z.array(pool).min(1).exactOptional(),
    unit: z.enum(['tokens', 'input-tokens', 'output-tokens', 'requests', 'money']),
    amount: z.string().regex(/^\d+$/),
    window: z.enum(['once', 'day', 'month']),
    validDays: z.int().positive().exactOptional(),
    whenEmpty: z.enum(['provider-stops', 'provider-bills']),
    confidence: z.enum(['documented', 'third-party', 'brief']),
    note: z.string().exactOptional(),
    sources: z.array(z.string()).min(1),
  })
  .refine((grant) => (grant.models === undefined) !== (grant.pools === undefined), {
    message: 'either models or pools',
  })
  .transform((grant) => ({
    ...grant,
    amount: grant.unit === 'money' ? BigInt(grant.amount) * 1_000_000_000n : BigInt(grant.amount),
  }))

const bookSchema = z.strictObject({
  version: z.int().positive(),
  effectiveFrom: z.iso.datetime({ offset: true }).transform((text) => new Date(text)),
  currency: z.string(),
  models: z.array(modelSchema),
  grants: z.array(grantSchema),
})

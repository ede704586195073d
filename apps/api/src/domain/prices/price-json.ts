import { z } from 'zod'
import type { Price } from './price.ts'

/** `Price` as it is kept in the database: amounts are strings of nanos, since JSON numbers cannot hold them exactly. */
export function priceToJson(price: Price): PriceJson {
  return priceJson.encode(price)
}

/** Throws `ZodError` on anything that is not a price, unknown fields included: a typing error must not mean "free". */
export function priceFromJson(json: unknown): Price {
  return priceJson.parse(json)
}

const nanos = z.codec(z.string().regex(/^\d+$/, 'whole nanos, as a string'), z.bigint(), {
  decode: (text) => BigInt(text),
  encode: (amount) => amount.toString(),
})
const tokens = z.int().nonnegative()

const tier = z.strictObject({
  inputOver: tokens.exactOptional(),
  inputUpTo: tokens.exactOptional(),
  outputOver: tokens.exactOptional(),
  outputUpTo: tokens.exactOptional(),
  inputNanosPerMillion: nanos.exactOptional(),
  cachedInputNanosPerMillion: nanos.exactOptional(),
  cacheWriteNanosPerMillion: nanos.exactOptional(),
  outputNanosPerMillion: nanos.exactOptional(),
  thinkingOutputNanosPerMillion: nanos.exactOptional(),
})
const tiers = z.tuple([tier], tier).readonly()

const minuteOfDay = z.int().min(0).max(1440)

const priceJson = z.strictObject({
  tiers,
  timeOfDay: z
    .strictObject({
      utcOffsetMinutes: z.int().min(-720).max(840),
      windows: z
        .array(
          z.strictObject({
            days: z.array(z.int().min(1).max(7)).min(1).readonly(),
            fromMinute: minuteOfDay,
            toMinute: minuteOfDay,
          }),
        )
        .min(1)
        .readonly(),
      tiers,
    })
    .exactOptional(),
  perRequestNanos: nanos.exactOptional(),
  perImageNanos: nanos.exactOptional(),
})

export type PriceJson = z.input<typeof priceJson>

import { z } from 'zod'
import { decimalInput, isoTime } from './common.ts'

const rate = z
  .string()
  .nullable()
  .describe('Decimal string per million tokens; null: unknown, which is not free.')

const rates = {
  inputPerMillion: rate,
  cachedInputPerMillion: rate,
  cacheWritePerMillion: rate,
  outputPerMillion: rate,
  thinkingOutputPerMillion: rate,
}

const bounds = {
  inputOver: z.int().nullable(),
  inputUpTo: z.int().nullable(),
  outputOver: z.int().nullable(),
  outputUpTo: z.int().nullable(),
}

const tier = z
  .object({ ...bounds, ...rates })
  .describe('Holds for inputOver < input tokens <= inputUpTo; the whole request is charged at one tier.')

const dailyWindow = z.object({
  days: z.array(z.int()).describe('1 Monday to 7 Sunday.'),
  fromMinute: z.int().describe('Minute of the day.'),
  toMinute: z.int().describe('Minute of the day, exclusive.'),
})

export const priceView = z
  .object({
    currency: z.string(),
    ...rates,
    tiers: z.array(tier).nullable().describe('Null when one price holds for every length.'),
    offPeak: z
      .object({ utcOffsetMinutes: z.int(), windows: z.array(dailyWindow), tiers: z.array(tier) })
      .nullable()
      .describe('Other rates within certain hours of the day.'),
    perRequest: z.string().nullable(),
    perImage: z.string().nullable(),
    effectiveFrom: isoTime.nullable(),
    origin: z.enum(['price-book', 'yaml', 'api']),
  })
  .describe('List price. The flat fields are those of the first tier.')
  .meta({ id: 'Price' })

const rateInput = decimalInput.optional()

const ratesInput = {
  inputPerMillion: rateInput,
  cachedInputPerMillion: rateInput,
  cacheWritePerMillion: rateInput,
  outputPerMillion: rateInput,
  thinkingOutputPerMillion: rateInput,
}

const boundInput = z.int().nonnegative().nullable().optional()

const tierInput = z.strictObject({
  inputOver: boundInput,
  inputUpTo: boundInput,
  outputOver: boundInput,
  outputUpTo: boundInput,
  ...ratesInput,
})

const minute = z.int().min(0).max(1440)

export const priceInput = z
  .strictObject({
    ...ratesInput,
    tiers: z.array(tierInput).min(1).max(50).optional().describe('Instead of the flat rates.'),
    offPeak: z
      .strictObject({
        utcOffsetMinutes: z.int().min(-720).max(840).default(480),
        windows: z
          .array(
            z.strictObject({
              days: z.array(z.int().min(1).max(7)).min(1).max(7),
              fromMinute: minute,
              toMinute: minute,
            }),
          )
          .min(1)
          .max(50),
        tiers: z.array(tierInput).min(1).max(50),
      })
      .optional(),
    perRequest: rateInput,
    perImage: rateInput,
  })
  .describe('Decimal strings. A rate that is left out is unknown, which is not the same as "0".')
  .meta({ id: 'NewPrice' })

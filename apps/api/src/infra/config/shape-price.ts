import { z } from 'zod'
import { fields } from './fields.ts'

/** Prices in `tollgate.yaml`: decimal strings, since a float loses the last digits of money. */

const money = z
  .string()
  .regex(/^\d{1,12}(\.\d{1,9})?$/, 'must be a decimal number such as "0.8", with at most 9 decimal places')
  .optional()

const rates = {
  inputPerMillion: money,
  cachedInputPerMillion: money,
  cacheWritePerMillion: money,
  outputPerMillion: money,
  thinkingOutputPerMillion: money,
}

const bound = z.int().nonnegative().optional()

const tiers = z
  .array(fields({ inputOver: bound, inputUpTo: bound, outputOver: bound, outputUpTo: bound, ...rates }))
  .min(1)

const minute = z.int().min(0).max(1440)

export const priceFields = {
  ...rates,
  /** Instead of the flat rates. */
  tiers: tiers.optional(),
  offPeak: fields({
    utcOffsetMinutes: z.int().min(-720).max(840).default(480),
    windows: z
      .array(fields({ days: z.array(z.int().min(1).max(7)).min(1), fromMinute: minute, toMinute: minute }))
      .min(1),
    tiers,
  }).optional(),
  perRequest: money,
  perImage: money,
}

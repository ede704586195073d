import { z } from 'zod'
import { parseNanos } from './format-nanos.ts'
import type { Nanos, Price, PriceTier, TokenRates } from './price.ts'

/** Decimal string of the book's currency, e.g. `"0.8"`. */
const money = z.string().transform((text, context): Nanos => {
  const nanos = parseNanos(text)
  if (nanos !== undefined && nanos >= 0n) return nanos
  context.addIssue({ code: 'custom', message: `"${text}" is not a decimal amount` })
  return z.NEVER
})

const tokens = z.int().nonnegative()

/** Per million tokens. */
const rateFields = {
  input: money.exactOptional(),
  cachedInput: money.exactOptional(),
  cacheWrite: money.exactOptional(),
  output: money.exactOptional(),
  thinkingOutput: money.exactOptional(),
}

const boundFields = {
  inputOver: tokens.exactOptional(),
  inputUpTo: tokens.exactOptional(),
  outputOver: tokens.exactOptional(),
  outputUpTo: tokens.exactOptional(),
}

const clock = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/)
  .transform((text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3)))

const timeOfDay = z.strictObject({
  utcOffsetMinutes: z.int(),
  windows: z
    .array(
      z
        .strictObject({ days: z.array(z.int().min(1).max(7)).min(1), from: clock, to: clock })
        .refine((window) => window.from < window.to, 'a window that passes midnight is written as two'),
    )
    .min(1),
  ...rateFields,
})

/** A price as the book writes it: flat rates, or tiers of them, in decimal strings per million tokens. */
export const bookPrice = z
  .strictObject({
    ...rateFields,
    tiers: z
      .array(z.strictObject({ ...boundFields, ...rateFields }))
      .min(2)
      .exactOptional(),
    timeOfDay: timeOfDay.exactOptional(),
    perRequest: money.exactOptional(),
    perImage: money.exactOptional(),
  })
  .transform((form): Price => {
    const [first, ...rest] = (form.tiers ?? [form]).map(toTier)
    if (first === undefined) throw new Error('a price without tiers')
    return {
      tiers: [first, ...rest],
      ...(form.timeOfDay === undefined ? {} : { timeOfDay: toTimeOfDay(form.timeOfDay) }),
      ...(form.perRequest === undefined ? {} : { perRequestNanos: form.perRequest }),
      ...(form.perImage === undefined ? {} : { perImageNanos: form.perImage }),
    }
  })

interface RatesForm {
  readonly input?: Nanos
  readonly cachedInput?: Nanos
  readonly cacheWrite?: Nanos
  readonly output?: Nanos
  readonly thinkingOutput?: Nanos
}

interface TierForm
  extends RatesForm, Pick<PriceTier, 'inputOver' | 'inputUpTo' | 'outputOver' | 'outputUpTo'> {}

function toTier(form: TierForm): PriceTier {
  return {
    ...(form.inputOver === undefined ? {} : { inputOver: form.inputOver }),
    ...(form.inputUpTo === undefined ? {} : { inputUpTo: form.inputUpTo }),
    ...(form.outputOver === undefined ? {} : { outputOver: form.outputOver }),
    ...(form.outputUpTo === undefined ? {} : { outputUpTo: form.outputUpTo }),
    ...toRates(form),
  }
}

function toRates(form: RatesForm): TokenRates {
  return {
    ...(form.input === undefined ? {} : { inputNanosPerMillion: form.input }),
    ...(form.cachedInput === undefined ? {} : { cachedInputNanosPerMillion: form.cachedInput }),
    ...(form.cacheWrite === undefined ? {} : { cacheWriteNanosPerMillion: form.cacheWrite }),
    ...(form.output === undefined ? {} : { outputNanosPerMillion: form.output }),
    ...(form.thinkingOutput === undefined ? {} : { thinkingOutputNanosPerMillion: form.thinkingOutput }),
  }
}

function toTimeOfDay(form: z.output<typeof timeOfDay>): NonNullable<Price['timeOfDay']> {
  return {
    utcOffsetMinutes: form.utcOffsetMinutes,
    windows: form.windows.map(({ days, from, to }) => ({ days, fromMinute: from, toMinute: to })),
    tiers: [toRates(form)],
  }
}

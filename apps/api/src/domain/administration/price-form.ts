import { formatNanos, parseNanos } from '../prices/format-nanos.ts'
import type { Nanos, Price, PriceTier, TimeOfDayPrice, TokenRates } from '../prices/price.ts'
import { invalidField } from './error.ts'

/** A price as people write it: decimal strings per million tokens. A field left out is unknown, never free. */
export interface RatesForm {
  readonly inputPerMillion?: string | undefined
  readonly cachedInputPerMillion?: string | undefined
  readonly cacheWritePerMillion?: string | undefined
  readonly outputPerMillion?: string | undefined
  readonly thinkingOutputPerMillion?: string | undefined
}

export interface TierForm extends RatesForm {
  readonly inputOver?: number | null | undefined
  readonly inputUpTo?: number | null | undefined
  readonly outputOver?: number | null | undefined
  readonly outputUpTo?: number | null | undefined
}

export interface PriceForm extends RatesForm {
  readonly tiers?: readonly TierForm[] | undefined
  readonly offPeak?: (Omit<TimeOfDayPrice, 'tiers'> & { readonly tiers: readonly TierForm[] }) | undefined
  readonly perRequest?: string | undefined
  readonly perImage?: string | undefined
}

/** Throws `invalid_request` that names the field, below `path`. */
export function readPriceForm(form: PriceForm, path: string): Price {
  const perRequestNanos = readAmount(form.perRequest, `${path}.perRequest`)
  const perImageNanos = readAmount(form.perImage, `${path}.perImage`)
  const timeOfDay = form.offPeak
  timeOfDay?.windows.forEach((window, index) => {
    if (window.fromMinute >= window.toMinute)
      throw invalidField(
        `${path}.offPeak.windows.${index}`,
        'fromMinute must be before toMinute; a window that passes midnight is written as two',
      )
  })
  return {
    tiers: readTiers(form.tiers ?? [form], `${path}.tiers`),
    ...(timeOfDay === undefined
      ? {}
      : {
          timeOfDay: {
            utcOffsetMinutes: timeOfDay.utcOffsetMinutes,
            windows: timeOfDay.windows,
            tiers: readTiers(timeOfDay.tiers, `${path}.offPeak.tiers`),
          },
        }),
    ...(perRequestNanos === undefined ? {} : { perRequestNanos }),
    ...(perImageNanos === undefined ? {} : { perImageNanos }),
  }
}

export interface RatesText {
  readonly inputPerMillion: string | null
  readonly cachedInputPerMillion: string | null
  readonly cacheWritePerMillion: string | null
  readonly outputPerMillion: string | null
  readonly thinkingOutputPerMillion: string | null
}

export function showRates(rates: TokenRates): RatesText {
  const show = (nanos: Nanos | undefined) => (nanos === undefined ? null : formatNanos(nanos))
  return {
    inputPerMillion: show(rates.inputNanosPerMillion),
    cachedInputPerMillion: show(rates.cachedInputNanosPerMillion),
    cacheWritePerMillion: show(rates.cacheWriteNanosPerMillion),
    outputPerMillion: show(rates.outputNanosPerMillion),
    thinkingOutputPerMillion: show(rates.thinkingOutputNanosPerMillion),
  }
}

function readTiers(forms: readonly TierForm[], path: string): readonly [PriceTier, ...PriceTier[]] {
  const [first, ...rest] = forms.map((form, index) => readTier(form, `${path}.${index}`))
  if (first === undefined) throw invalidField(path, 'needs at least one tier')
  return [first, ...rest]
}

function readTier(form: TierForm, path: string): PriceTier {
  return {
    ...when('inputOver', form.inputOver ?? undefined),
    ...when('inputUpTo', form.inputUpTo ?? undefined),
    ...when('outputOver', form.outputOver ?? undefined),
    ...when('outputUpTo', form.outputUpTo ?? undefined),
    ...when('inputNanosPerMillion', readAmount(form.inputPerMillion, `${path}.inputPerMillion`)),
    ...when(
      'cachedInputNanosPerMillion',
      readAmount(form.cachedInputPerMillion, `${path}.cachedInputPerMillion`),
    ),
    ...when(
      'cacheWriteNanosPerMillion',
      readAmount(form.cacheWritePerMillion, `${path}.cacheWritePerMillion`),
    ),
    ...when('outputNanosPerMillion', readAmount(form.outputPerMillion, `${path}.outputPerMillion`)),
    ...when(
      'thinkingOutputNanosPerMillion',
      readAmount(form.thinkingOutputPerMillion, `${path}.thinkingOutputPerMillion`),
    ),
  }
}

/** A field that is there only when its value is known. */
function when<Name extends keyof PriceTier>(
  name: Name,
  value: PriceTier[Name] | undefined,
): Partial<Pick<PriceTier, Name>> {
  const field: Partial<Pick<PriceTier, Name>> = {}
  if (value !== undefined) field[name] = value
  return field
}

function readAmount(text: string | undefined, path: string): Nanos | undefined {
  if (text === undefined) return undefined
  const nanos = parseNanos(text)
  if (nanos === undefined || nanos < 0n)
    throw invalidField(path, `"${text}" is not a decimal string such as "0.8"`)
  return nanos
}

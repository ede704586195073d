import type { z } from 'zod'
import type { CurrentPrice } from '../../domain/administration/current-prices.ts'
import { showRates } from '../../domain/administration/price-form.ts'
import { formatNanos } from '../../domain/prices/format-nanos.ts'
import type { Price, PriceTier } from '../../domain/prices/price.ts'
import type { priceView } from './schemas/price.ts'

export type PriceView = z.output<typeof priceView>

export function toPriceView(current: CurrentPrice): PriceView {
  return showPrice(current.price, {
    currency: current.currency,
    effectiveFrom: current.effectiveFrom.toISOString(),
    origin: current.origin,
  })
}

export function showPrice(
  price: Price,
  about: Pick<PriceView, 'currency' | 'effectiveFrom' | 'origin'>,
): PriceView {
  const [first] = price.tiers
  const isFlat = price.tiers.length === 1 && first.inputOver === undefined && first.inputUpTo === undefined
  return {
    ...about,
    ...showRates(first),
    tiers: isFlat ? null : price.tiers.map(showTier),
    offPeak:
      price.timeOfDay === undefined
        ? null
        : {
            utcOffsetMinutes: price.timeOfDay.utcOffsetMinutes,
            windows: price.timeOfDay.windows.map((window) => ({ ...window, days: [...window.days] })),
            tiers: price.timeOfDay.tiers.map(showTier),
          },
    perRequest: price.perRequestNanos === undefined ? null : formatNanos(price.perRequestNanos),
    perImage: price.perImageNanos === undefined ? null : formatNanos(price.perImageNanos),
  }
}

function showTier(tier: PriceTier) {
  return {
    inputOver: tier.inputOver ?? null,
    inputUpTo: tier.inputUpTo ?? null,
    outputOver: tier.outputOver ?? null,
    outputUpTo: tier.outputUpTo ?? null,
    ...showRates(tier),
  }
}

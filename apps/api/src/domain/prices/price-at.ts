import type { OfferingEntry, PriceEntry } from '../snapshot/snapshot.ts'

/**
 * The price of a request that begins at this moment. A price that was announced takes effect at its time on every
 * replica, whenever the snapshot was built. `undefined`: unpriced.
 */
export function priceAt(
  offering: Pick<OfferingEntry, 'price' | 'laterPrices'>,
  atMs: number,
): PriceEntry | undefined {
  return offering.laterPrices?.findLast((later) => later.effectiveFromMs <= atMs) ?? offering.price
}

/**
 * A number the client sent, moved into the range a platform takes. `undefined` (nothing to set, the client's own
 * bytes stand) where it is in range already, absent, or no number: then the platform shall say what is wrong.
 */
export function movedIntoRange(value: unknown, low: number, high: number): number | undefined {
  if (typeof value !== 'number' || (value >= low && value <= high)) return undefined
  return Math.min(high, Math.max(low, value))
}

/** A seed of a smaller range: the same one for the same client seed, so that what was repeatable stays so. */
export function seedInRange(seed: unknown, low: number, high: number): number | undefined {
  if (typeof seed !== 'number' || !Number.isSafeInteger(seed) || (seed >= low && seed <= high))
    return undefined
  const size = high - low + 1
  return low + ((((seed - low) % size) + size) % size)
}

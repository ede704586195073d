/** Numbers that look like chance and are the same for the same seed. */
export interface SeededRandom {
  /** 0 <= x < 1 */
  next(): number
  between(min: number, max: number): number
  /** True in this share of the calls. */
  chance(share: number): boolean
  pick<Item>(items: readonly [Item, ...Item[]]): Item
  pickWeighted<Item extends { readonly weight: number }>(items: readonly [Item, ...Item[]]): Item
  /** Around `mean`, most below it, a few far above: how long prompts and answers are. */
  length(mean: number): number
  bytes(count: number): Uint8Array
}

/** Mulberry32: 32 bits of state, good enough for anything that is only looked at. */
export function seededRandom(seed: number): SeededRandom {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  return {
    next,
    between: (min, max) => min + next() * (max - min),
    chance: (share) => next() < share,
    pick: (items) => items[Math.floor(next() * items.length)] ?? items[0],
    pickWeighted(items) {
      let rest = next() * items.reduce((sum, { weight }) => sum + weight, 0)
      for (const item of items) {
        rest -= item.weight
        if (rest < 0) return item
      }
      return items[0]
    },
    length(mean) {
      const normal = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
      return Math.max(1, Math.round(mean * Math.min(6, Math.exp(0.7 * normal - 0.245))))
    },
    bytes: (count) => Uint8Array.from({ length: count }, () => Math.floor(next() * 256)),
  }
}

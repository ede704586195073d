import type { DailyWindow, Price, PriceTier } from './price.ts'

type Tiers = readonly [PriceTier, ...PriceTier[]]

/**
 * Index of the tier that a request of this length falls in, as a whole. Of a length that is in none (longer than the last
 * one goes, or in a gap that somebody left) it is the last one that begins before it: the vendor served it, so its price
 * page says less than it does.
 */
export function chooseTier(
  tiers: Tiers,
  tokens: { readonly input: number; readonly output: number },
): number {
  const found = tiers.findIndex((tier) => holdsInput(tier, tokens.input) && holdsOutput(tier, tokens.output))
  if (found !== -1) return found
  return Math.max(
    tiers.findLastIndex((tier) => beginsBefore(tier, tokens)),
    0,
  )
}

/** Tiers that a request of at most this length may fall in: whatever `chooseTier` finds for one is among them. */
export function reachableTiers(
  tiers: Tiers,
  tokensMax: { readonly input: number; readonly output: number },
): readonly PriceTier[] {
  return tiers.filter((tier, index) => index === 0 || beginsBefore(tier, tokensMax))
}

function beginsBefore(tier: PriceTier, tokens: { readonly input: number; readonly output: number }): boolean {
  return startsBelow(tier.inputOver, tokens.input) && startsBelow(tier.outputOver, tokens.output)
}

/** The tiers in force at a moment. */
export function tiersAt(price: Price, atMs: number): Tiers {
  const timeOfDay = price.timeOfDay
  if (timeOfDay === undefined) return price.tiers
  const local = new Date(atMs + timeOfDay.utcOffsetMinutes * 60_000)
  const day = local.getUTCDay() === 0 ? 7 : local.getUTCDay()
  const minute = local.getUTCHours() * 60 + local.getUTCMinutes()
  const inside = timeOfDay.windows.some((window) => holdsMoment(window, day, minute))
  return inside ? timeOfDay.tiers : price.tiers
}

function holdsMoment(window: DailyWindow, day: number, minute: number): boolean {
  return window.days.includes(day) && minute >= window.fromMinute && minute < window.toMinute
}

function holdsInput(tier: PriceTier, tokens: number): boolean {
  return startsBelow(tier.inputOver, tokens) && tokens <= (tier.inputUpTo ?? Infinity)
}

function holdsOutput(tier: PriceTier, tokens: number): boolean {
  return startsBelow(tier.outputOver, tokens) && tokens <= (tier.outputUpTo ?? Infinity)
}

function startsBelow(over: number | undefined, tokens: number): boolean {
  return over === undefined || over < tokens
}

import type { GatewayLimits } from '../completion/services.ts'
import { priceAt } from '../prices/price-at.ts'
import type { Price, TokenRates } from '../prices/price.ts'
import type { GrantEntry, GrantUnit, OfferingEntry } from '../snapshot/snapshot.ts'
import type { Candidate, ChooseInput } from './choose.ts'
import { grantNeed } from './grant-need.ts'
import { listCost, outputMost } from './list-cost.ts'
import type { PassedOver } from './passed-over.ts'

export interface Paid {
  readonly candidate: Candidate
  /** The answer may be as long as was asked for. */
  readonly whole: boolean
  /** What it may cost beside the grant. Always 0 on a free-only route. */
  readonly moneyNanos: bigint
}

/** What a request would take of a grant with this much left, and how long its answer may then be. */
export function payWith(
  limits: GatewayLimits,
  input: ChooseInput,
  offering: OfferingEntry,
  grant: GrantEntry,
  left: bigint,
): Paid | PassedOver {
  const freeOnly = input.route.policy === 'free-only'
  const outputTokens = Math.min(input.outputTokens, offering.maxOutputTokens ?? input.outputTokens)
  const price = priceAt(offering, input.atMs)
  if (grant.unit === 'money' && (price === undefined || price.currency !== grant.currency))
    return { because: 'money-without-price', offering, grant }
  const beside = price === undefined ? undefined : besideGrant(price.price, grant.unit)
  if (freeOnly) {
    // Nobody could say what goes beyond the grant costs, should the platform count more than our worst case.
    if (beside === undefined && grant.whenEmpty === 'provider-bills')
      return { because: 'bills-without-price', offering, grant }
    if (beside !== undefined && beside !== 'nothing') return { because: beside, offering, grant }
    if (beside === undefined && isOneSided(grant.unit)) return { because: 'other-side', offering, grant }
  }

  const need = (bound: number) =>
    grantNeed(grant.unit, {
      inputTokens: input.inputTokens,
      outputTokens: outputMost(offering, input, bound),
      costNanos: listCost(offering, input, bound),
    })
  const paid = (bound: number, amount: bigint, moneyNanos: bigint): Paid => ({
    candidate: {
      offering,
      grant: { grant, amount, guarded: freeOnly },
      outputTokens: bound,
      worstCostNanos: listCost(offering, input, bound),
    },
    whole: bound === outputTokens,
    moneyNanos,
  })
  const all = need(outputTokens)
  if (all === undefined) return { because: 'money-without-price', offering, grant }
  const money =
    beside === undefined || beside === 'nothing' ? 0n : (listCost(offering, input, outputTokens) ?? 0n)
  if (left > 0n && all <= left) return paid(outputTokens, all, money)
  const tooLittle: PassedOver = { because: 'too-little', offering, grant, needed: all, left, held: 0n }
  if (left <= 0n) return tooLittle
  if (grant.whenEmpty === 'provider-bills' && !freeOnly) {
    // The platform takes what is left of the grant and bills the rest: so does the hold.
    const cost = listCost(offering, input, outputTokens)
    return cost === undefined ? tooLittle : paid(outputTokens, left, cost)
  }
  const useful = input.outputBoundByClient ? outputTokens : limits.usefulGrantOutputTokens
  const least = Math.min(freeOnly ? limits.usefulOutputTokens : useful, outputTokens)
  const fits = largestOutput(need, left, outputTokens)
  const amount = fits < least ? undefined : need(fits)
  if (amount === undefined) return { ...tooLittle, needed: need(least) ?? all }
  return paid(fits, amount, money)
}

/** The largest output bound whose need the grant can bear, by halving; -1: not even the input. */
function largestOutput(
  need: (output: number) => bigint | undefined,
  left: bigint,
  outputMax: number,
): number {
  let low = -1
  let high = outputMax
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    const amount = need(middle)
    if (amount !== undefined && amount <= left) low = middle
    else high = middle - 1
  }
  return low
}

/** What costs money although the grant bears the request: the side it does not count, or a fee a call. */
function besideGrant(price: Price, unit: GrantUnit): 'nothing' | 'other-side' | 'fee' {
  if (unit === 'money' || unit === 'requests') return 'nothing'
  if (isOneSided(unit) && !isFree(price, unit === 'input-tokens' ? outputRates : inputRates))
    return 'other-side'
  return (price.perRequestNanos ?? 0n) > 0n ? 'fee' : 'nothing'
}

function isOneSided(unit: GrantUnit): boolean {
  return unit === 'input-tokens' || unit === 'output-tokens'
}

/** A rate that is unknown is not free; one that has no price of its own falls to its neighbour, which is looked at. */
function isFree(price: Price, rates: readonly (keyof TokenRates)[]): boolean {
  const [main] = rates
  return [...price.tiers, ...(price.timeOfDay?.tiers ?? [])].every(
    (tier) => main !== undefined && tier[main] === 0n && rates.every((rate) => (tier[rate] ?? 0n) === 0n),
  )
}

const inputRates = [
  'inputNanosPerMillion',
  'cachedInputNanosPerMillion',
  'cacheWriteNanosPerMillion',
] as const
const outputRates = ['outputNanosPerMillion', 'thinkingOutputNanosPerMillion'] as const

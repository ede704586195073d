import type { GrantEntry, OfferingEntry, RouteEntry } from '../snapshot/snapshot.ts'
import { grantCounter } from '../counters/windows.ts'
import { priceAt } from '../prices/price-at.ts'
import { worstCaseCost } from '../prices/worst-case-cost.ts'
import type { GatewayServices } from '../completion/services.ts'
import { grantNeed } from './grant-need.ts'

/** One offering that may be tried, and how it would be paid. */
export interface Candidate {
  readonly offering: OfferingEntry
  readonly grant: GrantHold | undefined
  /** Output tokens each choice may take here: the reservation's bound, the model's cap, or what the grant can bear. */
  readonly outputTokens: number
  /** What it may cost at list price; `undefined`: unpriced, so only a grant that stops at zero may pay. */
  readonly worstCostNanos: bigint | undefined
}

export interface GrantHold {
  readonly grant: GrantEntry
  /** In the grant's unit. Less than the worst case where the platform itself would bill the rest. */
  readonly amount: bigint
}

export interface ChooseInput {
  readonly route: RouteEntry
  readonly offerings: readonly OfferingEntry[]
  readonly timeZone: string
  readonly inputTokens: number
  readonly outputTokens: number
  readonly choices: number
  /** Whether the client named a bound itself: then a grant that cannot bear all of it is no better than a paid offering. */
  readonly outputBoundByClient: boolean
  readonly atMs: number
}

/**
 * Orders what may serve a request. `free-first`: offerings with a grant that bears the worst case, soonest to expire
 * first; then grants that bear a shortened answer; then paid ones by price. `free-only` drops whatever could cost
 * money. `priority` keeps the order of the route.
 */
export async function choose(services: GatewayServices, input: ChooseInput): Promise<Candidate[]> {
  const ranked: { readonly candidate: Candidate; readonly rank: Rank }[] = []
  for (const [position, offering] of input.offerings.entries()) {
    const rankedOne = await plan(services, input, offering, position)
    if (rankedOne !== undefined) ranked.push(rankedOne)
  }
  if (input.route.policy !== 'priority') ranked.sort((left, right) => compare(left.rank, right.rank))
  return ranked.map(({ candidate }) => candidate)
}

interface Rank {
  readonly class: (typeof rankClass)[keyof typeof rankClass]
  readonly expiresAtMs: number
  readonly costNanos: bigint
  readonly position: number
}

const rankClass = { grantBearsAll: 0, grantBearsLess: 1, paid: 2 } as const

function compare(left: Rank, right: Rank): number {
  if (left.class !== right.class) return left.class - right.class
  if (left.class !== rankClass.paid && left.expiresAtMs !== right.expiresAtMs) {
    return left.expiresAtMs - right.expiresAtMs
  }
  if (left.costNanos !== right.costNanos) return left.costNanos < right.costNanos ? -1 : 1
  return left.position - right.position
}

async function plan(
  services: GatewayServices,
  input: ChooseInput,
  offering: OfferingEntry,
  position: number,
): Promise<{ candidate: Candidate; rank: Rank } | undefined> {
  const outputTokens = Math.min(input.outputTokens, offering.maxOutputTokens ?? input.outputTokens)
  const costNanos = listCost(offering, input, outputTokens)
  const free = costNanos === 0n
  const freeOnly = input.route.policy === 'free-only'
  const live = offering.grants.filter((grant) =>
    isLive(grant, input.atMs, services.limits.requestMsMax, freeOnly),
  )

  for (const grant of live) {
    const [reading] = await services.counters.read(
      [grantCounter(grant, input.atMs, input.timeZone)],
      input.atMs,
    )
    const left = grant.amount - (reading?.settled ?? 0n) - (reading?.held ?? 0n)
    const paid = payWith(services, input, offering, grant, left, outputTokens, costNanos)
    if (paid === undefined) continue
    return {
      candidate: {
        offering,
        grant: { grant, amount: paid.amount },
        outputTokens: paid.outputTokens,
        worstCostNanos: listCost(offering, input, paid.outputTokens),
      },
      rank: {
        class: paid.class,
        expiresAtMs: grant.expiresAtMs ?? Number.POSITIVE_INFINITY,
        costNanos: costNanos ?? 0n,
        position,
      },
    }
  }
  if (costNanos === undefined) return undefined
  // A model that costs nothing is as good as a grant without end; anything else needs money, which `free-only` has not.
  if (freeOnly && !free) return undefined
  // The platform stops at zero by the account's own setting: it would refuse, not bill.
  if (!free && live.length === 0 && offering.grants.some((grant) => grant.whenEmpty === 'provider-stops'))
    return undefined
  if (!free && live.some((grant) => grant.whenEmpty === 'provider-stops')) return undefined
  return {
    candidate: { offering, grant: undefined, outputTokens, worstCostNanos: costNanos },
    rank: {
      class: free ? rankClass.grantBearsAll : rankClass.paid,
      expiresAtMs: Number.POSITIVE_INFINITY,
      costNanos,
      position,
    },
  }
}

function payWith(
  services: GatewayServices,
  input: ChooseInput,
  offering: OfferingEntry,
  grant: GrantEntry,
  left: bigint,
  outputTokens: number,
  costNanos: bigint | undefined,
): { amount: bigint; outputTokens: number; class: Rank['class'] } | undefined {
  const need = (output: number) =>
    grantNeed(grant.unit, {
      inputTokens: input.inputTokens,
      outputTokens: output * input.choices,
      costNanos: listCost(offering, input, output),
    })
  const all = need(outputTokens)
  if (all === undefined || left <= 0n) return undefined
  if (all <= left) return { amount: all, outputTokens, class: rankClass.grantBearsAll }
  if (grant.whenEmpty === 'provider-bills' && input.route.policy !== 'free-only') {
    // The platform takes what is left of the grant and bills the rest: so does the hold.
    return costNanos === undefined ? undefined : { amount: left, outputTokens, class: rankClass.paid }
  }
  const useful = input.outputBoundByClient ? outputTokens : services.limits.usefulGrantOutputTokens
  const least =
    input.route.policy === 'free-only' ? Math.min(services.limits.usefulOutputTokens, outputTokens) : useful
  const fits = largestOutput(need, left, outputTokens)
  if (fits < Math.min(least, outputTokens)) return undefined
  const amount = need(fits)
  return amount === undefined ? undefined : { amount, outputTokens: fits, class: rankClass.grantBearsLess }
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

function listCost(offering: OfferingEntry, input: ChooseInput, outputTokens: number): bigint | undefined {
  const price = priceAt(offering, input.atMs)
  if (price === undefined) return undefined
  return worstCaseCost(price.price, {
    inputTokens: input.inputTokens,
    outputTokens: outputTokens * input.choices,
    atMs: input.atMs,
  })
}

/** On a free-only route a grant must outlive the longest request, or its end would be billed. */
function isLive(grant: GrantEntry, atMs: number, requestMsMax: number, freeOnly: boolean): boolean {
  if (grant.validFromMs > atMs) return false
  return grant.expiresAtMs === undefined || grant.expiresAtMs > (freeOnly ? atMs + requestMsMax : atMs)
}

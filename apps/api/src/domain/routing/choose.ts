import type { GatewayServices } from '../completion/services.ts'
import type { UsageRecord } from '../../ports/usage-record.ts'
import type { GrantEntry, OfferingEntry, RouteEntry } from '../snapshot/snapshot.ts'
import { findUncoveredField } from './find-uncovered-field.ts'
import type { PassedOver } from './passed-over.ts'
import { readGrants } from './read-grants.ts'
import { planOffering, rankClass, type Planned, type Rank } from './plan-offering.ts'

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
  /**
   * The route may not cost money, so that the grant must never be thought larger than it is: unless the provider's last
   * word on the usage is known, all that was held is booked on it.
   */
  readonly guarded: boolean
}

export interface ChooseInput {
  readonly route: RouteEntry
  readonly offerings: readonly OfferingEntry[]
  readonly timeZone: string
  readonly endpoint: UsageRecord['endpoint']
  readonly body: Readonly<Record<string, unknown>>
  readonly inputTokens: number
  readonly outputTokens: number
  readonly choices: number
  /** Whether the client named a bound itself: then a grant that cannot bear all of it is no better than a paid offering. */
  readonly outputBoundByClient: boolean
  readonly atMs: number
}

/** What may serve a request, in order, and why the rest may not. */
export interface Chosen {
  readonly input: ChooseInput
  readonly candidates: readonly Candidate[]
  readonly passedOver: readonly PassedOver[]
}

/**
 * Orders what may serve a request. `free-first`: offerings with a grant that bears the worst case, soonest to expire
 * first; then grants that bear a shortened answer; then paid ones by price. `free-only` drops whatever could cost
 * money. `priority` keeps the order of the route.
 */
export async function choose(services: GatewayServices, input: ChooseInput): Promise<Chosen> {
  const field = input.route.policy === 'free-only' ? findUncoveredField(input.body) : undefined
  if (field !== undefined) return { input, candidates: [], passedOver: [{ because: 'field', ...field }] }
  const readings = await readGrants(services, input)
  const planned: Planned[] = []
  const passedOver: PassedOver[] = []
  for (const [position, offering] of input.offerings.entries()) {
    const plan = planOffering(services, input, offering, position, readings)
    if ('candidate' in plan) planned.push(plan)
    else passedOver.push(...plan.passedOver)
  }
  if (input.route.policy !== 'priority') planned.sort((left, right) => compare(left.rank, right.rank))
  return { input, candidates: planned.map(({ candidate }) => candidate), passedOver }
}

function compare(left: Rank, right: Rank): number {
  if (left.class !== right.class) return left.class - right.class
  if (left.class !== rankClass.paid && left.expiresAtMs !== right.expiresAtMs) {
    return left.expiresAtMs - right.expiresAtMs
  }
  if (left.costNanos !== right.costNanos) return left.costNanos < right.costNanos ? -1 : 1
  return left.position - right.position
}

import type { GatewayServices } from '../completion/services.ts'
import { grantSize } from '../grants/grant-size.ts'
import type { GrantEntry, OfferingEntry } from '../snapshot/snapshot.ts'
import type { Candidate, ChooseInput } from './choose.ts'
import { listCost } from './list-cost.ts'
import { matchesAny } from './match-pattern.ts'
import type { PassedOver } from './passed-over.ts'
import type { GrantReadings } from './read-grants.ts'
import { payWith } from './pay-with.ts'

export interface Planned {
  readonly candidate: Candidate
  readonly rank: Rank
}

export interface Rank {
  readonly class: (typeof rankClass)[keyof typeof rankClass]
  readonly expiresAtMs: number
  readonly costNanos: bigint
  readonly position: number
}

export const rankClass = { grantBearsAll: 0, grantBearsLess: 1, paid: 2 } as const

/** How an offering would be paid: by the first of its grants that can bear the request, else by money where it may be. */
export function planOffering(
  services: GatewayServices,
  input: ChooseInput,
  offering: OfferingEntry,
  position: number,
  readings: GrantReadings,
): Planned | { readonly passedOver: readonly PassedOver[] } {
  const freeOnly = input.route.policy === 'free-only'
  const substitute = freeOnly ? services.grants.substituteOf(offering) : undefined
  const outputTokens = Math.min(input.outputTokens, offering.maxOutputTokens ?? input.outputTokens)
  const costNanos = listCost(offering, input, outputTokens)
  const covering = offering.grants.filter((grant) => coversEndpoint(grant, input))
  const passedOver: PassedOver[] = offering.grants
    .filter((grant) => !covering.includes(grant))
    .map((grant) => ({ because: 'coverage', offering, grant }))
  const live: GrantEntry[] = []

  for (const grant of covering) {
    const because = notLive(services, input, grant)
    if (because !== undefined) {
      passedOver.push({ because, offering, grant })
      continue
    }
    live.push(grant)
    const refused = freeOnly ? refusedForFreeOnly(offering, grant, substitute) : undefined
    if (refused !== undefined) {
      passedOver.push(refused)
      continue
    }
    if (services.grants.isEmpty(grant, input.atMs)) {
      passedOver.push({ because: 'said-empty', offering, grant })
      continue
    }
    const reading = readings.get(grant.id)
    const held = reading?.held ?? 0n
    const left = grantSize(grant, input.atMs) - (reading?.settled ?? 0n) - held
    const paid = payWith(services.limits, input, offering, grant, left)
    if ('because' in paid) {
      passedOver.push(paid.because === 'too-little' ? { ...paid, held } : paid)
      continue
    }
    return {
      candidate: paid.candidate,
      rank: {
        class:
          paid.moneyNanos > 0n
            ? rankClass.paid
            : paid.whole
              ? rankClass.grantBearsAll
              : rankClass.grantBearsLess,
        expiresAtMs: grant.expiresAtMs ?? Number.POSITIVE_INFINITY,
        costNanos: paid.moneyNanos > 0n ? paid.moneyNanos : (costNanos ?? 0n),
        position,
      },
    }
  }

  if (costNanos === undefined) return { passedOver: [...passedOver, { because: 'no-price', offering }] }
  const free = costNanos === 0n
  if (freeOnly && !free) {
    return { passedOver: passedOver.length > 0 ? passedOver : [{ because: 'no-grant', offering }] }
  }
  // A model that costs nothing is as good as a grant without end, as long as it is that model that answers.
  if (freeOnly && substitute !== undefined)
    return { passedOver: [...passedOver, { because: 'substituted', offering, answered: substitute }] }
  // The platform stops at zero by the account's own setting: it would refuse, not bill.
  const decisive = live.length > 0 ? live : covering
  if (!free && decisive.some((grant) => grant.whenEmpty === 'provider-stops')) return { passedOver }
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

/** Chat is called by two endpoints. A grant that names no endpoints pays for all of them. */
function coversEndpoint(grant: GrantEntry, input: ChooseInput): boolean {
  return (
    grant.covers.length === 0 ||
    grant.covers.includes(input.endpoint === 'embeddings' ? 'embeddings' : 'chat')
  )
}

/** On a free-only route a grant must outlive the longest request, or its end would be billed. */
function notLive(
  services: GatewayServices,
  input: ChooseInput,
  grant: GrantEntry,
): 'not-yet-valid' | 'expired' | 'expires-too-soon' | undefined {
  if (grant.validFromMs > input.atMs) return 'not-yet-valid'
  if (grant.expiresAtMs === undefined) return undefined
  if (grant.expiresAtMs <= input.atMs) return 'expired'
  const freeOnly = input.route.policy === 'free-only'
  return freeOnly && grant.expiresAtMs <= input.atMs + services.limits.requestMsMax
    ? 'expires-too-soon'
    : undefined
}

/**
 * What is free is the model that the grant names as the provider knows it: a public name says nothing about that, and
 * a model that answers in place of another is free only if the grant names it too.
 */
function refusedForFreeOnly(
  offering: OfferingEntry,
  grant: GrantEntry,
  substitute: string | undefined,
): PassedOver | undefined {
  if (!matchesAny(grant.models, offering.upstreamModel)) return { because: 'public-name', offering, grant }
  if (substitute === undefined || matchesAny(grant.models, substitute)) return undefined
  return { because: 'substituted', offering, answered: substitute }
}

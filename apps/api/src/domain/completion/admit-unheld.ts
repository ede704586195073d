import { CountersUnavailable } from '../../ports/counters.ts'
import { GatewayError } from '../errors.ts'
import { listCost } from '../routing/list-cost.ts'
import type { Candidate, ChooseInput, Chosen } from '../routing/choose.ts'
import type { RouteEntry } from '../snapshot/snapshot.ts'
import type { RequestBounds } from './bound-request.ts'
import { requestAmounts } from './request-amounts.ts'
import type { Reservation } from './reserve.ts'
import type { CompletionCall } from './run-completion.ts'
import type { GatewayServices } from './services.ts'

/** What a caller is told while the counters cannot be reached: nothing is admitted on figures that are unknown. */
export function countersAway(cause: CountersUnavailable): GatewayError {
  return new GatewayError(
    'counters_unavailable',
    `The counters of the quotas cannot be used at this moment, so nothing can be admitted on them. ${cause.message}`,
    { retryAfterMs: 1_000 },
  )
}

/**
 * A reservation without holds, for a team that has said so (`onCountersDown: allow`) and that no hard quota limits.
 * Rethrows everything else. What is used this way is in the ledger; the counters are rebuilt from it when they are back.
 */
export function admitUnheld(
  services: GatewayServices,
  call: CompletionCall,
  route: RouteEntry,
  bounds: RequestBounds,
  error: unknown,
): Reservation {
  if (!(error instanceof CountersUnavailable)) throw error
  const { key } = call
  const allowed = key.team.onCountersDown === 'allow' && key.quotas.every((quota) => !quota.hard)
  // A grant cannot be guarded now, so a route that may not cost money has nothing to go by.
  if (!allowed || route.policy === 'free-only') throw countersAway(error)
  const atMs = services.clock.now()
  const amounts = requestAmounts(services, bounds, [], bounds.outputTokens, atMs)
  services.unheld.admitted()
  return {
    requestId: call.requestId,
    atMs,
    inputTokens: bounds.inputTokens,
    outputTokens: bounds.outputTokens,
    choices: bounds.choices,
    tokens: amounts.tokens,
    clamped: false,
    costNanos: amounts.costNanos,
    quotas: [],
    softQuotasPassed: [],
    bounds,
    unheld: true,
  }
}

/** What may serve it: whatever money can pay, in the route's order; grants are left alone. */
export function chooseUnheld(input: ChooseInput): Chosen {
  const candidates = input.offerings.flatMap((offering): Candidate[] => {
    const outputTokens = Math.min(input.outputTokens, offering.maxOutputTokens ?? input.outputTokens)
    const worstCostNanos = listCost(offering, input, outputTokens)
    return worstCostNanos === undefined ? [] : [{ offering, grant: undefined, outputTokens, worstCostNanos }]
  })
  return { input, candidates, passedOver: [] }
}

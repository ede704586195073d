import type { ProviderError } from '@tollgate/adapters/contract'
import { GatewayError } from '../errors.ts'
import type { Candidate } from '../routing/choose.ts'
import type { ProviderCalls } from './call-providers.ts'
import { toGatewayError } from './to-gateway-error.ts'
import type { GatewayServices } from './services.ts'

/**
 * Passes over what failed a moment ago while something else can serve. Alone, an offering is tried in spite of a
 * fault, but not within a limit that the provider itself asked to wait for.
 */
export function isWorthTrying(
  services: GatewayServices,
  candidate: Candidate,
  all: readonly Candidate[],
  atMs: number,
): boolean {
  const cooldown = services.health.cooldown(candidate.offering, atMs)
  if (cooldown === undefined) return true
  if (cooldown.limited) return false
  return all.every((other) => services.health.cooldown(other.offering, atMs) !== undefined)
}

/** Why nobody was called. */
export function refuseAll(
  services: GatewayServices,
  calls: ProviderCalls,
  refusal: ProviderError | undefined,
  atMs: number,
): GatewayError {
  const { route, candidates } = calls
  if (calls.call.client.signal.aborted) return new GatewayError('upstream_error', 'The caller hung up.')
  if (refusal !== undefined) return toGatewayError(refusal)
  if (candidates.length === 0) return nothingCanPay(calls)
  const waits = candidates
    .map((candidate) => services.health.cooldown(candidate.offering, atMs)?.untilMs)
    .filter((untilMs) => untilMs !== undefined)
  if (waits.length === candidates.length) {
    return new GatewayError(
      'rate_limit_exceeded',
      `Every account that serves "${route.model}" is at its provider's limit.`,
      {
        retryAfterMs: Math.max(Math.min(...waits) - atMs, 1_000),
      },
    )
  }
  return nothingCanPay(calls)
}

function nothingCanPay({ route, call }: ProviderCalls): GatewayError {
  const unpriced = route.offerings.filter((offering) => offering.price === undefined)
  if (unpriced.length === route.offerings.length) {
    return new GatewayError(
      'insufficient_quota',
      `"${route.model}" has no price on any account here, so its cost cannot be bounded. ` +
        'An administrator can set one (0 for own servers) on the Providers page or in tollgate.yaml.',
    )
  }
  const because = route.policy === 'free-only' ? ' and its route may not cost money' : ''
  return new GatewayError(
    'insufficient_quota',
    `No free quota is left that can bear this request for "${route.model}"${because}. ` +
      `Ask for less with max_tokens, or ask an administrator of team "${call.key.team.name}" for another account.`,
  )
}

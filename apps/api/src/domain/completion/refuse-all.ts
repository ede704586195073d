import type { ProviderError } from '@tollgate/adapters/contract'
import { GatewayError } from '../errors.ts'
import type { Candidate } from '../routing/choose.ts'
import { describePassedOver, type PassedOver } from '../routing/passed-over.ts'
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

/** Why nobody was called. `lost`: candidates whose grant others had taken when their turn came. */
export function refuseAll(
  services: GatewayServices,
  calls: ProviderCalls,
  refusal: ProviderError | undefined,
  lost: readonly PassedOver[],
  atMs: number,
): GatewayError {
  const { route } = calls
  const { candidates } = calls.chosen
  if (calls.call.client.signal.aborted) return new GatewayError('upstream_error', 'The caller hung up.')
  if (refusal !== undefined) return toGatewayError(refusal)
  const waits = candidates
    .map((candidate) => services.health.cooldown(candidate.offering, atMs)?.untilMs)
    .filter((untilMs) => untilMs !== undefined)
  if (candidates.length > 0 && waits.length === candidates.length) {
    return new GatewayError(
      'rate_limit_exceeded',
      `Every account that serves "${route.model}" is at its provider's limit.`,
      {
        retryAfterMs: Math.max(Math.min(...waits) - atMs, 1_000),
      },
    )
  }
  return nothingCanPay(services, calls, lost)
}

function nothingCanPay(
  services: GatewayServices,
  { route, call, chosen }: ProviderCalls,
  lost: readonly PassedOver[],
): GatewayError {
  const reasons = [...lost, ...chosen.passedOver]
  const field = reasons.find((reason) => reason.because === 'field')
  const told = [...new Set(reasons.map((reason) => describePassedOver(reason, services.limits.requestMsMax)))]
  const shown = told.slice(0, reasonsShownMax)
  const more = told.length > shown.length ? `; and ${told.length - shown.length} more` : ''
  const because = route.policy === 'free-only' ? ' and its route may not cost money' : ''
  const help = reasons.some((reason) => reason.because === 'too-little')
    ? ` Ask for less with max_tokens, or ask an administrator of team "${call.key.team.name}" for another account.`
    : ''
  return new GatewayError(
    'insufficient_quota',
    `No free quota can bear this request for "${route.model}"${because}: ${shown.join('; ')}${more}.${help}`,
    field === undefined ? {} : { param: field.field },
  )
}

const reasonsShownMax = 3

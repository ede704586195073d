import type { ProviderError } from '@tollgate/adapters/contract'
import type { AttemptOutcome } from '../completion/attempt.ts'
import type { GatewayServices } from '../completion/services.ts'
import { grantCounter } from '../counters/windows.ts'
import type { Candidate, ChooseInput } from '../routing/choose.ts'
import type { GrantEntry } from '../snapshot/snapshot.ts'
import { isSameModel } from './is-same-model.ts'

/** Takes from an answer what it says about free quotas: that one is used up, or that another model has answered. */
export async function heedAnswer(
  services: GatewayServices,
  input: ChooseInput,
  candidate: Candidate,
  outcome: AttemptOutcome,
): Promise<void> {
  if (outcome.kind === 'failed') await heedExhaustion(services, input, candidate, outcome.error)
  else heedModel(services, candidate, outcome)
}

async function heedExhaustion(
  services: GatewayServices,
  input: ChooseInput,
  candidate: Candidate,
  error: ProviderError,
): Promise<void> {
  if (error.kind !== 'free_quota_exhausted' && !error.mayMeanFreeQuota) return
  const { offering } = candidate
  const { atMs, timeZone } = input
  for (const grant of candidate.grant === undefined ? offering.grants : [candidate.grant.grant]) {
    if (grant.validFromMs > atMs || (grant.expiresAtMs !== undefined && grant.expiresAtMs <= atMs)) continue
    if (error.kind !== 'free_quota_exhausted' && !(await meansThisGrant(services, input, grant))) continue
    services.grants.exhausted(grant, error, { atMs, timeZone, provider: offering.account.provider })
  }
}

/**
 * Some platforms have one answer for several states: "not opened, or its package is used up", "no balance", which a
 * gift was part of. It is about the grant where the platform stops at zero, and has served from it before.
 */
async function meansThisGrant(
  services: GatewayServices,
  input: ChooseInput,
  grant: GrantEntry,
): Promise<boolean> {
  if (grant.whenEmpty !== 'provider-stops') return false
  const ref = grantCounter(grant, input.atMs, input.timeZone)
  // Without the counters it is not known: the platform will say it again.
  const [reading] = await services.counters.read([ref], input.atMs).catch(() => [])
  return reading !== undefined && reading.settled > 0n
}

function heedModel(
  services: GatewayServices,
  candidate: Candidate,
  outcome: Exclude<AttemptOutcome, { kind: 'failed' }>,
): void {
  const answered =
    outcome.kind === 'answered'
      ? 'model' in outcome.answer
        ? outcome.answer.model
        : undefined
      : outcome.state?.chunkHead?.model
  const { offering } = candidate
  if (answered === undefined || isSameModel(offering.upstreamModel, answered)) return
  services.meter.modelSubstituted(offering.account.provider)
  if (!services.grants.substituted(offering, answered)) return
  services.log.warn(
    { account: offering.account.name, asked: offering.upstreamModel, answered },
    'a provider answered with another model than the one that was asked for',
  )
}

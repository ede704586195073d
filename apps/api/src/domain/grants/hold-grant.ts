import { CountersUnavailable } from '../../ports/counters.ts'
import type { GatewayServices } from '../completion/services.ts'
import { accountGroup, grantCounter, grantCounterId } from '../counters/windows.ts'
import type { Candidate, ChooseInput } from '../routing/choose.ts'
import type { PassedOver } from '../routing/passed-over.ts'
import { payWith } from '../routing/pay-with.ts'
import { grantSize } from './grant-size.ts'

/** The reservation that the hold belongs to. */
interface Holder {
  readonly requestId: string
  readonly atMs: number
}

/**
 * Holds what a candidate takes of its grant. Between the choice and the hold others may have taken of it: then the
 * answer is shortened to what is left, or paid with money where the provider would bill it and the route may cost
 * some, or the candidate is passed over.
 */
export async function holdGrant(
  services: GatewayServices,
  input: ChooseInput,
  holder: Holder,
  candidate: Candidate,
): Promise<Candidate | PassedOver> {
  let wanted = candidate
  for (let tries = 0; ; tries += 1) {
    if (wanted.grant === undefined) return wanted
    const { grant, amount } = wanted.grant
    // Another request was told so while this one waited for its turn.
    if (services.grants.isEmpty(grant, input.atMs))
      return withoutGrant(input, wanted) ?? { because: 'said-empty', offering: wanted.offering, grant }
    const outcome = await services.counters.reserve({
      reservationId: holder.requestId,
      group: accountGroup(grant.accountId),
      holds: [
        {
          ...grantCounter(grant, input.atMs, input.timeZone),
          amount,
          limit: grantSize(grant, input.atMs),
          hard: true,
        },
      ],
      atMs: holder.atMs,
      expiresAtMs: holder.atMs + services.limits.requestMsMax + services.limits.settlementMs,
    })
    if (outcome.granted) return wanted
    const [refused] = outcome.refused
    const held = refused?.held ?? 0n
    const left = refused === undefined ? 0n : refused.limit - refused.settled - held
    const again = tries < triesMax ? payWith(services.limits, input, wanted.offering, grant, left) : undefined
    if (again !== undefined && 'candidate' in again) {
      wanted = again.candidate
      continue
    }
    const unheld = withoutGrant(input, wanted)
    if (unheld !== undefined) return unheld
    if (again?.because === 'too-little') return { ...again, held }
    return again ?? { because: 'too-little', offering: wanted.offering, grant, needed: amount, left, held }
  }
}

/** Each try loses only to a request that wins; a crowd that large finds the grant empty soon enough. */
const triesMax = 8

/** The provider bills what its free quota does not bear. */
function withoutGrant(input: ChooseInput, candidate: Candidate): Candidate | undefined {
  if (input.route.policy === 'free-only' || candidate.worstCostNanos === undefined) return undefined
  return candidate.grant?.grant.whenEmpty === 'provider-bills'
    ? { ...candidate, grant: undefined }
    : undefined
}

/** Gives the hold back: the attempt failed, or was not made. */
export async function dropGrant(
  services: GatewayServices,
  holder: Holder,
  candidate: Candidate,
): Promise<void> {
  if (candidate.grant === undefined) return
  const { grant } = candidate.grant
  const group = accountGroup(grant.accountId)
  await services.counters
    .dropHolds(holder.requestId, group, [grantCounterId(grant)])
    .catch((error: unknown) => {
      // Then it is given back by the settlement, in which nothing is booked on it.
      if (!(error instanceof CountersUnavailable)) throw error
    })
}

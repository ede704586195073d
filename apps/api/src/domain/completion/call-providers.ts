import type {
  ChatAnswer,
  ChatRequest,
  ChatStreamState,
  EmbeddingAnswer,
  ProviderError,
} from '@tollgate/adapters/contract'
import { CountersUnavailable } from '../../ports/counters.ts'
import type { Attempt } from '../../ports/usage-record.ts'
import type { GatewayError } from '../errors.ts'
import { heedAnswer } from '../grants/heed-answer.ts'
import { dropGrant, holdGrant } from '../grants/hold-grant.ts'
import type { Candidate, Chosen } from '../routing/choose.ts'
import type { PassedOver } from '../routing/passed-over.ts'
import type { RouteEntry } from '../snapshot/snapshot.ts'
import type { AnswerShape } from './answer-shape.ts'
import type { AttemptOutcome } from './attempt.ts'
import { callCandidate } from './call-candidate.ts'
import { isWorthTrying, refuseAll } from './refuse-all.ts'
import type { ParsedRequest } from './parse-request.ts'
import type { Reservation } from './reserve.ts'
import type { CompletionCall } from './run-completion.ts'
import type { GatewayServices } from './services.ts'
import { whatToTell } from './what-to-tell.ts'

export interface ProviderCalls {
  readonly call: CompletionCall
  readonly route: RouteEntry
  readonly chosen: Chosen
  readonly reservation: Reservation
  readonly request: ParsedRequest
  readonly shape: AnswerShape
}

/** The last call that reached a provider, and how it ended. */
export interface Dispatched {
  readonly candidate: Candidate
  /** The candidate's hold on its grant stands; `false`: it was given back for an attempt that was then not made. */
  readonly grantHeld: boolean
  readonly attempts: readonly Attempt[]
  readonly outcome: AttemptOutcome
  readonly shape: AnswerShape
  /** The provider refused everything and took nothing. */
  readonly refused: boolean
  readonly answer: ChatAnswer | EmbeddingAnswer | undefined
  readonly state: ChatStreamState | undefined
  readonly firstByteAtMs: number | undefined
  readonly error: ProviderError | undefined
  /** Where it failed before anything went out: see `whatToTell`. */
  readonly told: GatewayError | undefined
  /** `max_tokens` that went out in place of what the client asked for. */
  readonly maxTokensSent: number | undefined
}

export type Served =
  { readonly dispatched: Dispatched } | { readonly dispatched: undefined; readonly error: GatewayError }

/**
 * Tries the candidates in their order until one serves, the request itself is at fault, or bytes have gone out. Each
 * attempt holds its own grant and is in the journal before it is made.
 */
export async function callProviders(services: GatewayServices, calls: ProviderCalls): Promise<Served> {
  const attempts: Attempt[] = []
  let last: Dispatched | undefined
  let refusal: ProviderError | undefined
  const failures: ProviderError[] = []
  const lost: PassedOver[] = []
  const atMs = services.clock.now()
  const { input, candidates } = calls.chosen
  const usable = candidates.filter((candidate) => isWorthTrying(services, candidate, candidates, atMs))
  for (const chosen of usable) {
    if (calls.call.client.signal.aborted) break
    const held = await holdGrant(services, input, calls.reservation, chosen).catch((error: unknown) => {
      // What has reached a provider is settled, whatever has become of the counters since.
      if (last === undefined || !(error instanceof CountersUnavailable)) throw error
      return undefined
    })
    if (held === undefined) break
    if ('because' in held) {
      lost.push(held)
      continue
    }
    const candidate = held
    const first = await callCandidate(services, calls, candidate, attempts)
    const again =
      first.kind === 'called' && first.sessionRefused
        ? await callCandidate(services, calls, candidate, attempts)
        : undefined
    // Where the second call was not made, the first one is what there is to settle.
    const called = again?.kind === 'called' ? again : first
    if (called.kind === 'no-journal') {
      if (last === undefined) return { dispatched: undefined, error: called.error }
      // Nothing was sent: what is settled is the attempt before.
      await dropGrant(services, calls.reservation, candidate)
      break
    }
    if (called.kind === 'not-called') {
      refusal = called.error ?? refusal
      if (called.error?.failsOver === true) failures.push(called.error)
      await dropGrant(services, calls.reservation, candidate)
      continue
    }
    const { outcome } = called
    last = toDispatched(calls, candidate, attempts, outcome, called.request)
    await heedAnswer(services, input, candidate, outcome)
    if (outcome.kind !== 'failed') {
      if (outcome.kind !== 'cancelled') services.health.succeeded(candidate.offering, services.clock.now())
      break
    }
    failures.push(outcome.error)
    services.meter.attemptFailed(candidate.offering.account.provider, outcome.error.kind)
    if (outcome.error.failsOver)
      services.health.failed(candidate.offering, outcome.error, services.clock.now())
    if (outcome.committed || !outcome.error.failsOver) break
    // Nobody knows what it took of the grant: it is booked in full, which a second attempt would have no room for.
    if (outcome.billed === 'unknown' && mayHaveSpilled(candidate)) break
    // Another offering pays from another grant; the last one that is tried keeps its hold for the settlement.
    if (chosen !== usable.at(-1)) {
      await dropGrant(services, calls.reservation, candidate)
      last = { ...last, grantHeld: false }
    }
  }
  if (last !== undefined) {
    const failed = last.outcome.kind === 'failed' && !last.outcome.committed
    return { dispatched: failed ? { ...last, told: whatToTell(failures) } : last }
  }
  return { dispatched: undefined, error: refuseAll(services, calls, refusal, lost, atMs) }
}

function mayHaveSpilled({ grant }: Candidate): boolean {
  return grant?.guarded === true && grant.grant.whenEmpty === 'provider-bills'
}

function toDispatched(
  calls: ProviderCalls,
  candidate: Candidate,
  attempts: readonly Attempt[],
  outcome: AttemptOutcome,
  request: ChatRequest,
): Dispatched {
  const asked = calls.request.maxOutputTokens
  const sent = request.maxOutputTokens
  return {
    candidate,
    grantHeld: true,
    attempts,
    outcome,
    shape: calls.shape,
    refused: outcome.kind === 'failed' && outcome.billed === 'nothing',
    answer: outcome.kind === 'answered' ? outcome.answer : undefined,
    state: outcome.kind === 'answered' ? undefined : outcome.state,
    firstByteAtMs: outcome.firstByteAtMs,
    error: outcome.kind === 'failed' ? outcome.error : undefined,
    told: undefined,
    maxTokensSent: sent !== undefined && sent !== asked ? sent : undefined,
  }
}

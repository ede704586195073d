import {
  ProviderError,
  type Call,
  type ChatAnswer,
  type ChatRequest,
  type ChatStreamState,
  type EmbeddingAnswer,
  type Exchange,
} from '@tollgate/adapters/contract'
import { CountersUnavailable } from '../../ports/counters.ts'
import { JournalUnavailable, type Opening } from '../../ports/journal.ts'
import type { Attempt } from '../../ports/usage-record.ts'
import { teamGroup } from '../counters/windows.ts'
import { GatewayError } from '../errors.ts'
import { needsBound, takesBound } from '../estimate/output-worst-case.ts'
import { heedAnswer } from '../grants/heed-answer.ts'
import { dropGrant, holdGrant } from '../grants/hold-grant.ts'
import { recordToJson } from '../ledger/record-json.ts'
import type { Candidate, Chosen } from '../routing/choose.ts'
import type { PassedOver } from '../routing/passed-over.ts'
import type { RouteEntry } from '../snapshot/snapshot.ts'
import type { AnswerShape } from './answer-shape.ts'
import { attempt, type AttemptOutcome } from './attempt.ts'
import { isWorthTrying, refuseAll } from './refuse-all.ts'
import type { ParsedRequest } from './parse-request.ts'
import type { Reservation } from './reserve.ts'
import type { CompletionCall } from './run-completion.ts'
import type { GatewayServices } from './services.ts'
import { toOpening } from './to-record.ts'

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
    const prepared = prepare(services, calls, candidate)
    if (!prepared.ok) {
      refusal = prepared.error
      await dropGrant(services, calls.reservation, candidate)
      continue
    }
    const startedAtMs = services.clock.now()
    const opening = toOpening(calls.call, calls.route, calls.reservation, candidate, attempts, startedAtMs)
    const fault = openJournal(services, opening)
    if (fault !== undefined) {
      if (last === undefined) return { dispatched: undefined, error: fault }
      // Nothing was sent: what is settled is the attempt before.
      await dropGrant(services, calls.reservation, candidate)
      break
    }
    services.counters.note(calls.reservation.requestId, teamGroup(calls.call.key.team.id), () =>
      recordToJson(opening.record),
    )
    services.steps.reached('before-dispatch')
    const outcome = await attempt(services, {
      offering: candidate.offering,
      exchange: prepared.exchange,
      call: prepared.call,
      request: prepared.request,
      embedding: calls.call.endpoint === 'embeddings',
      shape: calls.shape,
      client: calls.call.client,
      streamHeaders: servedHeaders(candidate, attempts.length + 1),
    })
    attempts.push(toAttempt(services, calls, candidate, outcome, startedAtMs))
    last = toDispatched(calls, candidate, attempts, outcome, prepared.request)
    await heedAnswer(services, input, candidate, outcome)
    if (outcome.kind !== 'failed') {
      if (outcome.kind !== 'cancelled') services.health.succeeded(candidate.offering, services.clock.now())
      break
    }
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
  if (last !== undefined) return { dispatched: last }
  return { dispatched: undefined, error: refuseAll(services, calls, refusal, lost, atMs) }
}

/** Nothing is sent to a provider that a crash could make us forget. */
function openJournal(services: GatewayServices, opening: Opening): GatewayError | undefined {
  try {
    services.journal.open(opening)
    return undefined
  } catch (error) {
    if (!(error instanceof JournalUnavailable)) throw error
    return new GatewayError('journal_unavailable', error.message, { retryAfterMs: 5_000 })
  }
}

function mayHaveSpilled({ grant }: Candidate): boolean {
  return grant?.guarded === true && grant.grant.whenEmpty === 'provider-bills'
}

/** Headers that say who served an answer. */
export function servedHeaders(candidate: Candidate, attempts: number): Record<string, string> {
  const { offering } = candidate
  return {
    'x-tollgate-provider': offering.account.provider,
    'x-tollgate-account': offering.account.name,
    'x-tollgate-model': offering.name,
    'x-tollgate-attempts': String(attempts),
  }
}

type Prepared =
  | { readonly ok: true; readonly exchange: Exchange; readonly call: Call; readonly request: ChatRequest }
  | { readonly ok: false; readonly error: ProviderError }

function prepare(services: GatewayServices, calls: ProviderCalls, candidate: Candidate): Prepared {
  const { offering } = candidate
  const { account } = offering
  const call: Call = {
    credentials: account.credentials,
    baseUrl: account.baseUrl,
    options: account.options,
    upstreamModel: offering.upstreamModel,
    requestId: calls.call.requestId,
    nowMs: services.clock.now(),
  }
  const request: ChatRequest = {
    body: calls.request.body,
    raw: calls.request.raw,
    stream: calls.request.stream,
    maxOutputTokens: boundToSend(calls, candidate),
  }
  const { embeddings, chat } = account.adapter
  const described =
    calls.call.endpoint === 'embeddings' ? embeddings?.request(request, call) : chat.request(request, call)
  if (described === undefined) {
    return {
      ok: false,
      error: new ProviderError('invalid_request', { message: 'This platform has no embeddings.' }),
    }
  }
  return 'ok' in described
    ? { ok: false, error: described.error }
    : { ok: true, exchange: described, call, request }
}

/**
 * The client's own bound, or ours where the books rest on it; a model's own cap need not be sent. On a free-only route
 * it is: a cap that somebody wrote down wrongly must not cost money. Where the platform takes none, none is said to be sent.
 */
function boundToSend(calls: ProviderCalls, candidate: Candidate): number | undefined {
  if (calls.call.endpoint === 'embeddings') return undefined
  const { offering, outputTokens } = candidate
  if (!takesBound(offering, calls.request.body)) return undefined
  const cap = offering.maxOutputTokens
  const capWillDo =
    calls.request.maxOutputTokens === undefined &&
    cap !== undefined &&
    outputTokens >= cap &&
    calls.route.policy !== 'free-only' &&
    !needsBound(offering, calls.request.body)
  return capWillDo ? undefined : outputTokens
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
    maxTokensSent: sent !== undefined && sent !== asked ? sent : undefined,
  }
}

function toAttempt(
  services: GatewayServices,
  calls: ProviderCalls,
  candidate: Candidate,
  outcome: AttemptOutcome,
  startedAtMs: number,
): Attempt {
  const { offering } = candidate
  const base = {
    account: offering.account.name,
    offering: offering.name,
    provider: offering.account.provider,
    startedAtMs,
    durationMs: services.clock.now() - startedAtMs,
  }
  if (outcome.kind !== 'failed')
    return { ...base, outcome: outcome.kind === 'cancelled' ? 'cancelled' : 'ok' }
  const { error } = outcome
  return {
    ...base,
    outcome: error.kind,
    // A cut may part a surrogate pair, which PostgreSQL takes for no text.
    message: error.message.slice(0, 500).toWellFormed(),
    ...(error.upstreamCode === undefined ? {} : { upstreamCode: error.upstreamCode.toWellFormed() }),
    ...(outcome.billed === 'unknown' ? { possiblyBilledTokens: calls.reservation.inputTokens } : {}),
  }
}

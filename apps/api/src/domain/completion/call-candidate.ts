import {
  ProviderError,
  type Call,
  type ChatRequest,
  type EmbeddingAnswer,
  type Exchange,
} from '@tollgate/adapters/contract'
import { JournalUnavailable, type Opening } from '../../ports/journal.ts'
import type { Attempt } from '../../ports/usage-record.ts'
import { teamGroup } from '../counters/windows.ts'
import { GatewayError } from '../errors.ts'
import { needsBound, takesBound } from '../estimate/output-worst-case.ts'
import { recordToJson } from '../ledger/record-json.ts'
import type { Candidate } from '../routing/choose.ts'
import { attempt, type AttemptOutcome } from './attempt.ts'
import type { ProviderCalls } from './call-providers.ts'
import { joinEmbeddings, splitEmbeddings } from './join-embeddings.ts'
import { servedHeaders } from './served-headers.ts'
import type { GatewayServices } from './services.ts'
import { toOpening } from './to-record.ts'

export type Called =
  | {
      readonly kind: 'called'
      readonly outcome: AttemptOutcome
      readonly request: ChatRequest
      /** The platform no longer took a session that was opened earlier: with a new one it may serve. */
      readonly sessionRefused: boolean
    }
  /** Nothing was sent: the adapter refused, no session could be opened, or the caller is gone (no error). */
  | { readonly kind: 'not-called'; readonly error: ProviderError | undefined }
  | { readonly kind: 'no-journal'; readonly error: GatewayError }

/**
 * Makes the attempt on one candidate whose grant is held: opens a session where the protocol needs one, has the adapter
 * describe the exchange, writes the opening to the journal and carries it out. What reached the provider, and a session
 * that could not be opened, is added to `attempts`.
 */
export async function callCandidate(
  services: GatewayServices,
  calls: ProviderCalls,
  candidate: Candidate,
  attempts: Attempt[],
): Promise<Called> {
  const { client } = calls.call
  const { account } = candidate.offering
  const startedAtMs = services.clock.now()
  const entered = await services.sessions.enter(account, toCall(services, calls, candidate))
  if (client.signal.aborted) return { kind: 'not-called', error: undefined }
  if (!entered.ok) {
    const { error } = entered
    attempts.push(toAttempt(services, calls, candidate, { error, billed: 'nothing' }, startedAtMs))
    services.meter.attemptFailed(account.provider, error.kind)
    services.health.failed(candidate.offering, error, services.clock.now())
    return { kind: 'not-called', error }
  }
  const prepared = prepare(calls, candidate, entered.call)
  if (!prepared.ok) return { kind: 'not-called', error: prepared.error }
  const opening = toOpening(calls.call, calls.route, calls.reservation, candidate, attempts, startedAtMs)
  const fault = openJournal(services, opening)
  if (fault !== undefined) return { kind: 'no-journal', error: fault }
  services.counters.note(calls.reservation.requestId, teamGroup(calls.call.key.team.id), () =>
    recordToJson(opening.record),
  )
  services.steps.reached('before-dispatch')
  const outcome = await makeExchanges(services, calls, candidate, prepared, attempts.length + 1)
  const failed = outcome.kind === 'failed' ? outcome : undefined
  attempts.push(toAttempt(services, calls, candidate, failed ?? outcome.kind, startedAtMs))
  const sessionRefused =
    failed?.error.kind === 'invalid_credentials' && entered.call.session !== undefined && !failed.committed
  if (sessionRefused) services.sessions.refused(account, entered.call)
  return {
    kind: 'called',
    outcome,
    request: prepared.request,
    sessionRefused: sessionRefused && !entered.isNew,
  }
}

/** One exchange; for a list of embedding inputs as many as the platform needs, one after another. */
async function makeExchanges(
  services: GatewayServices,
  calls: ProviderCalls,
  candidate: Candidate,
  { call, parts }: Prepared,
  number: number,
): Promise<AttemptOutcome> {
  const embedding = calls.call.endpoint === 'embeddings'
  const answers: EmbeddingAnswer[] = []
  let firstByteAtMs: number | undefined
  for (const [index, part] of parts.entries()) {
    const outcome = await attempt(services, {
      offering: candidate.offering,
      exchange: part.exchange,
      call,
      request: part.request,
      embedding,
      shape: calls.shape,
      client: calls.call.client,
      streamHeaders: servedHeaders(candidate, number),
    })
    // What the exchanges before it have used is billed, however this one failed.
    if (outcome.kind === 'failed' && index > 0) return { ...outcome, billed: 'unknown' }
    if (parts.length === 1 || outcome.kind !== 'answered') return outcome
    answers.push(outcome.answer)
    firstByteAtMs ??= outcome.firstByteAtMs
  }
  const requests = parts.map(({ request }) => request)
  const answer = joinEmbeddings(requests, answers)
  firstByteAtMs ??= services.clock.now()
  if (answer.ok) return { kind: 'answered', answer, firstByteAtMs }
  const { error } = answer
  return { kind: 'failed', error, billed: 'unknown', committed: false, state: undefined, firstByteAtMs }
}

interface Part {
  readonly request: ChatRequest
  readonly exchange: Exchange
}

interface Prepared {
  readonly ok: true
  readonly call: Call
  readonly request: ChatRequest
  readonly parts: readonly Part[]
}

function toCall(services: GatewayServices, calls: ProviderCalls, { offering }: Candidate): Call {
  const { account } = offering
  return {
    credentials: account.credentials,
    baseUrl: account.baseUrl,
    options: account.options,
    upstreamModel: offering.upstreamModel,
    requestId: calls.call.requestId,
    nowMs: services.clock.now(),
  }
}

/** Describes everything that will be sent before the first of it is: a refusal costs nothing. */
function prepare(
  calls: ProviderCalls,
  candidate: Candidate,
  call: Call,
): Prepared | { readonly ok: false; readonly error: ProviderError } {
  const { embeddings, chat } = candidate.offering.account.adapter
  const request: ChatRequest = {
    body: calls.request.body,
    raw: calls.request.raw,
    stream: calls.request.stream,
    maxOutputTokens: boundToSend(calls, candidate),
  }
  const isEmbedding = calls.call.endpoint === 'embeddings'
  if (isEmbedding && embeddings === undefined) {
    return {
      ok: false,
      error: new ProviderError('invalid_request', { message: 'This platform has no embeddings.' }),
    }
  }
  const wanted = isEmbedding ? splitEmbeddings(request, embeddings?.inputsMax?.(call)) : [request]
  const parts: Part[] = []
  for (const part of wanted) {
    const described =
      isEmbedding && embeddings !== undefined ? embeddings.request(part, call) : chat.request(part, call)
    if ('ok' in described) return described
    parts.push({ request: part, exchange: described })
  }
  return { ok: true, call, request, parts }
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

function toAttempt(
  services: GatewayServices,
  calls: ProviderCalls,
  candidate: Candidate,
  result:
    | 'answered'
    | 'streamed'
    | 'cancelled'
    | 'failed'
    | { readonly error: ProviderError; readonly billed: 'nothing' | 'unknown' },
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
  if (typeof result === 'string') return { ...base, outcome: result === 'cancelled' ? 'cancelled' : 'ok' }
  const { error } = result
  return {
    ...base,
    outcome: error.kind,
    // A cut may part a surrogate pair, which PostgreSQL takes for no text.
    message: error.message.slice(0, 500).toWellFormed(),
    ...(error.upstreamCode === undefined ? {} : { upstreamCode: error.upstreamCode.toWellFormed() }),
    ...(result.billed === 'unknown' ? { possiblyBilledTokens: calls.reservation.inputTokens } : {}),
  }
}

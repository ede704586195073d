import type { ClientConnection } from './client-connection.ts'
import type { KeyEntry, Snapshot } from '../snapshot/snapshot.ts'
import type { UsageRecord } from '../../ports/usage-record.ts'
import { choose, type ChooseInput } from '../routing/choose.ts'
import { findRoute } from '../routing/find-route.ts'
import { admitUnheld, chooseUnheld } from './admit-unheld.ts'
import { chatShape } from './answer-shape.ts'
import { callProviders, type Served } from './call-providers.ts'
import { completionShape, toChatRequest } from './completion-shape.ts'
import { boundRequest } from './bound-request.ts'
import { finishAnswer, type CompletionAnswer } from './finish-answer.ts'
import { toRecord } from './to-record.ts'
import type { ParsedRequest } from './parse-request.ts'
import { reserve } from './reserve.ts'
import type { GatewayServices } from './services.ts'
import { settle } from './settle.ts'

export interface CompletionCall {
  readonly requestId: string
  readonly startedAtMs: number
  readonly snapshot: Snapshot
  readonly key: KeyEntry
  readonly endpoint: UsageRecord['endpoint']
  readonly request: ParsedRequest
  readonly client: ClientConnection
  /** The caller wants the receipt inside `usage`. */
  readonly receiptInline: boolean
}

/**
 * The product, in one sentence: reserve the worst case, choose who serves it, call them, pass the answer on, settle
 * what was used.
 *
 * Returns a whole answer for the HTTP layer to send, or `undefined` when the answer was streamed. Throws
 * `GatewayError` for everything the caller must be told before an answer has begun. However it ends, the reservation
 * is resolved once: released when nothing reached a provider, settled with one usage record when something did.
 */
export async function runCompletion(
  services: GatewayServices,
  call: CompletionCall,
): Promise<CompletionAnswer | undefined> {
  const route = findRoute(call.snapshot, call.key, call.request.model)
  const bounds = boundRequest(services, call, route)
  const reservation = await reserve(services, {
    ...bounds,
    ...call,
    model: route.model,
    signal: call.client.signal,
  }).catch((error: unknown) => admitUnheld(services, call, route, bounds, error))

  const { client } = call
  const deadline = setTimeout(() => client.cancel('too-long'), services.limits.requestMsMax)
  services.inFlight.started(call.requestId, call.key.id, reservation.tokens, call.startedAtMs, () =>
    client.cancel('stopping'),
  )

  let served: Served
  try {
    const wanted: ChooseInput = {
      route,
      offerings: bounds.candidates,
      timeZone: call.snapshot.timeZone,
      endpoint: call.endpoint,
      body: call.request.body,
      inputTokens: reservation.inputTokens,
      outputTokens: reservation.outputTokens,
      choices: reservation.choices,
      outputBoundByClient: call.request.maxOutputTokens !== undefined,
      atMs: reservation.atMs,
    }
    const chosen = reservation.unheld === true ? chooseUnheld(wanted) : await choose(services, wanted)
    served = await callProviders(services, {
      call,
      route,
      chosen,
      reservation,
      request: call.endpoint === 'completions' ? toChatRequest(call.request) : call.request,
      shape: call.endpoint === 'completions' ? completionShape : chatShape,
    })
  } catch (error) {
    await release(services, call)
    throw error
  } finally {
    clearTimeout(deadline)
  }
  if (served.dispatched === undefined) {
    await release(services, call)
    throw served.error
  }

  try {
    const record = toRecord(call, route, reservation, served.dispatched, services.clock.now())
    await settle(services, {
      record,
      reservation,
      grant: served.dispatched.candidate.grant?.grant,
      grantHeld: served.dispatched.grantHeld,
      snapshot: call.snapshot,
    })
    return finishAnswer(call, served.dispatched, record)
  } finally {
    services.inFlight.ended(call.requestId)
  }
}

async function release(services: GatewayServices, call: CompletionCall): Promise<void> {
  await services.counters.release(call.requestId)
  services.admission.wake(call.key.team.id)
  services.inFlight.ended(call.requestId)
}

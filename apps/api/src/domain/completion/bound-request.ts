import { GatewayError } from '../errors.ts'
import { RawInput } from '../estimate/raw-input.ts'
import type { OfferingEntry, RouteEntry } from '../snapshot/snapshot.ts'
import type { CompletionCall } from './run-completion.ts'
import type { GatewayServices } from './services.ts'

/** The worst case of a request before anything is held. */
export interface RequestBounds {
  /** Offerings of the route that can serve this endpoint. */
  readonly candidates: readonly OfferingEntry[]
  readonly inputTokens: number
  /** For each choice; 0 for embeddings. */
  readonly outputTokens: number
  readonly choices: number
  /** The request, of which parts decide what thinking may cost beyond the bound. */
  readonly body: Readonly<Record<string, unknown>>
  /** The input as it was estimated before anything was learned. */
  readonly rawInput: RawInput
}

/** Input from the text, output from what the client asked for or what the model can give, whichever is less. */
export function boundRequest(
  services: GatewayServices,
  call: CompletionCall,
  route: RouteEntry,
): RequestBounds {
  const { request, endpoint } = call
  const embedding = endpoint === 'embeddings'
  const candidates = route.offerings.filter((offering) =>
    embedding
      ? offering.kind === 'embedding' && offering.account.adapter.embeddings !== undefined
      : offering.kind === 'chat',
  )
  if (candidates.length === 0) {
    throw new GatewayError(
      'invalid_request_error',
      `The model "${route.model}" does not serve ${embedding ? 'embeddings' : 'chat'}. GET /v1/models lists the models and their kinds.`,
      { param: 'model' },
    )
  }
  const rawInput = new RawInput(request.body)
  // What a free-only route holds must be enough even where all that was learned has just become untrue.
  const mayLower = route.policy !== 'free-only'
  let inputTokens = 0
  for (const { account, upstreamModel } of candidates) {
    const { provider } = account
    const bound = services.estimator.bound(provider, upstreamModel, rawInput.tokens(provider), { mayLower })
    inputTokens = Math.max(inputTokens, bound)
  }
  const outputTokens = embedding ? 0 : outputBound(services, request.maxOutputTokens, candidates)
  return {
    candidates,
    inputTokens,
    outputTokens,
    choices: embedding ? 1 : request.choices,
    body: request.body,
    rawInput,
  }
}

function outputBound(
  services: GatewayServices,
  asked: number | undefined,
  candidates: readonly OfferingEntry[],
): number {
  let cap = 0
  for (const { maxOutputTokens } of candidates) {
    cap = Math.max(cap, maxOutputTokens ?? asked ?? services.limits.unknownOutputTokens)
  }
  return Math.min(asked ?? cap, cap)
}

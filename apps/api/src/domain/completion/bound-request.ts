import { GatewayError } from '../errors.ts'
import { estimateInputTokens } from '../estimate/estimate-input.ts'
import type { OfferingEntry, RouteEntry } from '../snapshot/snapshot.ts'
import type { CompletionCall } from './run-completion.ts'
import type { GatewayServices } from './services.ts'

/** The worst case of a request before anything is held. */
export interface RequestBounds {
  /** Offerings of the route that can serve this endpoint. */
  readonly candidates: readonly OfferingEntry[]
  readonly inputTokens: number
  readonly outputTokens: number
  readonly choices: number
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
  let inputTokens = 0
  let lastProvider: string | undefined
  for (const { account } of candidates) {
    if (account.provider === lastProvider) continue
    lastProvider = account.provider
    inputTokens = Math.max(inputTokens, estimateInputTokens(request.body, account.provider))
  }
  const outputTokens = embedding ? 0 : outputBound(services, request.maxOutputTokens, candidates)
  return { candidates, inputTokens, outputTokens, choices: embedding ? 1 : request.choices }
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

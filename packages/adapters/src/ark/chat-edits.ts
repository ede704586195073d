import type { BoundedRequest, Call, ChatRequest } from '../contract/index.ts'
import { objectOf } from '../wire/json.ts'
import type { MaxTokensName } from '../wire/chat-request.ts'
import type { BodyEdits } from '../wire/splice.ts'

/** `max_completion_tokens` ends here (volcengine.com/docs/82379/1494384). */
const completionTokensMax = 65_536

type Model = Pick<Call, 'upstreamModel' | 'options'>

/**
 * `max_completion_tokens` bounds reasoning and answer together, `max_tokens` the answer alone; both at once are an
 * error. The models before Seed 1.6 do not reason (those named "thinking" do) and know the older name for sure.
 */
export function arkMaxTokensName(_request: unknown, call: Model): MaxTokensName {
  const name = call.options['maxTokensName']
  if (name === 'max_tokens' || name === 'max_completion_tokens') return name
  return isOld(call.upstreamModel) ? 'max_tokens' : 'max_completion_tokens'
}

/**
 * The reasoning is outside of every bound but `max_completion_tokens`, also of the default of 4096 tokens that applies
 * where none is sent. An endpoint id (`ep-…`) does not tell its model, so it is taken for one that reasons.
 */
export function reasoningBeyondBound(
  { body, maxOutputTokens }: BoundedRequest,
  call: Model,
): number | 'unbounded' {
  const isOff = objectOf(body['thinking'])?.['type'] === 'disabled'
  if (isOff || isOld(call.upstreamModel)) return 0
  const isBounded =
    maxOutputTokens !== undefined && arkMaxTokensName(undefined, call) === 'max_completion_tokens'
  return isBounded ? 0 : 'unbounded'
}

function isOld(model: string): boolean {
  return /^doubao-(1-5|pro|lite)/.test(model) && !model.includes('thinking')
}

/** What Ark wants different from OpenAI (provider sheet of Ark, section 3). */
export function arkChatEdits(request: ChatRequest, call: Call): BodyEdits {
  const drop: string[] = []
  if (refusesPenalties(call.upstreamModel)) drop.push('frequency_penalty', 'presence_penalty')
  const bound = request.maxOutputTokens
  const isTooLarge =
    bound !== undefined &&
    bound > completionTokensMax &&
    arkMaxTokensName(request, call) === 'max_completion_tokens'
  // Above the range the platform answers 400. A smaller bound than asked ends the answer with `length`, honestly.
  return { drop, set: isTooLarge ? { max_completion_tokens: completionTokensMax } : {} }
}

/** Penalties are gone from Seed 1.8 on. An endpoint id (`ep-…`) does not tell its model, so they are forwarded. */
function refusesPenalties(model: string): boolean {
  return /^doubao-seed-(1-8|[2-9]-|evolving)/.test(model)
}

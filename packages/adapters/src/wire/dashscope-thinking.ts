import type { BoundedRequest, Call } from '../contract/index.ts'
import { numberOf } from './json.ts'

type Model = Pick<Call, 'upstreamModel'>

/**
 * What is known of the thinking of DashScope's models, the same in both of its protocols.
 *
 * Whether the model will think before it answers: asked to, by the switch or by an effort; one that always thinks; or
 * an open Qwen3 model, which thinks unless told not to (provider sheet of Tongyi, sections 4 and 5). That the other
 * models do not think unless asked to is what the platform's price lists imply, not verified for each.
 */
export function isThinking({ body }: Pick<BoundedRequest, 'body'>, { upstreamModel }: Model): boolean {
  if (alwaysThinks(upstreamModel)) return true
  const asked = body['enable_thinking']
  const effort = body['reasoning_effort']
  if (asked === false || effort === 'none') return false
  return asked === true || typeof effort === 'string' || thinksByDefault(upstreamModel)
}

/**
 * The thinking is not counted into `max_tokens`. Where a budget bounds it, the budget that goes out is the most; where
 * the model takes none, or no bound goes out to make one of, only the model's context is.
 */
export function thinkingBeyondBound(request: BoundedRequest, call: Model): number | 'unbounded' {
  if (!isThinking(request, call)) return 0
  if (!takesThinkingBudget(call.upstreamModel)) return 'unbounded'
  return thinkingBudget(request, call) ?? budgetAsked(request) ?? 'unbounded'
}

/**
 * The budget to send where the client's own does not do. OpenAI's bound covers thinking and answer, DashScope's the
 * answer alone: so thinking may use no more than all of it. Together they can be twice the bound, which is held.
 */
export function thinkingBudget(request: BoundedRequest, call: Model): number | undefined {
  const bound = request.maxOutputTokens
  if (bound === undefined || !isThinking(request, call) || !takesThinkingBudget(call.upstreamModel)) {
    return undefined
  }
  const asked = budgetAsked(request)
  return asked !== undefined && asked <= bound ? undefined : bound
}

/**
 * `reasoning_effort` said by the switch, for models that know the switch and a budget instead. What the hold counts on is
 * what is asked for. `undefined`: the effort, or its absence, can go out as it is.
 */
export function thinkingSwitch(request: Pick<BoundedRequest, 'body'>, call: Model): boolean | undefined {
  if (typeof request.body['reasoning_effort'] !== 'string') return undefined
  if (alwaysThinks(call.upstreamModel) || !takesThinkingBudget(call.upstreamModel)) return undefined
  return isThinking(request, call)
}

/** What is no count of tokens is the platform's to refuse, and bounds nothing. */
function budgetAsked({ body }: BoundedRequest): number | undefined {
  const asked = numberOf(body['thinking_budget'])
  return asked !== undefined && Number.isSafeInteger(asked) && asked >= 0 ? asked : undefined
}

/**
 * Whether the model answers only as a stream. Unstreamed requests to it are sent as streams and folded: that keeps
 * what the client asked for, where setting `enable_thinking: false` would quietly change the answer.
 * Folding where it is not needed costs nothing, so the pattern may be wider than the truth.
 */
export function mustStream(request: Pick<BoundedRequest, 'body'>, call: Model): boolean {
  return isThinking(request, call) || /^(qwq|qvq)\b|omni/.test(call.upstreamModel)
}

/**
 * `qwen3-8b`, `qwen3-235b-a22b`, `…-thinking-2507`; not `…-instruct-2507`, not `qwen3-max`. Of Qwen3.5 and 3.6 the vendor
 * says so (help.aliyun.com/en/model-studio/visual-reasoning), of 3.7 nothing: a hold too large is given back, one too
 * small is somebody's loss, so it is counted among them.
 */
function thinksByDefault(model: string): boolean {
  return /^qwen3((-next)?-\d|\.[5-7]-)/.test(model) && !model.includes('instruct')
}

/** Sheet, section 5, "dialects" (third party); models that carry it in their name. */
function alwaysThinks(model: string): boolean {
  return /^(qwq|qvq|kimi-k3|deepseek-r1|MiniMax-M2)|-thinking\b/i.test(model)
}

/**
 * Whether `thinking_budget` bounds the reasoning of this model. The newer families take `reasoning_effort` instead
 * and it is not known what they do with a budget, so they are left alone (sheet, section 5, "dialects": third party).
 */
function takesThinkingBudget(model: string): boolean {
  return /^(qwen3-max|qwen-plus|qwen-turbo|qwen-flash)/.test(model) || thinksByDefault(model)
}

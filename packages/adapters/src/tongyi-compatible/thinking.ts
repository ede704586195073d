import type { Call, ChatRequest } from '../contract/index.ts'

/**
 * Whether the model will think before it answers: asked to, or an open Qwen3 model, which thinks unless told not to
 * (provider sheet of Tongyi, sections 4 and 5).
 */
export function isThinking(request: ChatRequest, call: Call): boolean {
  const asked = request.body['enable_thinking']
  return asked === true || (asked !== false && thinksByDefault(call.upstreamModel))
}

/**
 * Whether the model answers only as a stream. Unstreamed requests to it are sent as streams and folded: that keeps
 * what the client asked for, where setting `enable_thinking: false` would quietly change the answer.
 * Folding where it is not needed costs nothing, so the pattern may be wider than the truth.
 */
export function mustStream(request: ChatRequest, call: Call): boolean {
  return isThinking(request, call) || /^(qwq|qvq)\b|omni/.test(call.upstreamModel)
}

/** `qwen3-8b`, `qwen3-235b-a22b`, `…-thinking-2507`; not `…-instruct-2507`, not `qwen3-max`, not `qwen3.5-…`. */
function thinksByDefault(model: string): boolean {
  return /^qwen3(-next)?-\d/.test(model) && !model.includes('instruct')
}

/**
 * Whether `thinking_budget` bounds the reasoning of this model. The newer families take `reasoning_effort` instead
 * and it is not known what they do with a budget, so they are left alone (sheet, section 5, "dialects": third party).
 */
export function takesThinkingBudget(model: string): boolean {
  return /^(qwen3\.[5-7]-|qwen3-max|qwen-plus|qwen-turbo|qwen-flash)/.test(model) || thinksByDefault(model)
}

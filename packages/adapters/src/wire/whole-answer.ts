import {
  ProviderError,
  type Call,
  type ChatAnswer,
  type Refusal,
  type ResponseHead,
  type TokenUsage,
} from '../contract/index.ts'
import { faultOfEnd } from './end-of-answer.ts'
import { failureOf, finishReasonOf } from './finish-reason.ts'
import { isObject, nameOf, type MutableJson } from './json.ts'
import { ToolCallPieces } from './tool-calls.ts'
import type { StreamPiece } from './translated-stream.ts'
import { hasFigures, openAiUsage, readUsage } from './usage.ts'

export interface WholeAnswerRules {
  readonly readUsage?: (usage: Readonly<Record<string, unknown>>) => TokenUsage
}

/**
 * OpenAI's whole answer made of what a native one means: the counterpart of `translatedStream` for an answer that came
 * in one piece. `chunkId` or `id` become the answer's id. An answer that says nothing is a refusal, not an empty answer.
 */
export function wholeAnswer(
  piece: StreamPiece,
  head: ResponseHead,
  call: Call,
  rules: WholeAnswerRules = {},
): ChatAnswer | Refusal {
  const failure = failureOf(piece.finishReason)
  if (failure !== undefined) {
    const upstreamCode = String(piece.finishReason)
    const message = 'The provider ended the answer early'
    const details = { message, status: head.status, upstreamCode, concluded: true }
    return { ok: false, error: new ProviderError(failure, details) }
  }
  const calls = new ToolCallPieces(`call_${call.requestId}_`)
  const toolCalls = [...(piece.toolCalls ?? [])]
  apart(toolCalls)
  let outputBytes = Buffer.byteLength(piece.reasoning ?? '') + Buffer.byteLength(piece.text ?? '')
  for (const toolCall of toolCalls) outputBytes += calls.repair(toolCall).textBytes
  const told = finishReasonOf(piece.finishReason)
  const finishReason = toolCalls.length > 0 && (told === null || told === 'stop') ? 'tool_calls' : told
  const hasUsage = piece.usage !== undefined && hasFigures(piece.usage)
  const usage =
    hasUsage && piece.usage !== undefined ? (rules.readUsage ?? readUsage)(piece.usage) : undefined
  const fault = faultOfEnd({
    hasOutput: outputBytes > 0,
    finishReason: finishReason ?? undefined,
    complete: true,
    usage,
  })
  if (fault !== undefined) return { ok: false, error: fault }

  const message: MutableJson = {
    role: 'assistant',
    content: piece.text ?? (toolCalls.length > 0 ? null : ''),
  }
  if (piece.reasoning) message['reasoning_content'] = piece.reasoning
  if (toolCalls.length > 0) message['tool_calls'] = toolCalls.map(finished)
  const body = {
    id: nameOf(piece.chunkId) ?? nameOf(piece.id) ?? `chatcmpl-${call.requestId}`,
    object: 'chat.completion',
    created: Math.floor(call.nowMs / 1000),
    model: nameOf(piece.model) ?? call.upstreamModel,
    choices: [{ index: 0, message, logprobs: piece.logprobs ?? null, finish_reason: finishReason ?? 'stop' }],
    ...(hasUsage && piece.usage !== undefined ? { usage: openAiUsage(piece.usage) } : {}),
  }
  return {
    ok: true,
    body: JSON.stringify(body),
    usage,
    finishReason: finishReason ?? 'stop',
    upstreamId: nameOf(piece.id),
    model: nameOf(piece.model),
    outputBytes,
  }
}

/** Here every entry is a call of its own, whatever a stream would make of entries that look alike. */
function apart(toolCalls: readonly MutableJson[]): void {
  const ids = new Set<unknown>()
  for (const [position, toolCall] of toolCalls.entries()) {
    toolCall['index'] = position
    if (ids.has(toolCall['id'])) delete toolCall['id']
    ids.add(toolCall['id'])
  }
}

/** `index` is of streams only; empty arguments are no JSON to strict clients. */
function finished({ index: _, ...call }: MutableJson): MutableJson {
  const fn = call['function']
  if (isObject(fn) && fn['arguments'] === '') fn['arguments'] = '{}'
  return call
}

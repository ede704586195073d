import {
  ProviderError,
  type Call,
  type ChatAnswer,
  type Refusal,
  type ResponseHead,
} from '../contract/index.ts'
import { repairAnswer } from './answer-repair.ts'
import { jsonBytes, textOfBytes } from './bytes.ts'
import { faultOfEnd } from './end-of-answer.ts'
import { failureOf } from './finish-reason.ts'
import { foldStream, isEventStream } from './fold-stream.ts'
import { isObject, nameOf, objectOf, parseJson, type JsonObject } from './json.ts'
import { passthroughStream, type PassthroughRules } from './passthrough-stream.ts'
import { errorInAnswer } from './read-error.ts'
import { hasFigures, readUsage } from './usage.ts'

/**
 * Reads a whole answer in OpenAI's form. The provider's own bytes go on, unless something in them must be repaired. An SSE
 * body is folded into one answer, for models that only stream. A 200 that holds an error, or no answer, is a refusal.
 */
export function readOpenAiAnswer(
  head: ResponseHead,
  body: Uint8Array,
  call: Call,
  rules: PassthroughRules,
): ChatAnswer | Refusal {
  if (isEventStream(head, body)) {
    return foldStream(head, body, (sink) => passthroughStream(head, sink, call, rules))
  }
  const text = textOfBytes(body)
  const answer = parseJson(text)
  if (!isObject(answer)) return refuse('The provider answered with something that is not JSON', head)
  const error = errorInAnswer(answer, head, call, rules.errors)
  if (error !== undefined) return { ok: false, error }

  const adapted = rules.adapt?.(answer) === true
  const found = rules.findUsage?.(answer) ?? objectOf(answer['usage']) ?? usageOfChoice(answer)
  const usage = found === undefined || !hasFigures(found) ? undefined : (rules.readUsage ?? readUsage)(found)
  const upstreamId = nameOf(answer['id'])
  const model = nameOf(answer['model'])
  const failure = failureOf(firstChoice(answer)?.['finish_reason'])
  const { changed, outputBytes, finishReason } = repairAnswer(answer, call, found)
  if (failure !== undefined) {
    return refuse(
      'The provider ended the answer early',
      head,
      failure,
      String(firstChoice(answer)?.['finish_reason']),
    )
  }
  const fault = faultOfEnd({ hasOutput: outputBytes > 0, finishReason, complete: true, usage })
  if (fault !== undefined) return { ok: false, error: fault }
  return {
    ok: true,
    body: (adapted || changed ? undefined : jsonBytes(body)) ?? JSON.stringify(answer),
    usage,
    finishReason,
    upstreamId,
    model,
    outputBytes,
  }
}

function refuse(
  message: string,
  head: ResponseHead,
  kind: ProviderError['kind'] = 'upstream_error',
  upstreamCode = 'unreadable_answer',
): Refusal {
  const details = { message, status: head.status, upstreamCode, concluded: true }
  return { ok: false, error: new ProviderError(kind, details) }
}

function firstChoice(answer: JsonObject): JsonObject | undefined {
  const choices = answer['choices']
  return Array.isArray(choices) ? objectOf(choices[0]) : undefined
}

function usageOfChoice(answer: JsonObject): JsonObject | undefined {
  return objectOf(firstChoice(answer)?.['usage'])
}

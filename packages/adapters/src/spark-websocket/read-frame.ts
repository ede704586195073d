import type { Call, ChatRequest, ResponseHead } from '../contract/index.ts'
import { arrayOf, isObject, objectOf, textOf, type JsonObject } from '../wire/json.ts'
import { sparkFailure, sparkFailureMidway } from '../wire/spark-errors.ts'
import { sparkFinishReason } from '../wire/spark-finish-reason.ts'
import { originalFunctionNames } from '../wire/spark-function-names.ts'
import { sparkToolCalls } from '../wire/spark-tool-calls.ts'
import type { TranslatedRules } from '../wire/translated-stream.ts'
import { endsConversation } from './last-frame.ts'

/**
 * What Spark's frames mean (provider sheet, section 3.4): text in increments, the usage in the last frame only, a
 * function call whole in one frame. Frames without `choices` bring the sources of a web search, nobody's answer. No
 * finish reason is told. A conversation that ends without a last frame was cut.
 */
export function frameRules(head: ResponseHead, request: ChatRequest, call: Call): TranslatedRules {
  const originals = originalFunctionNames(request.body['tools'])
  let usage: JsonObject | undefined
  let hasSpoken = false
  return {
    framing: 'frame',
    translate(frame) {
      const failure = sparkFailure(frame, head, call)
      // Of a whole answer nothing is read before all of it is there.
      if (failure !== undefined) return hasSpoken && request.stream ? sparkFailureMidway(failure) : failure
      const payload = objectOf(frame['payload'])
      usage = usageOf(payload) ?? usage
      const sid = textOf(objectOf(frame['header'])?.['sid'])
      const said = (arrayOf(objectOf(payload?.['choices'])?.['text']) ?? []).filter(isObject)
      const called = said.map((one) => ({ function: one['function_call'] })).filter(hasName)
      const text = joined(said, 'content')
      const reasoning = joined(said, 'reasoning_content')
      hasSpoken ||= text !== '' || reasoning !== '' || called.length > 0
      return {
        id: sid,
        chunkId: sid === undefined ? undefined : `chatcmpl-${sid}`,
        usage,
        text,
        reasoning,
        toolCalls: sparkToolCalls(called, originals),
        complete: endsConversation(frame),
      }
    },
    closing: (complete) => (complete ? { finishReason: sparkFinishReason(usage, request, call) } : undefined),
  }
}

/** OpenAI's fields; `question_tokens` is reserved and means nothing. */
function usageOf(payload: JsonObject | undefined): JsonObject | undefined {
  const told = objectOf(objectOf(payload?.['usage'])?.['text'])
  if (told === undefined) return undefined
  const { question_tokens: _, ...usage } = told
  return usage
}

function joined(said: readonly JsonObject[], field: string): string {
  return said.map((one) => textOf(one[field]) ?? '').join('')
}

function hasName(called: { readonly function: unknown }): boolean {
  return textOf(objectOf(called.function)?.['name']) !== undefined
}

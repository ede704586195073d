import type { Call, ChatRequest, ResponseHead } from '../contract/index.ts'
import { arrayOf, isObject, objectOf, textOf, type JsonObject } from '../wire/json.ts'
import { sparkFailure } from '../wire/spark-errors.ts'
import { sparkFinishReason } from '../wire/spark-finish-reason.ts'
import { originalFunctionNames } from '../wire/spark-function-names.ts'
import type { StreamPiece, TranslatedRules } from '../wire/translated-stream.ts'
import { callsTheOlderWay, offeredFunctions } from './functions.ts'
import { endsConversation } from './last-frame.ts'

/**
 * What Spark's frames mean (provider sheet, section 3.4): text in increments, the usage in the last frame only, a
 * function call whole in one frame. Frames without `choices` bring the sources of a web search, nobody's answer. No
 * finish reason is told. A conversation that ends without a last frame was cut.
 */
export function frameRules(head: ResponseHead, request: ChatRequest, call: Call): TranslatedRules {
  const older = callsTheOlderWay(request.body)
  const originals = originalFunctionNames(offeredFunctions(request.body))
  let usage: JsonObject | undefined
  return {
    framing: 'frame',
    translate(frame) {
      const failure = sparkFailure(frame, head, call)
      if (failure !== undefined) return failure
      const payload = objectOf(frame['payload'])
      usage = usageOf(payload) ?? usage
      const sid = textOf(objectOf(frame['header'])?.['sid'])
      const said = (arrayOf(objectOf(payload?.['choices'])?.['text']) ?? []).filter(isObject)
      const calls = said.flatMap((one) => callOf(one['function_call'], originals))
      return {
        id: sid,
        chunkId: sid === undefined ? undefined : `chatcmpl-${sid}`,
        usage,
        text: joined(said, 'content'),
        reasoning: joined(said, 'reasoning_content'),
        ...(older
          ? { functionCall: calls[0] }
          : { toolCalls: calls.map((one) => ({ function: { ...one } })) }),
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

/** A call under the caller's own name. The document's table calls the arguments JSON, its example shows text. */
function callOf(
  value: unknown,
  originals: ReadonlyMap<string, string>,
): readonly NonNullable<StreamPiece['functionCall']>[] {
  const name = textOf(objectOf(value)?.['name'])
  if (name === undefined) return []
  const given = objectOf(value)?.['arguments']
  const json = isObject(given) ? JSON.stringify(given) : textOf(given)
  return [{ name: originals.get(name) ?? name, arguments: json ?? '{}' }]
}

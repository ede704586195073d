import type { Call, ChatAnswer, ChatRequest, Refusal, ResponseHead } from '../contract/index.ts'
import { readOpenAiAnswer } from '../wire/answer.ts'
import { textOfBytes } from '../wire/bytes.ts'
import { arrayOf, isObject, nameOf, objectOf, parseJson, textOf, type MutableJson } from '../wire/json.ts'
import { sparkErrorRules, sparkFailure } from '../wire/spark-errors.ts'
import { sparkFinishReason } from '../wire/spark-finish-reason.ts'
import { originalFunctionNames } from '../wire/spark-function-names.ts'
import { sparkToolCalls } from '../wire/spark-tool-calls.ts'

/**
 * Reads a whole answer of Spark's: no `id`, `object`, `created`, `model` or finish reason, tool calls as one object,
 * and possibly an error code inside a 200.
 */
export function sparkAnswer(
  head: ResponseHead,
  body: Uint8Array,
  request: ChatRequest,
  call: Call,
): ChatAnswer | Refusal {
  const whole = objectOf(parseJson(textOfBytes(body)))
  const failure = whole === undefined ? undefined : sparkFailure(whole, head, call)
  if (failure !== undefined) return { ok: false, error: failure }
  const sid = nameOf(whole?.['sid']) ?? nameOf(whole?.['id'])
  const read = readOpenAiAnswer(head, body, call, {
    errors: sparkErrorRules,
    adapt(answer) {
      if (sid !== undefined) answer['id'] = `chatcmpl-${sid}`
      for (const name of ['code', 'message', 'sid']) delete answer[name]
      adaptChoices(answer, request, call)
      return true
    },
  })
  return read.ok ? { ...read, upstreamId: sid } : read
}

function adaptChoices(answer: MutableJson, request: ChatRequest, call: Call): void {
  const originals = originalFunctionNames(request.body['tools'])
  for (const choice of arrayOf(answer['choices']) ?? []) {
    const message = isObject(choice) ? choice['message'] : undefined
    if (!isObject(choice) || !isObject(message)) continue
    const calls = sparkToolCalls(message['tool_calls'], originals)
    if (calls.length > 0) message['tool_calls'] = calls
    else delete message['tool_calls']
    choice['finish_reason'] =
      textOf(choice['finish_reason']) ?? sparkFinishReason(objectOf(answer['usage']), request, call)
  }
}

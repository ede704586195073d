import type { Call, ChatRequest, ChatStreamReader, ChatStreamSink, ResponseHead } from '../contract/index.ts'
import { arrayOf, objectOf, textOf, type JsonObject } from '../wire/json.ts'
import { sparkFailure, sparkFailureMidway } from '../wire/spark-errors.ts'
import { sparkFinishReason } from '../wire/spark-finish-reason.ts'
import { originalFunctionNames } from '../wire/spark-function-names.ts'
import { sparkToolCalls } from '../wire/spark-tool-calls.ts'
import { translatedStream, type TranslatedRules } from '../wire/translated-stream.ts'

/**
 * Reads Spark's stream: OpenAI's in outline, without `object`, `model` and finish reason, with the role in every chunk
 * and the usage in the last one. That the stream is over is told by `data:[DONE]`, or by the end after the usage.
 */
export function sparkStream(
  head: ResponseHead,
  sink: ChatStreamSink,
  request: ChatRequest,
  call: Call,
): ChatStreamReader {
  return translatedStream(sink, call, translation(head, request, call))
}

function translation(head: ResponseHead, request: ChatRequest, call: Call): TranslatedRules {
  const originals = originalFunctionNames(request.body['tools'])
  let usage: JsonObject | undefined
  let hasSpoken = false
  return {
    framing: 'sse',
    translate(event) {
      const failure = sparkFailure(event, head, call)
      if (failure !== undefined) return hasSpoken ? sparkFailureMidway(failure) : failure
      usage = objectOf(event['usage']) ?? usage
      const choice = objectOf(arrayOf(event['choices'])?.[0])
      const delta = objectOf(choice?.['delta'])
      const calls = delta?.['tool_calls']
      const sid = textOf(event['sid']) ?? textOf(event['id'])
      // The sources of a web search, nobody's answer.
      if (delta?.['role'] === 'tool') return { id: sid, usage }
      const text = textOf(delta?.['content'])
      const reasoning = textOf(delta?.['reasoning_content'])
      hasSpoken ||= text !== undefined || reasoning !== undefined || calls !== undefined
      return {
        id: sid,
        chunkId: sid === undefined ? undefined : `chatcmpl-${sid}`,
        usage,
        text,
        reasoning,
        toolCalls: calls === undefined ? undefined : sparkToolCalls(calls, originals),
        finishReason: textOf(choice?.['finish_reason']),
      }
    },
    closing(complete) {
      if (!complete && usage === undefined) return undefined
      return { finishReason: sparkFinishReason(usage, request, call) }
    },
  }
}

import type { Call, ChatRequest } from '../contract/index.ts'
import { countOf, type JsonObject } from './json.ts'
import { sparkMaxTokens } from './spark-max-tokens.ts'
import { sparkModel } from './spark-models.ts'

/**
 * Why an answer ended, which Spark does not tell: at the limit that was sent, when that many tokens were made.
 * Tool calls make it `tool_calls`; whoever has seen them says so.
 */
export function sparkFinishReason(
  usage: JsonObject | undefined,
  request: ChatRequest,
  call: Call,
): 'length' | 'stop' {
  const limit = sparkMaxTokens(request, sparkModel(call.upstreamModel))
  const made = countOf(usage?.['completion_tokens'])
  return limit !== undefined && made !== undefined && made >= limit ? 'length' : 'stop'
}

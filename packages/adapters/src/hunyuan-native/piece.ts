import {
  arrayOf,
  countOf,
  isObject,
  numberOf,
  objectOf,
  textOf,
  type JsonObject,
  type MutableJson,
} from '../wire/json.ts'
import type { StreamPiece } from '../wire/translated-stream.ts'

/** What an answer (`Message`) or a frame of a stream (`Delta`) means. `FinishReason` is `""` while a stream goes on. */
export function hunyuanPiece(answer: JsonObject, saidIn: 'Message' | 'Delta'): StreamPiece {
  const choice = objectOf(arrayOf(answer['Choices'])?.[0])
  const said = objectOf(choice?.[saidIn])
  return {
    id: textOf(answer['Id']),
    text: textOf(said?.['Content']),
    reasoning: textOf(said?.['ReasoningContent']),
    toolCalls: arrayOf(said?.['ToolCalls'])?.filter(isObject).map(openAiCall),
    finishReason: textOf(choice?.['FinishReason']),
    usage: hunyuanUsage(answer['Usage']),
  }
}

/**
 * Figures in OpenAI's names. A stream repeats them in every frame as running totals, while tool calls are written as 0
 * (provider sheet, section 2.3). The cached ones are text.
 */
export function hunyuanUsage(usage: unknown): MutableJson | undefined {
  const figures = objectOf(usage)
  if (figures === undefined) return undefined
  const cached = countOf(objectOf(figures['PromptTokensDetails'])?.['CachedTokens'])
  return {
    prompt_tokens: countOf(figures['PromptTokens']),
    completion_tokens: countOf(figures['CompletionTokens']),
    total_tokens: countOf(figures['TotalTokens']),
    ...(cached === undefined ? {} : { prompt_tokens_details: { cached_tokens: cached } }),
  }
}

/** Without an `Id` in whole answers, with the same one and an empty name in later frames: `ToolCallPieces` sorts it out. */
function openAiCall(call: MutableJson): MutableJson {
  const described = objectOf(call['Function'])
  return {
    index: numberOf(call['Index']),
    id: textOf(call['Id']),
    type: 'function',
    function: { name: textOf(described?.['Name']), arguments: described?.['Arguments'] },
  }
}

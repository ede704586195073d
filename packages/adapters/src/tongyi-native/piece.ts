import { arrayOf, isObject, objectOf, textOf, type JsonObject } from '../wire/json.ts'
import type { StreamPiece } from '../wire/translated-stream.ts'
import { tongyiUsage } from './usage.ts'

/**
 * What a whole answer or one frame of a stream says; they have one form (provider sheet, section 3). Without choices it
 * is the old `text` format, which some models answer in whatever was asked for.
 */
export function tongyiPiece(answer: JsonObject): StreamPiece {
  const output = objectOf(answer['output']) ?? {}
  const choice = objectOf(arrayOf(output['choices'])?.[0])
  const message = objectOf(choice?.['message'])
  const id = textOf(answer['request_id'])
  return {
    id,
    chunkId: id === undefined ? undefined : `chatcmpl-${id}`,
    text: textIn(message === undefined ? output['text'] : message['content']),
    reasoning: textIn(message?.['reasoning_content']),
    toolCalls: arrayOf(message?.['tool_calls'])?.filter(isObject),
    logprobs: objectOf(choice?.['logprobs']),
    finishReason: textOf(choice?.['finish_reason']) ?? textOf(output['finish_reason']),
    usage: tongyiUsage(answer['usage']),
  }
}

/** Text, or the text in a list of parts: models that see or hear answer in one, and say nothing with an empty one. */
function textIn(content: unknown): string | undefined {
  if (!Array.isArray(content)) return textOf(content)
  const texts = content.map((part: unknown) => (isObject(part) ? (textOf(part['text']) ?? '') : ''))
  return textOf(texts.join(''))
}

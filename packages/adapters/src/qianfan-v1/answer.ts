import type { Call, ChatAnswer, ChatRequest, Refusal, ResponseHead } from '../contract/index.ts'
import { textOfBytes } from '../wire/bytes.ts'
import { countOf, objectOf, parseJson, textOf, type JsonObject, type MutableJson } from '../wire/json.ts'
import type { StreamPiece } from '../wire/translated-stream.ts'
import { wholeAnswer } from '../wire/whole-answer.ts'
import { qianfanV1Failure, readQianfanV1Error } from './errors.ts'

/** Reads a whole answer, which may be an error with status 200. */
export function qianfanV1Answer(
  head: ResponseHead,
  body: Uint8Array,
  _request: ChatRequest,
  call: Call,
): ChatAnswer | Refusal {
  const said = objectOf(parseJson(textOfBytes(body)))
  if (said === undefined) return { ok: false, error: readQianfanV1Error(head, body, call) }
  const error = qianfanV1Failure(said, head, call)
  if (error !== undefined) return { ok: false, error }
  const verdict = new Verdict()
  const piece = pieceOf(said, verdict)
  return wholeAnswer({ ...piece, finishReason: verdict.finishReason(said) }, head, call)
}

/** What a whole answer or a frame of a stream says, but for its end; what bears on that is noted in the verdict. */
export function pieceOf(said: JsonObject, verdict: Verdict): StreamPiece {
  const called = objectOf(said['function_call'])
  const name = textOf(called?.['name'])
  verdict.note(said, name !== undefined)
  return {
    id: textOf(said['id']),
    text: textOf(said['result']),
    reasoning: textOf(called?.['thoughts']),
    // The id is made by whoever reads the piece: V1 has none, it makes one call an answer.
    toolCalls: called === undefined ? undefined : toolCallPieces(called, name, verdict),
    usage: usageOf(said['usage']),
  }
}

/** Not verified: a call in several frames. Later ones would then go on with the arguments of the first. */
function toolCallPieces(
  called: MutableJson,
  name: string | undefined,
  verdict: Verdict,
): MutableJson[] | undefined {
  if (!verdict.hasCall) return undefined
  const fn = { ...(name === undefined ? {} : { name }), arguments: called['arguments'] }
  return [{ index: 0, function: fn }]
}

/**
 * Running totals. `total_tokens` counts the tokens of a search as well (`tool_tokens`, provider sheet, section 2.3), and
 * is believed; where it is missing it is made so.
 */
function usageOf(usage: unknown): JsonObject | undefined {
  const figures = objectOf(usage)
  const toolTokens = countOf(figures?.['tool_tokens'])
  if (figures === undefined || toolTokens === undefined || countOf(figures['total_tokens']) !== undefined) {
    return figures
  }
  const counted = [countOf(figures['prompt_tokens']), countOf(figures['completion_tokens']), toolTokens]
  return { ...figures, total_tokens: counted.reduce<number>((sum, count) => sum + (count ?? 0), 0) }
}

/** Why an answer ended. The signs come in any frame of a stream and hold to its end. */
export class Verdict {
  hasCall = false
  /** The text is a canned refusal. */
  #isUnsafe = false
  #isTruncated = false

  note(said: JsonObject, isCall: boolean): void {
    this.hasCall ||= isCall
    this.#isUnsafe ||= said['need_clear_history'] === true
    this.#isTruncated ||= said['is_truncated'] === true
  }

  /** `last` is the whole answer or the last frame. Older models tell no reason (provider sheet, section 2.3). */
  finishReason(last: JsonObject): string {
    const told = textOf(last['finish_reason'])
    if (this.#isUnsafe || told === 'content_filter') return 'content_filter'
    if (this.#isTruncated || told === 'length') return 'length'
    if (this.hasCall) return 'tool_calls'
    return told === undefined || told === 'function_call' ? 'stop' : told
  }
}

import type { Call, ProviderError, ResponseHead } from '../contract/index.ts'
import { textOfBytes } from '../wire/bytes.ts'
import { dashScopeErrorRules } from '../wire/dashscope-errors.ts'
import { isObject, objectOf, parseJson, textOf, type JsonObject } from '../wire/json.ts'
import { errorInAnswer, readOpenAiError } from '../wire/read-error.ts'

/**
 * The failure that a frame or a whole body reports, or `undefined` when it is none. `name` is the frame's `event:`
 * field; only `error` says so, what has neither output nor the name of an error is judged by its code.
 */
export function tongyiFailure(
  said: JsonObject,
  name: string,
  head: ResponseHead,
  call: Call,
): ProviderError | undefined {
  if (name !== 'error' && isObject(said['output'])) return undefined
  const isBare = !isObject(said['error']) && (name === 'error' || textOf(said['code']) !== undefined)
  return errorInAnswer(isBare ? { error: said } : said, head, call, dashScopeErrorRules)
}

/** Reads a refused call: JSON, or one frame of a stream, in which a failed stream is answered whatever its status. */
export function readTongyiError(head: ResponseHead, body: Uint8Array, call: Call): ProviderError {
  const text = textOfBytes(body)
  const said = objectOf(parseJson(text))
  const failure = said === undefined ? undefined : tongyiFailure(said, '', head, call)
  return failure ?? readOpenAiError(headTold(head, text), body, call, dashScopeErrorRules)
}

/** The head with the status that a comment of the stream tells, where that is a failure's and the head's is not. */
export function headTold(head: ResponseHead, comments: string): ResponseHead {
  const status = Number(/HTTP_STATUS\/([45]\d\d)\b/.exec(comments)?.[1])
  return head.status < 400 && status >= 400 ? { ...head, status } : head
}

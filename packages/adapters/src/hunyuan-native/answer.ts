import type { Call, ChatAnswer, Refusal, ResponseHead } from '../contract/index.ts'
import { textOfBytes } from '../wire/bytes.ts'
import { parseJson } from '../wire/json.ts'
import { wholeAnswer } from '../wire/whole-answer.ts'
import { hunyuanFailure, readHunyuanError } from './errors.ts'
import { hunyuanPiece } from './piece.ts'
import { unwrapped } from './unwrapped.ts'

/** Reads a whole answer, or the error that a 200 holds in its place. */
export function hunyuanAnswer(head: ResponseHead, body: Uint8Array, call: Call): ChatAnswer | Refusal {
  const answer = unwrapped(parseJson(textOfBytes(body)))
  if (answer === undefined) return { ok: false, error: readHunyuanError(head, body, call) }
  const failure = hunyuanFailure(answer, head, call)
  if (failure !== undefined) return { ok: false, error: failure }
  return wholeAnswer(hunyuanPiece(answer, 'Message'), head, call)
}

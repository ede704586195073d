import {
  ProviderError,
  type Call,
  type ChatAnswer,
  type Refusal,
  type ResponseHead,
} from '../contract/index.ts'
import { textOfBytes } from '../wire/bytes.ts'
import { foldStream, isEventStream } from '../wire/fold-stream.ts'
import { objectOf, parseJson } from '../wire/json.ts'
import { wholeAnswer } from '../wire/whole-answer.ts'
import { tongyiFailure } from './errors.ts'
import { tongyiPiece } from './piece.ts'
import { tongyiStream } from './stream.ts'

/** Reads a whole answer, or the stream that a model answers in which knows nothing else. */
export function tongyiAnswer(head: ResponseHead, body: Uint8Array, call: Call): ChatAnswer | Refusal {
  if (isEventStream(head, body)) return foldStream(head, body, (sink) => tongyiStream(head, sink, call))
  const answer = objectOf(parseJson(textOfBytes(body)))
  if (answer === undefined) {
    const message = 'The provider answered with something that is not JSON'
    const error = new ProviderError('upstream_error', {
      message,
      status: head.status,
      upstreamCode: 'unreadable_answer',
      concluded: true,
    })
    return { ok: false, error }
  }
  const failure = tongyiFailure(answer, '', head, call)
  return failure === undefined ? wholeAnswer(tongyiPiece(answer), head, call) : { ok: false, error: failure }
}

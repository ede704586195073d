import type { Call, ChatRequest, ChatStreamReader, ChatStreamSink, ResponseHead } from '../contract/index.ts'
import { translatedStream } from '../wire/translated-stream.ts'
import { pieceOf, Verdict } from './answer.ts'
import { qianfanV1Failure } from './errors.ts'

/**
 * Reads V1's stream (provider sheet, section 2.3): increments with the usage so far in every frame, over with the frame
 * that says `is_end`; there is no `[DONE]`, and a stream without that frame was cut.
 */
export function qianfanV1Stream(
  head: ResponseHead,
  sink: ChatStreamSink,
  _request: ChatRequest,
  call: Call,
): ChatStreamReader {
  const verdict = new Verdict()
  return translatedStream(sink, call, {
    framing: 'sse',
    translate(frame) {
      const failure = qianfanV1Failure(frame, head, call)
      if (failure !== undefined) return failure
      const piece = pieceOf(frame, verdict)
      if (frame['is_end'] !== true) return piece
      return { ...piece, finishReason: verdict.finishReason(frame), complete: true }
    },
  })
}

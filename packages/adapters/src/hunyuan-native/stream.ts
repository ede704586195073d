import type { Call, ChatStreamReader, ChatStreamSink, ResponseHead } from '../contract/index.ts'
import { translatedStream } from '../wire/translated-stream.ts'
import { hunyuanFailure } from './errors.ts'
import { hunyuanPiece } from './piece.ts'
import { unwrapped } from './unwrapped.ts'

/** Reads a stream. Nothing marks its end but the finish reason of the last frame; there is no `[DONE]`. */
export function hunyuanStream(head: ResponseHead, sink: ChatStreamSink, call: Call): ChatStreamReader {
  return translatedStream(sink, call, {
    framing: 'sse',
    translate(event) {
      const frame = unwrapped(event) ?? event
      return hunyuanFailure(frame, head, call) ?? hunyuanPiece(frame, 'Delta')
    },
  })
}

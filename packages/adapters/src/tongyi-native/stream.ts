import type { Call, ChatStreamReader, ChatStreamSink, ResponseHead } from '../contract/index.ts'
import { translatedStream } from '../wire/translated-stream.ts'
import { headTold, tongyiFailure } from './errors.ts'
import { Increments } from './increments.ts'
import { tongyiPiece } from './piece.ts'

/**
 * Reads DashScope's stream (provider sheet, section 3): every frame tells the usage so far, the last one a finish
 * reason, and no `[DONE]` follows. A failure is a frame named `error`, whose status stands in the comment before it.
 */
export function tongyiStream(head: ResponseHead, sink: ChatStreamSink, call: Call): ChatStreamReader {
  let told = head
  const increments = new Increments()
  return translatedStream(sink, call, {
    framing: 'sse',
    comment(text) {
      told = headTold(head, text)
    },
    translate: (event, name) => tongyiFailure(event, name, told, call) ?? increments.of(tongyiPiece(event)),
    closing: () => increments.rest(),
  })
}

import { ProviderError, type ChatOperation } from '../contract/index.ts'
import { stopTexts } from './stop-cutter.ts'
import { stopInAnswer } from './stop-in-answer.ts'
import { stopInStream } from './stop-in-stream.ts'

/**
 * The same chat with OpenAI's `stop` carried out here, for platforms that include the stop text in the answer or know
 * no `stop` at all. Where the platform does as OpenAI does there is nothing to cut, so a platform may change.
 *
 * Without stop texts in the request it costs nothing. With them every event of a stream is parsed, and what may be
 * the beginning of a stop text is held back until the next event. OpenAI takes four stop texts; hundreds of thousands of
 * them, looked for in every event, would hold up everybody else.
 */
export function cutStops(chat: ChatOperation): ChatOperation {
  return {
    ...chat,
    request(request, call) {
      if (stopTexts(request.body['stop']).length <= stopsMax) return chat.request(request, call)
      const message = `stop has more than ${stopsMax} texts`
      return { ok: false, error: new ProviderError('invalid_request', { message, param: 'stop' }) }
    },
    answer: (head, body, request, call) =>
      stopInAnswer(stopTexts(request.body['stop']), chat.answer(head, body, request, call)),
    stream(head, sink, request, call) {
      const stops = stopTexts(request.body['stop'])
      if (stops.length === 0) return chat.stream(head, sink, request, call)
      return stopInStream(stops, sink, (inner) => chat.stream(head, inner, request, call))
    },
  }
}

const stopsMax = 64

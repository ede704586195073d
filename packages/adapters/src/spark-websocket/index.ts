import type { ProtocolAdapter } from '../contract/index.ts'
import { cutStops } from '../wire/cut-stops.ts'
import { foldStream } from '../wire/fold-stream.ts'
import { legacyFunctions } from '../wire/legacy-functions.ts'
import { translatedStream } from '../wire/translated-stream.ts'
import { chatPath } from './chat-path.ts'
import { sparkFrameRequest } from './chat-request.ts'
import { sparkEmbeddings } from './embeddings.ts'
import { readSignedRefusal } from './errors.ts'
import { sparkProbe } from './probe.ts'
import { frameRules } from './read-frame.ts'

/**
 * iFlytek Spark's native interface (provider sheet, sections 3 and 4; vendor page Web.html): one conversation on a
 * WebSocket a request, with a signed URL, and embeddings over signed HTTP. For applications that have APPID, APIKey and
 * APISecret only; who has an APIPassword does better with `spark-http`, which knows the results of tools.
 *
 * `max_tokens` bounds reasoning and answer together (not verified): both are `completion_tokens`.
 */
export const sparkWebSocket: ProtocolAdapter = {
  protocol: 'spark-websocket',
  provider: 'spark',
  defaultBaseUrl: 'https://spark-api.xf-yun.com',
  credentials: [
    { name: 'appId', required: true, label: 'APPID', example: '5f0a1b2c' },
    { name: 'apiKey', required: true, label: 'APIKey' },
    // As the console shows it: it looks like base64 and is used as it is.
    { name: 'apiSecret', required: true, label: 'APISecret' },
  ],
  options: [
    { name: 'chatPath', label: 'Path of all models of this account, in place of the known ones: /v1.1/chat' },
    {
      name: 'embeddingUrl',
      label: 'URL of the embedding service, in place of emb-cn-huabei-1.xf-yun.com',
      format: 'url',
    },
  ],
  serves: (upstreamModel, { options }) => chatPath({ upstreamModel, options }) !== undefined,
  chat: legacyFunctions(
    cutStops({
      request: sparkFrameRequest,
      // Spark always streams: a whole answer is what the frames amount to.
      answer: (head, body, request, call) =>
        foldStream(head, body, (sink) => translatedStream(sink, call, frameRules(head, request, call))),
      stream: (head, sink, request, call) => translatedStream(sink, call, frameRules(head, request, call)),
      refusal: readSignedRefusal,
    }),
  ),
  embeddings: sparkEmbeddings,
  probe: sparkProbe,
  hangUp: 'abort',
}

import type { ChatOperation, ProtocolAdapter } from '../contract/index.ts'
import { readOpenAiAnswer } from '../wire/answer.ts'
import { openAiEmbeddings } from '../wire/embeddings.ts'
import { openAiChat, type OpenAiChatRules } from '../wire/openai-chat.ts'
import { passthroughStream } from '../wire/passthrough-stream.ts'
import { chatProbe } from '../wire/probe.ts'
import { stopTexts } from '../wire/stop-cutter.ts'
import { stopInAnswer } from '../wire/stop-in-answer.ts'
import { stopInStream } from '../wire/stop-in-stream.ts'
import { hunyuanChatEdits } from './chat-edits.ts'
import { hunyuanErrorRules } from './errors.ts'

/**
 * Tencent Hunyuan's older endpoint in OpenAI's dialect (provider sheet; vendor page 1729/111007), which the vendor is
 * switching off in favour of TokenHub.
 *
 * It stops **after** a stop text and includes it, which OpenAI does not. The text is cut out here, if it is there: the
 * vendor announces that this may change. In streams that costs parsing every event of a request with `stop`, and
 * holding back what may be the beginning of a stop text.
 */
export const hunyuanOpenai: ProtocolAdapter = {
  protocol: 'hunyuan-openai',
  provider: 'hunyuan',
  defaultBaseUrl: 'https://api.hunyuan.cloud.tencent.com/v1',
  credentials: [{ name: 'apiKey', required: true, label: 'API KEY (混元控制台)', example: 'sk-…' }],
  options: [],
  chat: hunyuanChat(),
  embeddings: openAiEmbeddings({
    errors: hunyuanErrorRules,
    formats: 'float',
    // `input` and `model` are all there is; vectors always have 1024 numbers.
    drop: ['encoding_format', 'dimensions', 'user'],
  }),
  // The endpoint has no list of models.
  probe: chatProbe({ errors: hunyuanErrorRules, model: 'hunyuan-lite' }),
  hangUp: 'abort',
}

function hunyuanChat(): ChatOperation {
  const rules: OpenAiChatRules = {
    errors: hunyuanErrorRules,
    maxTokens: () => 'max_tokens',
    edit: hunyuanChatEdits,
  }
  return {
    ...openAiChat(rules),
    answer: (head, body, request, call) =>
      stopInAnswer(stopTexts(request.body['stop']), readOpenAiAnswer(head, body, call, rules)),
    stream(head, sink, request, call) {
      const stops = stopTexts(request.body['stop'])
      if (stops.length === 0) return passthroughStream(head, sink, call, rules)
      return stopInStream(stops, sink, (inner) => passthroughStream(head, inner, call, rules))
    },
  }
}

import type { ProtocolAdapter } from '../contract/index.ts'
import { cutStops } from '../wire/cut-stops.ts'
import { openAiEmbeddings } from '../wire/embeddings.ts'
import { openAiChat } from '../wire/openai-chat.ts'
import { chatProbe } from '../wire/probe.ts'
import { hunyuanChatEdits } from './chat-edits.ts'
import { hunyuanErrorRules } from './errors.ts'

/**
 * Tencent Hunyuan's older endpoint in OpenAI's dialect (provider sheet; vendor page 1729/111007), which the vendor is
 * switching off in favour of TokenHub.
 *
 * It stops **after** a stop text and includes it, which OpenAI does not. The text is cut out, if it is there: the vendor
 * announces that this may change.
 */
export const hunyuanOpenai: ProtocolAdapter = {
  protocol: 'hunyuan-openai',
  provider: 'hunyuan',
  defaultBaseUrl: 'https://api.hunyuan.cloud.tencent.com/v1',
  credentials: [{ name: 'apiKey', required: true, label: 'API KEY (混元控制台)', example: 'sk-…' }],
  options: [],
  // Models of the old platform; the newer ones are on TokenHub alone (provider sheet, section 0).
  serves: (model) => model.startsWith('hunyuan-'),
  chat: cutStops(
    openAiChat({ errors: hunyuanErrorRules, maxTokens: () => 'max_tokens', edit: hunyuanChatEdits }),
  ),
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

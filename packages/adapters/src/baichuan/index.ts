import type { ProtocolAdapter } from '../contract/index.ts'
import { cutStops } from '../wire/cut-stops.ts'
import { openAiEmbeddings } from '../wire/embeddings.ts'
import { openAiChat } from '../wire/openai-chat.ts'
import { chatProbe } from '../wire/probe.ts'
import { baichuanChatEdits } from './chat-edits.ts'
import { baichuanErrorRules } from './errors.ts'

/**
 * Baichuan's own platform, close to OpenAI's (provider sheet, from vendor pages of 2023-24 and client code): streams
 * with `data:` without a space, `finish_reason: ""` until the end, usage on the last chunk, which still has text.
 */
export const baichuan: ProtocolAdapter = {
  protocol: 'baichuan',
  provider: 'baichuan',
  defaultBaseUrl: 'https://api.baichuan-ai.com/v1',
  credentials: [{ name: 'apiKey', required: true, label: 'API Key', example: 'sk-…' }],
  options: [],
  chat: cutStops(
    openAiChat({
      errors: baichuanErrorRules,
      maxTokens: () => 'max_tokens',
      // Not documented, and usage comes anyway.
      asksForUsage: () => false,
      edit: baichuanChatEdits,
    }),
  ),
  embeddings: openAiEmbeddings({
    errors: baichuanErrorRules,
    formats: 'float',
    drop: ['encoding_format', 'dimensions', 'user'],
    inputsMax: () => 16,
  }),
  // No list of models was found.
  probe: chatProbe({ errors: baichuanErrorRules, model: 'Baichuan4-Air' }),
  hangUp: 'abort',
}

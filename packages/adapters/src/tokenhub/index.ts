import type { ProtocolAdapter } from '../contract/index.ts'
import { openAiEmbeddings } from '../wire/embeddings.ts'
import { openAiChat } from '../wire/openai-chat.ts'
import { getProbe } from '../wire/probe.ts'
import { tokenhubChatEdits } from './chat-edits.ts'
import { tokenhubErrorRules } from './errors.ts'

/**
 * Tencent's TokenHub, the successor of the Hunyuan platform, in OpenAI's dialect (provider sheet; vendor pages
 * 1823/132252 and 1823/131595). It streams no usage unless asked. It resells models of other makers, so that no field
 * is dropped here: what a model does not take, the platform says.
 */
export const tokenhub: ProtocolAdapter = {
  protocol: 'tokenhub',
  provider: 'hunyuan',
  defaultBaseUrl: 'https://tokenhub.tencentmaas.com/v1',
  credentials: [{ name: 'apiKey', required: true, label: 'API Key (TokenHub)', example: 'sk-…' }],
  options: [],
  // The successor has models of its own; those of the old platform did not move (provider sheet, section 0).
  serves: (model) => /^hy\d/.test(model),
  chat: openAiChat({
    errors: tokenhubErrorRules,
    // Which of OpenAI's two names is known is not verified; `max_tokens` is the one all its models had before.
    maxTokens: () => 'max_tokens',
    edit: tokenhubChatEdits,
  }),
  embeddings: openAiEmbeddings({ errors: tokenhubErrorRules, formats: 'float' }),
  // Exists and needs a key (public client notes).
  probe: getProbe((call) => `${call.baseUrl}/models`, { errors: tokenhubErrorRules }),
  hangUp: 'abort',
}

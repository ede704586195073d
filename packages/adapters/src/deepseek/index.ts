import type { ProtocolAdapter } from '../contract/index.ts'
import { legacyFunctions } from '../wire/legacy-functions.ts'
import { openAiChat } from '../wire/openai-chat.ts'
import { deepseekChatEdits } from './chat-edits.ts'
import { deepseekErrorRules } from './errors.ts'
import { deepseekProbe } from './probe.ts'

/**
 * DeepSeek's own platform (provider sheet of OpenAI-compatible upstreams, sections 1 to 7; api-docs.deepseek.com). It
 * thinks unless told not to and tells the thinking as `reasoning_content`, which clients that use tools must send back.
 * It has no embeddings. While it is busy it keeps the connection open with comments, or with blank lines before a body.
 */
export const deepseek: ProtocolAdapter = {
  protocol: 'deepseek',
  provider: 'deepseek',
  // The same with `/v1` behind it.
  defaultBaseUrl: 'https://api.deepseek.com',
  credentials: [{ name: 'apiKey', required: true, label: 'API Key', example: 'sk-…' }],
  options: [],
  chat: legacyFunctions(
    openAiChat({
      errors: deepseekErrorRules,
      // Bounds thinking and answer together (api-docs.deepseek.com/zh-cn/guides/reasoning_model).
      maxTokens: () => 'max_tokens',
      edit: deepseekChatEdits,
    }),
  ),
  probe: deepseekProbe,
  hangUp: 'abort',
}

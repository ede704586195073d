import type { Call, HeaderMap, ProtocolAdapter } from '../contract/index.ts'
import { openAiEmbeddings } from '../wire/embeddings.ts'
import { jsonHeaders } from '../wire/headers.ts'
import { openAiChat } from '../wire/openai-chat.ts'
import { getProbe } from '../wire/probe.ts'
import { findBotUsage } from './bot-usage.ts'
import { arkChatEdits, arkMaxTokensName, reasoningBeyondBound } from './chat-edits.ts'
import { arkEmbeddingEdits, isMultimodal } from './embedding-edits.ts'
import { arkErrorRules } from './errors.ts'

/**
 * Volcengine Ark (Doubao) with an API key (provider sheet of Ark; volcengine.com/docs/82379/1494384). A model is a
 * dated id, an endpoint `ep-…`, or a bot `bot-…`, which has its own path. The answer's `model` is the real version.
 */
export const ark: ProtocolAdapter = {
  protocol: 'ark',
  provider: 'ark',
  defaultBaseUrl: 'https://ark.cn-beijing.volces.com/api/v3',
  credentials: [{ name: 'apiKey', required: true, label: 'API Key (方舟控制台)', example: 'ark-…' }],
  options: [
    {
      name: 'maxTokensName',
      label: 'Name of the output bound, for endpoints of older models',
      values: ['max_tokens', 'max_completion_tokens'],
    },
  ],
  chat: openAiChat({
    errors: arkErrorRules,
    path: (call) => (call.upstreamModel.startsWith('bot-') ? '/bots/chat/completions' : '/chat/completions'),
    headers: arkHeaders,
    maxTokens: arkMaxTokensName,
    // Not in the vendor's parameter list.
    drop: ['n', 'seed', 'user'],
    // Both were refused before 2026-09-09 and still are by older plans (docs/82379/2678892).
    messages: () => ({ nullContent: 'empty' }),
    edit: arkChatEdits,
    beyondBound: reasoningBeyondBound,
    findUsage: findBotUsage,
  }),
  embeddings: openAiEmbeddings({
    errors: arkErrorRules,
    path: (call) => (isMultimodal(call.upstreamModel) ? '/embeddings/multimodal' : '/embeddings'),
    headers: arkHeaders,
    formats: 'float',
    drop: ['user'],
    edit: arkEmbeddingEdits,
  }),
  probe: getProbe((call) => `${call.baseUrl}/models`, { errors: arkErrorRules, headers: arkHeaders }),
  hangUp: 'abort',
}

/** Ark logs our id beside its own. */
function arkHeaders(call: Call, streams: boolean): HeaderMap {
  return { ...jsonHeaders(call, streams), 'x-client-request-id': call.requestId }
}

import type { Call, HeaderMap, ProbeOperation, ProtocolAdapter } from '../contract/index.ts'
import { openAiEmbeddings } from '../wire/embeddings.ts'
import { jsonHeaders } from '../wire/headers.ts'
import { openAiChat } from '../wire/openai-chat.ts'
import { getProbe } from '../wire/probe.ts'
import { findBotUsage } from './bot-usage.ts'
import { arkChatEdits, arkMaxTokensName, reasoningBeyondBound } from './chat-edits.ts'
import { arkEmbeddingEdits, isMultimodal } from './embedding-edits.ts'
import { arkErrorRules } from './errors.ts'
import { arkSession } from './session.ts'

const listModels = getProbe((call) => `${call.baseUrl}/models`, {
  errors: arkErrorRules,
  headers: arkHeaders,
})

/** The list of models checks an API key. A temporary key is for one endpoint only: that it was granted is the proof. */
const arkProbe: ProbeOperation = {
  ...listModels,
  request: (call) => (call.session === undefined ? listModels.request(call) : undefined),
}

/**
 * Volcengine Ark (Doubao) with an API key, or with an access key and its secret (provider sheet of Ark;
 * volcengine.com/docs/82379/1494384). A model is a dated id, an endpoint `ep-…`, or a bot `bot-…`, which has its own
 * path. The answer's `model` is the real version.
 */
export const ark: ProtocolAdapter = {
  protocol: 'ark',
  provider: 'ark',
  defaultBaseUrl: 'https://ark.cn-beijing.volces.com/api/v3',
  credentials: [
    { name: 'apiKey', required: false, label: 'API Key (方舟控制台)', example: 'ark-…' },
    { name: 'accessKeyId', required: false, label: 'Access Key ID (访问控制 IAM)', example: 'AKLT…' },
    { name: 'secretAccessKey', required: false, label: 'Secret Access Key (访问控制 IAM)' },
  ],
  credentialSets: [['apiKey'], ['accessKeyId', 'secretAccessKey']],
  options: [
    { name: 'projectName', label: 'Project of the models, with an access key (default: default)' },
    { name: 'region', label: 'Region, with an access key (default: cn-beijing)' },
    {
      name: 'controlUrl',
      label: 'Control plane, with an access key (default: https://open.volcengineapi.com)',
      format: 'url',
    },
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
    inputsMax: (call) => (isMultimodal(call.upstreamModel) ? 1 : undefined),
    edit: arkEmbeddingEdits,
  }),
  probe: arkProbe,
  session: arkSession,
  hangUp: 'abort',
}

/** The account's key, or the temporary one of its access key. Ark logs our id beside its own. */
function arkHeaders(call: Call, streams: boolean): HeaderMap {
  const { session, credentials } = call
  const keyed = session === undefined ? call : { ...call, credentials: { ...credentials, ...session } }
  return { ...jsonHeaders(keyed, streams), 'x-client-request-id': call.requestId }
}

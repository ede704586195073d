import type { Call, ChatOperation, HeaderMap, ProtocolAdapter } from '../contract/index.ts'
import { readOpenAiAnswer } from '../wire/answer.ts'
import { openAiEmbeddings } from '../wire/embeddings.ts'
import { jsonHeaders } from '../wire/headers.ts'
import { openAiChat, type OpenAiChatRules } from '../wire/openai-chat.ts'
import { passthroughStream, type PassthroughRules } from '../wire/passthrough-stream.ts'
import { chatProbe } from '../wire/probe.ts'
import { qianfanChatEdits } from './chat-edits.ts'
import { qianfanErrorRules } from './errors.ts'
import { QianfanModeration } from './moderation.ts'

/**
 * Baidu Qianfan's current API, close to OpenAI's (provider sheet; official SDK baidubce/bce-qianfan-sdk, vendor
 * documents). Usage comes on the last chunk with choices or on one without: both are read, neither is shown.
 */
export const qianfanV2: ProtocolAdapter = {
  protocol: 'qianfan-v2',
  provider: 'qianfan',
  defaultBaseUrl: 'https://qianfan.baidubce.com/v2',
  credentials: [{ name: 'apiKey', required: true, label: 'API Key', example: 'bce-v3/ALTAK-…/…' }],
  options: [{ name: 'appid', label: 'Application (appid header); empty: the account’s default application' }],
  chat: qianfanChat(),
  embeddings: openAiEmbeddings({
    errors: qianfanErrorRules,
    headers: qianfanHeaders,
    formats: 'float',
    // The official SDK sends `model` and `input` only, and the input as a list.
    drop: ['encoding_format', 'dimensions'],
    // Not verified, but for tao-8k; more exchanges than needed cost nothing.
    inputsMax: (call) => (call.upstreamModel.toLowerCase() === 'tao-8k' ? 1 : 16),
    edit: ({ body }) => (typeof body['input'] === 'string' ? { set: { input: [body['input']] } } : undefined),
  }),
  // A free list of models stands in newer documents, but no source shows that it checks the key.
  probe: chatProbe({
    errors: qianfanErrorRules,
    headers: qianfanHeaders,
    maxTokensName: 'max_completion_tokens',
    model: 'ernie-4.5-turbo-128k',
  }),
  hangUp: 'abort',
}

function qianfanChat(): ChatOperation {
  const rules: OpenAiChatRules = {
    errors: qianfanErrorRules,
    headers: qianfanHeaders,
    maxTokens: () => 'max_completion_tokens',
    edit: qianfanChatEdits,
  }
  return {
    ...openAiChat(rules),
    answer: (head, body, _request, call) => readOpenAiAnswer(head, body, call, withModeration(rules)),
    stream: (head, sink, _request, call) => passthroughStream(head, sink, call, withModeration(rules)),
  }
}

/** One answer's verdict must not leak into the next: a fresh one each. */
function withModeration(rules: PassthroughRules): PassthroughRules {
  const moderation = new QianfanModeration()
  return { ...rules, adapt: (answer) => moderation.apply(answer) }
}

/**
 * The key as a bearer token, and the application where one is named: in the account's option, or behind a bar in
 * the key itself (`bce-v3/…|app-…`), the way users of other gateways have stored both.
 */
function qianfanHeaders(call: Call, streams: boolean): HeaderMap {
  const [apiKey = '', appidInKey] = (call.credentials['apiKey'] ?? '').split('|', 2)
  const appid = call.options['appid'] || appidInKey
  return {
    ...jsonHeaders({ ...call, credentials: { apiKey } }, streams),
    ...(appid === undefined || appid === '' ? {} : { appid }),
  }
}

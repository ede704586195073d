import type { Call, HeaderMap, ProtocolAdapter } from '../contract/index.ts'
import { openAiEmbeddings } from '../wire/embeddings.ts'
import { jsonHeaders } from '../wire/headers.ts'
import { openAiChat } from '../wire/openai-chat.ts'
import { chatProbe } from '../wire/probe.ts'
import { tongyiChatEdits } from './chat-edits.ts'
import { tongyiErrorRules } from './errors.ts'
import { mustStream, thinkingBeyondBound } from './thinking.ts'

/**
 * Alibaba's Bailian (DashScope) through its OpenAI-compatible mode (provider sheet of Tongyi;
 * help.aliyun.com/zh/model-studio/compatibility-of-openai-with-dashscope). Keys are bound to a region: another
 * region's host answers 401 as to a typing error.
 */
export const tongyiCompatible: ProtocolAdapter = {
  protocol: 'tongyi-compatible',
  provider: 'tongyi',
  defaultBaseUrl: 'https://dashscope.aliyuncs.com/compatible-mode/v1',
  credentials: [{ name: 'apiKey', required: true, label: 'API Key (百炼控制台)', example: 'sk-…' }],
  options: [{ name: 'workspace', label: 'Workspace ID (X-DashScope-WorkSpace)' }],
  chat: openAiChat({
    errors: tongyiErrorRules,
    headers: tongyiHeaders,
    maxTokens: () => 'max_tokens',
    drop: ['frequency_penalty', 'logit_bias', 'user', 'store', 'metadata', 'service_tier'],
    edit: tongyiChatEdits,
    folds: mustStream,
    beyondBound: thinkingBeyondBound,
  }),
  embeddings: openAiEmbeddings({
    errors: tongyiErrorRules,
    headers: tongyiHeaders,
    formats: 'float',
    drop: ['user'],
    inputsMax,
  }),
  // The form of GET /models is not proven, and a page that answers every key would prove nothing.
  probe: chatProbe({ errors: tongyiErrorRules, headers: tongyiHeaders, model: 'qwen-flash' }),
  hangUp: 'abort',
}

function tongyiHeaders(call: Call, streams: boolean): HeaderMap {
  const workspace = call.options['workspace'] ?? ''
  return {
    ...jsonHeaders(call, streams),
    ...(workspace === '' ? {} : { 'x-dashscope-workspace': workspace }),
  }
}

/** Rows of one request (sheet, section 6). Models that are not listed there are not bounded here. */
function inputsMax(call: Call): number | undefined {
  const version = /^text-embedding-v([1-4])$/.exec(call.upstreamModel)?.[1]
  if (version === undefined) return undefined
  return version === '1' || version === '2' ? 25 : 10
}

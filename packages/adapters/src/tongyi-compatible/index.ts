import type { ProtocolAdapter } from '../contract/index.ts'
import { dashScopeCredentials, dashScopeHeaders, dashScopeWorkspace } from '../wire/dashscope-account.ts'
import { dashScopeInputsMax } from '../wire/dashscope-embedding-inputs.ts'
import { dashScopeErrorRules } from '../wire/dashscope-errors.ts'
import { mustStream, thinkingBeyondBound } from '../wire/dashscope-thinking.ts'
import { openAiEmbeddings } from '../wire/embeddings.ts'
import { openAiChat } from '../wire/openai-chat.ts'
import { chatProbe } from '../wire/probe.ts'
import { tongyiChatEdits } from './chat-edits.ts'

/**
 * Alibaba's Bailian (DashScope) through its OpenAI-compatible mode (provider sheet of Tongyi;
 * help.aliyun.com/zh/model-studio/compatibility-of-openai-with-dashscope). Keys are bound to a region: another
 * region's host answers 401 as to a typing error.
 */
export const tongyiCompatible: ProtocolAdapter = {
  protocol: 'tongyi-compatible',
  provider: 'tongyi',
  defaultBaseUrl: 'https://dashscope.aliyuncs.com/compatible-mode/v1',
  credentials: dashScopeCredentials,
  options: [dashScopeWorkspace],
  chat: openAiChat({
    errors: dashScopeErrorRules,
    headers: dashScopeHeaders,
    maxTokens: () => 'max_tokens',
    drop: ['frequency_penalty', 'logit_bias', 'user', 'store', 'metadata', 'service_tier'],
    edit: tongyiChatEdits,
    folds: mustStream,
    beyondBound: thinkingBeyondBound,
  }),
  embeddings: openAiEmbeddings({
    errors: dashScopeErrorRules,
    headers: dashScopeHeaders,
    formats: 'float',
    drop: ['user'],
    inputsMax: dashScopeInputsMax,
  }),
  // The form of GET /models is not proven, and a page that answers every key would prove nothing.
  probe: chatProbe({ errors: dashScopeErrorRules, headers: dashScopeHeaders, model: 'qwen-flash' }),
  hangUp: 'abort',
}

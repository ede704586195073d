import type { ProtocolAdapter } from '../contract/index.ts'
import { dashScopeCredentials, dashScopeWorkspace } from '../wire/dashscope-account.ts'
import { thinkingBeyondBound } from '../wire/dashscope-thinking.ts'
import { legacyFunctions } from '../wire/legacy-functions.ts'
import { tongyiAnswer } from './answer.ts'
import { tongyiChatRequest } from './chat-request.ts'
import { tongyiEmbeddings } from './embeddings.ts'
import { readTongyiError } from './errors.ts'
import { tongyiProbe } from './probe.ts'
import { tongyiStream } from './stream.ts'

/**
 * Alibaba's Bailian (DashScope) through its own protocol (provider sheet of Tongyi, sections 1 to 3 and 5 to 7;
 * help.aliyun.com/zh/model-studio/qwen-api-via-dashscope), for models that compatible mode does not serve. Embeddings
 * of pictures (`multimodal-embedding`) are no embeddings of OpenAI's and are left out.
 */
export const tongyiNative: ProtocolAdapter = {
  protocol: 'tongyi-native',
  provider: 'tongyi',
  defaultBaseUrl: 'https://dashscope.aliyuncs.com/api/v1',
  credentials: dashScopeCredentials,
  options: [
    dashScopeWorkspace,
    { name: 'generation', label: 'Generation path of all chat models', values: ['text', 'multimodal'] },
  ],
  chat: legacyFunctions({
    request: tongyiChatRequest,
    answer: (head, body, _request, call) => tongyiAnswer(head, body, call),
    stream: (head, sink, _request, call) => tongyiStream(head, sink, call),
    refusal: readTongyiError,
    beyondBound: thinkingBeyondBound,
  }),
  embeddings: tongyiEmbeddings,
  probe: tongyiProbe,
  hangUp: 'abort',
}

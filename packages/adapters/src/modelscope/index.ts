import type { Call, ChatRequest, ProbeOperation, ProtocolAdapter } from '../contract/index.ts'
import { openAiEmbeddings } from '../wire/embeddings.ts'
import { isObject, parseJson, textOf } from '../wire/json.ts'
import { openAiChat } from '../wire/openai-chat.ts'
import { chatProbe, getProbe } from '../wire/probe.ts'
import { textOfBytes } from '../wire/bytes.ts'
import { modelscopeErrorRules } from './errors.ts'

const defaultBaseUrl = 'https://api-inference.modelscope.cn/v1'

/**
 * ModelScope's free inference service (provider sheet of ModelScope;
 * modelscope.cn/docs/model-service/API-Inference/intro). Behind it are several backends, so everything else is as
 * tolerant as the generic protocol.
 */
export const modelscope: ProtocolAdapter = {
  protocol: 'modelscope',
  provider: 'modelscope',
  defaultBaseUrl,
  credentials: [{ name: 'apiKey', required: true, label: 'Access Token (访问令牌)', example: 'ms-…' }],
  options: [],
  chat: openAiChat({
    errors: modelscopeErrorRules,
    maxTokens: () => 'max_tokens',
    // OpenAI's bookkeeping fields; the service documents none of them and its backends differ.
    drop: ['store', 'metadata', 'user', 'service_tier', 'logit_bias'],
    folds: mustStream,
  }),
  embeddings: openAiEmbeddings({
    errors: modelscopeErrorRules,
    // The format must be named (reported by users).
    edit: ({ body }) =>
      body['encoding_format'] === undefined ? { set: { encoding_format: 'float' } } : undefined,
  }),
  probe: balanceProbe(),
  hangUp: 'abort',
}

/**
 * Open Qwen3 models think unless told not to, and refuse to do so without a stream (modelscope/modelscope issues,
 * the same as on DashScope).
 */
function mustStream(request: ChatRequest, call: Call): boolean {
  const asked = request.body['enable_thinking']
  const thinks = /^Qwen\/Qwen3-(Next-)?\d/i.test(call.upstreamModel) && !/instruct/i.test(call.upstreamModel)
  return asked === true || (asked !== false && thinks)
}

/**
 * `/models` answers any key. The balance of magicubes is a free test of it, but lives on another host, so an account
 * with a base URL of its own is tested with a chat of one token: a key must not travel to a host it was not given for.
 */
function balanceProbe(): ProbeOperation {
  const balance = getProbe(() => 'https://modelscope.cn/openapi/v1/magicubes/balance', {
    errors: modelscopeErrorRules,
  })
  const chat = chatProbe({ errors: modelscopeErrorRules })
  const isDefault = (call: Call) => call.baseUrl === defaultBaseUrl
  return {
    // True of the second way only; the page must not promise more than it knows.
    spends: true,
    request: (call) => (isDefault(call) ? balance : chat).request(call),
    read(head, body, call) {
      if (!isDefault(call) || head.status >= 300) return chat.read(head, body, call)
      const answer = parseJson(textOfBytes(body))
      if (isObject(answer) && answer['success'] !== false) return undefined
      const message = isObject(answer) ? textOf(answer['message']) : undefined
      return chat.read(
        { ...head, status: 401 },
        Buffer.from(JSON.stringify({ message: message ?? 'The balance cannot be read with this token' })),
        call,
      )
    },
  }
}

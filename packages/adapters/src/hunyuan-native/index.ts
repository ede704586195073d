import type { ProtocolAdapter } from '../contract/index.ts'
import { cutStops } from '../wire/cut-stops.ts'
import { legacyFunctions } from '../wire/legacy-functions.ts'
import { hunyuanAnswer } from './answer.ts'
import { hunyuanChatRequest } from './chat-request.ts'
import { hunyuanEmbeddings } from './embeddings.ts'
import { readHunyuanError } from './errors.ts'
import { hunyuanProbe } from './probe.ts'
import { hunyuanStream } from './stream.ts'

/**
 * Tencent Hunyuan's own interface, TencentCloud API 3.0 of 2023-09-01 (provider sheet, section 2), which the vendor is
 * switching off in favour of TokenHub.
 *
 * It stops **after** a stop text and includes it, which OpenAI does not. The text is cut out, if it is there: the vendor
 * announces that this may change.
 */
export const hunyuanNative: ProtocolAdapter = {
  protocol: 'hunyuan-native',
  provider: 'hunyuan',
  defaultBaseUrl: 'https://hunyuan.tencentcloudapi.com',
  credentials: [
    { name: 'secretId', required: true, label: 'SecretId (访问管理 / API 密钥管理)', example: 'AKID…' },
    { name: 'secretKey', required: true, label: 'SecretKey' },
    { name: 'token', required: false, label: 'Token (X-TC-Token, for temporary keys)' },
  ],
  options: [{ name: 'region', label: 'Region (X-TC-Region)' }],
  // Models of the old platform; the newer ones are on TokenHub alone (provider sheet, section 0).
  serves: (model) => model.startsWith('hunyuan-'),
  chat: legacyFunctions(
    cutStops({
      request: hunyuanChatRequest,
      answer: (head, body, _request, call) => hunyuanAnswer(head, body, call),
      stream: (head, sink, _request, call) => hunyuanStream(head, sink, call),
      refusal: readHunyuanError,
      // Reasoning and answer share the model's own cap: what a model takes and what it gives add up to its context
      // (provider sheet, section 7).
      beyondBound: () => 'model-cap',
    }),
  ),
  embeddings: hunyuanEmbeddings,
  probe: hunyuanProbe,
  hangUp: 'abort',
}

import type { EmbeddingOperation } from '../contract/index.ts'
import { textOfBytes } from '../wire/bytes.ts'
import { openAiEmbeddings } from '../wire/embeddings.ts'
import { objectOf, parseJson } from '../wire/json.ts'
import { modelPath, qianfanV1Headers } from './endpoint.ts'
import { qianfanV1ErrorRules, qianfanV1Failure, readQianfanV1Error } from './errors.ts'
import { embeddingSuffix } from './models.ts'

/** V1's embeddings: OpenAI's but for the model in the path, and errors with status 200 (provider sheet, section 2.4). */
export function qianfanV1Embeddings(): EmbeddingOperation {
  const dialect = openAiEmbeddings({
    errors: qianfanV1ErrorRules,
    path: (call) => modelPath('embeddings', embeddingSuffix(call.upstreamModel), call),
    headers: qianfanV1Headers,
    formats: 'float',
    drop: ['model', 'encoding_format', 'dimensions'],
    // 16 is what the official SDK cuts to; that tao-8k takes one is not verified.
    inputsMax: (call) => (embeddingSuffix(call.upstreamModel) === 'tao_8k' ? 1 : 16),
    edit: ({ body }) => ({
      rename: { user: 'user_id' },
      set: { input: typeof body['input'] === 'string' ? [body['input']] : undefined },
    }),
  })
  return {
    ...dialect,
    answer(head, body, request, call) {
      const said = objectOf(parseJson(textOfBytes(body)))
      const error = said === undefined ? undefined : qianfanV1Failure(said, head, call)
      return error === undefined ? dialect.answer(head, body, request, call) : { ok: false, error }
    },
    refusal: readQianfanV1Error,
  }
}

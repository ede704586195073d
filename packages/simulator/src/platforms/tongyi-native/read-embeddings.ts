import { tongyiModels } from '../../bailian/models.ts'
import { invalid } from '../../openai-shape/check-parameters.ts'
import { readEmbeddingsBody } from '../../openai-shape/read-embeddings.ts'
import { readModel } from '../../openai-shape/read-model.ts'
import type { EmbeddingCall } from '../../contract/embedding.ts'
import type { Incoming } from '../../contract/platform.ts'
import { type Refusal, isRefusal } from '../../contract/refusal.ts'
import { isObject, parseObject } from '../../json.ts'
import { embeddingUsage, finder } from '../kit.ts'

const findModel = finder(tongyiModels, 'embedding')

/** Embeddings (fixture native-embedding.json): texts in a list, one size, and only the total is told. */
export function readNativeEmbeddings(request: Incoming): EmbeddingCall | Refusal {
  const body = parseObject(request.body)
  if (body === undefined) return { refused: 'malformed-json' }
  const model = readModel(body, findModel)
  if (isRefusal(model)) return model
  const { input, parameters = {} } = body
  const outside = Object.keys(body).find((name) => !['model', 'input', 'parameters'].includes(name))
  if (outside !== undefined) return invalid(outside, `${outside} belongs into input or parameters`)
  if (!isObject(input) || !Array.isArray(input['texts']))
    return invalid('input', 'input.texts should be a list')
  if (!isObject(parameters)) return invalid('parameters', 'parameters should be an object')
  const { text_type: type = 'document', dimension: dimensions, ...others } = parameters
  const [stranger] = Object.keys(others)
  if (stranger !== undefined) return invalid(stranger, `unsupported parameter: ${stranger}`)
  if (type !== 'query' && type !== 'document') {
    return invalid('text_type', 'text_type should be query or document')
  }
  return readEmbeddingsBody(
    { model: model.name, input: input['texts'], ...(dimensions === undefined ? {} : { dimensions }) },
    model,
    {
      known: ['dimensions'],
      formats: ['float'],
      reply({ vectors, tokens, request: incoming }) {
        const rows = vectors.map((vector, index) => `{"embedding":${vector},"text_index":${index}}`)
        const usage = embeddingUsage(tokens, (count) => `{"total_tokens":${count}}`)
        return `{"output":{"embeddings":[${rows.join(',')}]}${usage},"request_id":"${incoming.id}"}`
      },
    },
  )
}

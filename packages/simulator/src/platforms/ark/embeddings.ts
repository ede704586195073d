import { countTokens, imageTokens } from '../../engine/count-tokens.ts'
import { invalid } from '../../openai-shape/check-parameters.ts'
import { readEmbeddings } from '../../openai-shape/read-embeddings.ts'
import type { EmbeddingCall } from '../../contract/embedding.ts'
import type { Incoming, SimulatedModel } from '../../contract/platform.ts'
import type { Refusal } from '../../contract/refusal.ts'
import { isObject, parseObject } from '../../json.ts'
import { embeddingUsage, q } from '../kit.ts'
import { arkId } from './wire.ts'

type FindModel = (name: string) => SimulatedModel | undefined

/** `POST /embeddings`: strings only (fixture embedding.json). The picture model is not served here. */
export function readTextEmbeddings(request: Incoming, findModel: FindModel): EmbeddingCall | Refusal {
  return readEmbeddings(request, {
    findModel: (name) => (name.includes('vision') ? undefined : findModel(name)),
    known: ['encoding_format'],
    formats: ['float', 'base64'],
    reply({ model, vectors, tokens, request: incoming }) {
      const data = vectors.map(
        (vector, index) => `{"embedding":${vector},"index":${index},"object":"embedding"}`,
      )
      return `{"created":${incoming.createdAt},"data":[${data.join(',')}],"id":"${arkId(incoming)}","model":${q(model)},"object":"list"${embeddingUsage(tokens)}}`
    },
  })
}

/**
 * `POST /embeddings/multimodal`: a list of text and picture parts makes one vector, and `data` is one object (fixture
 * embedding-multimodal.json). The sheet states no size; 2048 numbers stand for it.
 */
export function readMultimodalEmbeddings(request: Incoming, findModel: FindModel): EmbeddingCall | Refusal {
  const body = parseObject(request.body)
  if (body === undefined) return { refused: 'malformed-json' }
  const name = body['model']
  const model = typeof name === 'string' && name.includes('vision') ? findModel(name) : undefined
  if (model === undefined) return { refused: 'unknown-model', model: String(name) }
  const stranger = Object.keys(body).find((key) => !['model', 'input', 'encoding_format'].includes(key))
  if (stranger !== undefined) return invalid(stranger, stranger)
  const format = body['encoding_format'] ?? 'float'
  if (format !== 'float' && format !== 'base64') return invalid('encoding_format', 'encoding_format')
  const parts: unknown = body['input']
  if (!Array.isArray(parts) || parts.length === 0) return invalid('input', 'input')
  let textTokens = 0
  let pictureTokens = 0
  for (const part of parts) {
    const picture = isObject(part) && part['type'] === 'image_url' ? part['image_url'] : undefined
    if (isObject(part) && part['type'] === 'text' && typeof part['text'] === 'string') {
      textTokens += countTokens(part['text'])
    } else if (isObject(picture) && typeof picture['url'] === 'string') {
      pictureTokens += imageTokens
    } else {
      return invalid('input', 'input')
    }
  }
  const promptTokens = textTokens + pictureTokens
  return {
    model,
    inputs: [{ key: q(parts), tokens: promptTokens }],
    promptTokens,
    dimensions: 2048,
    base64: format === 'base64',
    reply([vector], incoming, tokens) {
      const details = `"prompt_tokens_details":{"image_tokens":${pictureTokens},"text_tokens":${textTokens}}`
      const usage = embeddingUsage(
        tokens,
        (count) => `{"prompt_tokens":${count},${details},"total_tokens":${count}}`,
      )
      return `{"created":${incoming.createdAt},"data":{"embedding":${vector ?? '[]'},"object":"embedding"},"id":"${arkId(incoming)}","model":${q(model.name)},"object":"list"${usage}}`
    },
  }
}

import type { EmbeddingCall, EmbeddingInput } from '../../contract/embedding.ts'
import type { Incoming } from '../../contract/platform.ts'
import type { Refusal } from '../../contract/refusal.ts'
import { countTokens } from '../../engine/count-tokens.ts'
import { parseObject } from '../../json.ts'
import { invalid } from '../../openai-shape/check-parameters.ts'
import { modelAt, suffixOf } from './models.ts'
import { idOf } from './wire.ts'

/** Sheet 2.4; the last two are what the vendor's SDK adds. */
const known = ['input', 'user_id', 'model', 'extra_parameters']

/** Reads an embeddings request whose model is the last step of its path; `input` is a list of texts, always. */
export function readEmbeddings(request: Incoming): EmbeddingCall | Refusal {
  const model = modelAt(request.path, 'embedding')
  if (model === undefined) return { refused: 'unknown-model', model: suffixOf(request.path) }
  const { name, inputsMax = 16, inputTokensMax: allowed = 384, dimensions = [384] } = model
  const refusal = (refused: Refusal): Refusal => ({ model: name, ...refused })
  const body = parseObject(request.body)
  if (body === undefined) return refusal({ refused: 'malformed-json' })
  const stranger = Object.keys(body).find((field) => !known.includes(field))
  if (stranger !== undefined) return refusal(invalid(stranger, `unsupported parameter: ${stranger}`))

  const inputs = inputsOf(body['input'])
  if (inputs === undefined) return refusal(invalid('input', 'input should be a list of texts'))
  if (inputs.length > inputsMax) {
    return refusal(invalid('input', `embeddings max texts per batch size is ${inputsMax}`))
  }
  const found = Math.max(...inputs.map((input) => input.tokens))
  if (found > allowed) return refusal({ refused: 'too-long', found, allowed })
  return {
    model,
    inputs,
    promptTokens: inputs.reduce((sum, input) => sum + input.tokens, 0),
    dimensions: dimensions[0] ?? 384,
    base64: false,
    reply(vectors, incoming, tokens) {
      const data = vectors.map(
        (vector, index) => `{"object":"embedding","embedding":${vector},"index":${index}}`,
      )
      const usage =
        tokens === undefined ? '' : `,"usage":{"prompt_tokens":${tokens},"total_tokens":${tokens}}`
      return `{"id":"${idOf(incoming)}","object":"embedding_list","created":${incoming.createdAt},"data":[${data.join(',')}]${usage}}`
    },
  }
}

function inputsOf(value: unknown): EmbeddingInput[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined
  const inputs: EmbeddingInput[] = []
  for (const text of value) {
    if (typeof text !== 'string' || text === '') return undefined
    inputs.push({ key: text, tokens: countTokens(text) })
  }
  return inputs
}

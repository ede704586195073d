import { type Check, checkFields, invalid, missing, text, texts } from './fields.ts'
import { cutPieces } from '../../engine/cut-pieces.ts'
import type { EmbeddingCall, EmbeddingInput } from '../../contract/embedding.ts'
import type { Incoming } from '../../contract/platform.ts'
import type { Refusal } from '../../contract/refusal.ts'
import { parseObject } from '../../json.ts'
import { hunyuanEmbedding } from '../hunyuan-models.ts'

const inputsMax = 50
const inputTokensMax = 1024
const dimensions = 1024

const fields: Readonly<Record<string, Check>> = { Input: text, InputList: texts }

/** Reads a GetEmbedding request: one text or a list of them, each cut after 1024 tokens. Sheet: hunyuan, 2.4. */
export function readEmbedding(request: Incoming): EmbeddingCall | Refusal {
  const body = parseObject(request.body)
  if (body === undefined) return { refused: 'malformed-json' }
  const unfit = checkFields(body, fields)
  if (unfit !== undefined) return unfit
  const { Input: single, InputList: list } = body
  // Which of the two would win, if both were given, is not verified.
  if (typeof single === 'string' && Array.isArray(list)) {
    return invalid('InputList', 'Input and InputList must not be used together')
  }
  const given: unknown[] = Array.isArray(list) ? list : typeof single === 'string' ? [single] : []
  const inputs = given.filter((item) => typeof item === 'string').map(readInput)
  if (inputs.length === 0) return missing('Input')
  if (inputs.length > inputsMax) {
    return invalid('InputList', `InputList must contain at most ${inputsMax} items`)
  }
  if (inputs.some((input) => input.tokens === 0)) return invalid('Input', 'Input must not be empty')
  return {
    model: hunyuanEmbedding,
    inputs,
    promptTokens: inputs.reduce((sum, input) => sum + input.tokens, 0),
    dimensions,
    base64: false,
    reply(vectors, incoming, tokens) {
      const data = vectors.map(
        (vector, index) => `{"Embedding":${vector},"Index":${index},"Object":"embedding"}`,
      )
      const usage = tokens === undefined ? '' : `,"Usage":{"PromptTokens":${tokens},"TotalTokens":${tokens}}`
      return `{"Response":{"Data":[${data.join(',')}]${usage},"RequestId":"${incoming.id}"}}`
    },
  }
}

function readInput(input: string): EmbeddingInput {
  const cut = cutPieces(input, inputTokensMax, inputTokensMax)
  return { key: cut.text, tokens: cut.tokens }
}

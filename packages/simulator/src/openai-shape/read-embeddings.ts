import { countTokens } from '../engine/count-tokens.ts'
import { invalid } from './check-parameters.ts'
import { readModel } from './read-model.ts'
import type { EmbeddingCall, EmbeddingInput } from '../contract/embedding.ts'
import type { Incoming, SimulatedModel } from '../contract/platform.ts'
import { type Refusal, isRefusal } from '../contract/refusal.ts'
import { type JsonObject, parseObject } from '../json.ts'

export interface EmbeddingReading {
  findModel(name: string): SimulatedModel | undefined
  /** Parameters beside `model` and `input`; anything else is refused. */
  readonly known: readonly string[]
  /** Accepted values of `encoding_format`. */
  readonly formats: readonly string[]
  /** Inputs may be lists of token numbers. */
  readonly tokenLists?: boolean
  /** Writes the reply around the vectors. */
  reply(parts: ReplyParts): string
}

export interface ReplyParts {
  readonly request: Incoming
  readonly model: string
  readonly vectors: readonly string[]
  /** What to tell of the usage, as `EmbeddingCall.reply` is told it. */
  readonly tokens: number | null | undefined
}

/** Reads an OpenAI-shaped embeddings request strictly. */
export function readEmbeddings(request: Incoming, reading: EmbeddingReading): EmbeddingCall | Refusal {
  const body = parseObject(request.body)
  if (body === undefined) return { refused: 'malformed-json' }
  const model = readModel(body, reading.findModel)
  return isRefusal(model) ? model : readEmbeddingsBody(body, model, reading)
}

/** Reads a body whose names and values are OpenAI's, wherever they came from. */
export function readEmbeddingsBody(
  body: JsonObject,
  model: SimulatedModel,
  reading: Omit<EmbeddingReading, 'findModel'>,
): EmbeddingCall | Refusal {
  const stranger = Object.keys(body).find(
    (key) => key !== 'model' && key !== 'input' && !reading.known.includes(key),
  )
  if (stranger !== undefined) return invalid(stranger, `unsupported parameter: ${stranger}`)

  const inputs = readInputs(body['input'], reading.tokenLists === true)
  if (inputs === undefined) return invalid('input', 'input should be a string or a list of strings')
  if (model.inputsMax !== undefined && inputs.length > model.inputsMax) {
    return invalid('input', `batch size is invalid, it should not be larger than ${model.inputsMax}`)
  }
  const longest = Math.max(...inputs.map((input) => input.tokens))
  if (model.inputTokensMax !== undefined && longest > model.inputTokensMax) {
    return { refused: 'too-long', model: model.name, found: longest, allowed: model.inputTokensMax }
  }
  const format = body['encoding_format'] ?? 'float'
  if (typeof format !== 'string' || !reading.formats.includes(format)) {
    return invalid('encoding_format', `encoding_format must be ${reading.formats.join(' or ')}`)
  }
  const offered = model.dimensions ?? [1024]
  const dimensions = body['dimensions'] ?? offered[0]
  if (typeof dimensions !== 'number' || !offered.includes(dimensions)) {
    return invalid('dimensions', `dimensions should be one of ${JSON.stringify(offered)}`)
  }
  return {
    model,
    inputs,
    promptTokens: inputs.reduce((sum, input) => sum + input.tokens, 0),
    dimensions,
    base64: format === 'base64',
    reply: (vectors, incoming, tokens) =>
      reading.reply({ request: incoming, model: model.name, vectors, tokens }),
  }
}

function readInputs(input: unknown, tokenLists: boolean): EmbeddingInput[] | undefined {
  const list = typeof input === 'string' || (tokenLists && isTokens(input)) ? [input] : input
  if (!Array.isArray(list) || list.length === 0) return undefined
  const inputs: EmbeddingInput[] = []
  for (const item of list) {
    if (typeof item === 'string' && item !== '') inputs.push({ key: item, tokens: countTokens(item) })
    else if (tokenLists && isTokens(item)) inputs.push({ key: item.join(' '), tokens: item.length })
    else return undefined
  }
  return inputs
}

function isTokens(value: unknown): value is number[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => Number.isInteger(item))
}

import {
  ProviderError,
  type Call,
  type EmbeddingAnswer,
  type EmbeddingOperation,
  type HttpExchange,
  type ModelRequest,
  type Refusal,
  type ResponseHead,
} from '../contract/index.ts'
import { textOfBytes } from '../wire/bytes.ts'
import { encodeVectors } from '../wire/embedding-vectors.ts'
import { arrayOf, numberOf, objectOf, parseJson, textOf, type JsonObject } from '../wire/json.ts'
import { hasFigures, openAiUsage, readUsage } from '../wire/usage.ts'
import { hunyuanFailure, readHunyuanError } from './errors.ts'
import { hunyuanUsage } from './piece.ts'
import { invalidRequest } from './invalid-request.ts'
import { tencentCall } from './tencent-call.ts'
import { unwrapped } from './unwrapped.ts'

/**
 * GetEmbedding (provider sheet, section 2.4): a list of texts and nothing else. There is one model, with 1024 numbers
 * a vector; a text of more than 1024 tokens is cut by the platform without a word.
 */
export const hunyuanEmbeddings: EmbeddingOperation = {
  inputsMax: () => 50,
  request: embeddingRequest,
  answer: readEmbeddings,
  refusal: readHunyuanError,
}

const DIMENSIONS = 1024

function embeddingRequest({ body }: ModelRequest, call: Call): HttpExchange | Refusal {
  const { input, dimensions } = body
  if (dimensions !== undefined && dimensions !== null && dimensions !== DIMENSIONS) {
    const message = `Hunyuan’s vectors have ${DIMENSIONS} numbers, no other size can be asked for`
    return { ok: false, error: invalidRequest('dimensions', message) }
  }
  const texts = arrayOf(input) ?? [input]
  if (texts.length === 0 || !texts.every((text) => textOf(text) !== undefined)) {
    const message = 'Hunyuan takes text that is not empty, not token ids, as embedding input'
    return { ok: false, error: invalidRequest('input', message) }
  }
  return tencentCall('GetEmbedding', { InputList: texts }, call)
}

function readEmbeddings(
  head: ResponseHead,
  body: Uint8Array,
  request: ModelRequest,
  call: Call,
): EmbeddingAnswer | Refusal {
  const answer = unwrapped(parseJson(textOfBytes(body)))
  if (answer === undefined) return { ok: false, error: readHunyuanError(head, body, call) }
  const failure = hunyuanFailure(answer, head, call)
  if (failure !== undefined) return { ok: false, error: failure }
  const data = vectorsIn(answer)
  if (data === undefined) {
    const message = 'The provider answered without embeddings'
    return {
      ok: false,
      error: new ProviderError('upstream_error', { message, status: head.status, concluded: true }),
    }
  }
  encodeVectors(data, request.body['encoding_format'] === 'base64' ? 'base64' : 'float')
  const usage = hunyuanUsage(answer['Usage'])
  const counted = usage !== undefined && hasFigures(usage) ? usage : undefined
  return {
    ok: true,
    body: JSON.stringify({
      object: 'list',
      data,
      model: call.upstreamModel,
      ...(counted === undefined ? {} : { usage: openAiUsage(counted) }),
    }),
    usage: counted === undefined ? undefined : readUsage(counted),
    upstreamId: textOf(answer['RequestId']),
  }
}

interface Vector {
  readonly object: 'embedding'
  readonly index: number
  readonly embedding: readonly unknown[]
}

/**
 * In the order of the inputs. `Index` decides where it tells the vectors apart: the vendor's SDK still says that it is
 * always 0. `undefined` when anything in the list is no vector.
 */
function vectorsIn(answer: JsonObject): Vector[] | undefined {
  const items = (arrayOf(answer['Data']) ?? []).map(objectOf)
  const places = items.map((item) => numberOf(item?.['Index']))
  const isPlaced = items.every((_, index) => places.includes(index))
  const vectors: Vector[] = []
  for (const [position, item] of items.entries()) {
    const embedding = arrayOf(item?.['Embedding'])
    if (embedding === undefined) return undefined
    vectors.push({
      object: 'embedding',
      index: isPlaced ? (places[position] ?? position) : position,
      embedding,
    })
  }
  return vectors.length === 0 ? undefined : vectors.sort((left, right) => left.index - right.index)
}

import type {
  Call,
  EmbeddingAnswer,
  EmbeddingOperation,
  HttpExchange,
  ModelRequest,
  Refusal,
  ResponseHead,
} from '../contract/index.ts'
import { textOfBytes } from '../wire/bytes.ts'
import { readVectors } from '../wire/embedding-vectors.ts'
import { withoutEmbeddings } from '../wire/embeddings.ts'
import { arrayOf, nameOf, objectOf, parseJson, textOf, type MutableJson } from '../wire/json.ts'
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
  const format = request.body['encoding_format'] === 'base64' ? 'base64' : 'float'
  const read = readVectors((arrayOf(answer['Data']) ?? []).map(openAiVector), format)
  if (read === undefined) return withoutEmbeddings(head)
  const usage = hunyuanUsage(answer['Usage'])
  const counted = usage !== undefined && hasFigures(usage) ? usage : undefined
  return {
    ok: true,
    body: JSON.stringify({
      object: 'list',
      data: read.vectors,
      model: call.upstreamModel,
      ...(counted === undefined ? {} : { usage: openAiUsage(counted) }),
    }),
    usage: counted === undefined ? undefined : readUsage(counted),
    upstreamId: nameOf(answer['RequestId']),
  }
}

/** The vendor's SDK still says that `Index` is always 0. */
function openAiVector(vector: unknown): MutableJson {
  const item = objectOf(vector)
  return { object: 'embedding', index: item?.['Index'], embedding: item?.['Embedding'] }
}

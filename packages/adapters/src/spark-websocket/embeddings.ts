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
import { readVectors } from '../wire/embedding-vectors.ts'
import { withoutEmbeddings } from '../wire/embeddings.ts'
import { nameOf, objectOf, parseJson, textOf, type JsonObject } from '../wire/json.ts'
import { sparkFailure } from '../wire/spark-errors.ts'
import { readSignedRefusal } from './errors.ts'
import { signedUrl } from './signed-url.ts'
import { requestUid } from './uid.ts'

/**
 * Spark's embedding service: signed HTTP on a host of its own, one text an exchange, and no usage, which the service
 * estimates (provider sheet, section 4; iflytek/spark-ai-python `spark_embedding.py`). There is one model and one
 * size of vectors, so neither the model's name nor `dimensions` is sent.
 */
export const sparkEmbeddings: EmbeddingOperation = {
  inputsMax: () => 1,
  request: embeddingRequest,
  answer: embeddingAnswer,
  refusal: readSignedRefusal,
}

function embeddingRequest({ body }: ModelRequest, call: Call): HttpExchange | Refusal {
  const content = onlyText(body['input'])
  if (content === undefined) {
    const message = 'Spark embeds one text at a time, and takes no token ids'
    return { ok: false, error: new ProviderError('invalid_request', { message, param: 'input' }) }
  }
  const address = textOf(call.options['embeddingUrl']) ?? DEFAULT_URL
  const url = /^https?:/i.test(address) ? URL.parse(address) : null
  if (url === null) {
    const message = "The account's option embeddingUrl is not an absolute http or https address"
    return { ok: false, error: new ProviderError('unreachable', { message }) }
  }
  const messages = { messages: [{ content, role: 'user' }] }
  return {
    transport: 'http',
    method: 'POST',
    url: signedUrl('POST', url, call),
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({
      header: { app_id: call.credentials['appId'] ?? '', uid: requestUid(call), status: 3 },
      parameter: {
        emb: {
          // `query` for a question that is looked for among documents, which are `para`.
          domain: textOf(body['domain']) ?? 'para',
          feature: { encoding: 'utf8', compress: 'raw', format: 'plain' },
        },
      },
      payload: {
        messages: {
          encoding: 'utf8',
          compress: 'raw',
          format: 'json',
          status: 3,
          text: Buffer.from(JSON.stringify(messages)).toString('base64'),
        },
      },
    }),
  }
}

function embeddingAnswer(
  head: ResponseHead,
  body: Uint8Array,
  request: ModelRequest,
  call: Call,
): EmbeddingAnswer | Refusal {
  const answer = objectOf(parseJson(textOfBytes(body)))
  const failure = answer === undefined ? undefined : sparkFailure(answer, head, call)
  if (failure !== undefined) return { ok: false, error: failure }
  const vector = { object: 'embedding', index: 0, embedding: vectorOf(answer) }
  const read = readVectors([vector], request.body['encoding_format'] === 'base64' ? 'base64' : 'float')
  if (read === undefined) return withoutEmbeddings(head)
  return {
    ok: true,
    body: JSON.stringify({ object: 'list', data: read.vectors, model: call.upstreamModel }),
    usage: undefined,
    upstreamId: nameOf(objectOf(answer?.['header'])?.['sid']),
  }
}

/** The vector as it comes, which is as OpenAI encodes one too: base64 of little-endian 32-bit floats. */
function vectorOf(answer: JsonObject | undefined): string | undefined {
  const text = textOf(objectOf(objectOf(answer?.['payload'])?.['feature'])?.['text'])
  const length = Buffer.from(text ?? '', 'base64').length
  return length > 0 && length % 4 === 0 ? text : undefined
}

function onlyText(input: unknown): string | undefined {
  const text: unknown = Array.isArray(input) && input.length === 1 ? input[0] : input
  return typeof text === 'string' ? text : undefined
}

const DEFAULT_URL = 'https://emb-cn-huabei-1.xf-yun.com/'

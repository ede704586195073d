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
import { dashScopeHeaders } from '../wire/dashscope-account.ts'
import { dashScopeInputsMax } from '../wire/dashscope-embedding-inputs.ts'
import { readVectors } from '../wire/embedding-vectors.ts'
import { refuseTokens, withoutEmbeddings } from '../wire/embeddings.ts'
import { arrayOf, countOf, nameOf, objectOf, parseJson, type MutableJson } from '../wire/json.ts'
import { readUsage } from '../wire/usage.ts'
import { readTongyiError, tongyiFailure } from './errors.ts'

/** DashScope's text embeddings (provider sheet, section 6): numbers only, and of usage the total only. */
export const tongyiEmbeddings: EmbeddingOperation = {
  inputsMax: dashScopeInputsMax,
  request: embeddingRequest,
  answer: readEmbeddings,
  refusal: readTongyiError,
}

function embeddingRequest({ body }: ModelRequest, call: Call): HttpExchange | Refusal {
  // OpenAI's own fields; the vendor's (`text_type`, `output_type`) are parameters as they are.
  const { model: _model, input, dimensions, encoding_format: _format, user: _user, ...extras } = body
  const refusal = refuseTokens(input)
  if (refusal !== undefined) return refusal
  return {
    transport: 'http',
    method: 'POST',
    url: `${call.baseUrl}/services/embeddings/text-embedding/text-embedding`,
    headers: dashScopeHeaders(call, false),
    body: JSON.stringify({
      model: call.upstreamModel,
      input: { texts: arrayOf(input) ?? [input] },
      parameters: { ...extras, dimension: dimensions ?? extras['dimension'] },
    }),
  }
}

function readEmbeddings(
  head: ResponseHead,
  body: Uint8Array,
  request: ModelRequest,
  call: Call,
): EmbeddingAnswer | Refusal {
  const answer = objectOf(parseJson(textOfBytes(body))) ?? {}
  const failure = tongyiFailure(answer, '', head, call)
  if (failure !== undefined) return { ok: false, error: failure }
  const format = request.body['encoding_format'] === 'base64' ? 'base64' : 'float'
  const list = arrayOf(objectOf(answer['output'])?.['embeddings']) ?? []
  const read = readVectors(list.map(openAiVector), format)
  if (read === undefined) return withoutEmbeddings(head)
  const total = countOf(objectOf(answer['usage'])?.['total_tokens'])
  const usage = total === undefined ? undefined : { prompt_tokens: total, total_tokens: total }
  return {
    ok: true,
    body: JSON.stringify({ object: 'list', data: read.vectors, model: call.upstreamModel, usage }),
    usage: usage === undefined ? undefined : readUsage(usage),
    upstreamId: nameOf(answer['request_id']),
  }
}

function openAiVector(vector: unknown): MutableJson {
  const item = objectOf(vector)
  return { object: 'embedding', index: item?.['text_index'], embedding: item?.['embedding'] }
}

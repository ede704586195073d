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
import { dashScopeHeaders } from '../wire/dashscope-account.ts'
import { dashScopeInputsMax } from '../wire/dashscope-embedding-inputs.ts'
import { encodeVectors } from '../wire/embedding-vectors.ts'
import { refuseTokens } from '../wire/embeddings.ts'
import { arrayOf, countOf, isObject, objectOf, parseJson, textOf, type MutableJson } from '../wire/json.ts'
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
  const data = vectorsOf(objectOf(answer['output'])?.['embeddings'])
  if (data.length === 0) {
    const message = 'The provider answered without embeddings'
    return {
      ok: false,
      error: new ProviderError('upstream_error', { message, status: head.status, concluded: true }),
    }
  }
  encodeVectors(data, request.body['encoding_format'] === 'base64' ? 'base64' : 'float')
  const total = countOf(objectOf(answer['usage'])?.['total_tokens'])
  const usage = total === undefined ? undefined : { prompt_tokens: total, total_tokens: total }
  return {
    ok: true,
    body: JSON.stringify({ object: 'list', data, model: call.upstreamModel, usage }),
    usage: usage === undefined ? undefined : readUsage(usage),
    upstreamId: textOf(answer['request_id']),
  }
}

/** In the order of the inputs, which `text_index` tells. */
function vectorsOf(embeddings: unknown): MutableJson[] {
  return (arrayOf(embeddings) ?? [])
    .filter(isObject)
    .filter((one) => Array.isArray(one['embedding']))
    .map((one, at) => ({
      object: 'embedding',
      index: countOf(one['text_index']) ?? at,
      embedding: one['embedding'],
    }))
    .sort((one, other) => one.index - other.index)
}

import {
  ProviderError,
  type Call,
  type EmbeddingAnswer,
  type EmbeddingOperation,
  type HeaderMap,
  type HttpExchange,
  type ModelRequest,
  type Refusal,
  type ResponseHead,
} from '../contract/index.ts'
import { mergeEdits } from './chat-request.ts'
import { readVectors } from './embedding-vectors.ts'
import type { ErrorRule } from './error-rules.ts'
import { jsonHeaders } from './headers.ts'
import { isObject, nameOf, objectOf, parseJson, type MutableJson } from './json.ts'
import { errorInAnswer, readOpenAiError } from './read-error.ts'
import { spliceBody, type BodyEdits } from './splice.ts'
import { hasFigures, isOpenAiUsage, openAiUsage, readUsage } from './usage.ts'
import { jsonBytes, textOfBytes } from './bytes.ts'

/** Everything in which a platform's embeddings differ from OpenAI's. */
export interface OpenAiEmbeddingRules {
  readonly errors: readonly ErrorRule[]
  readonly path?: string | ((call: Call) => string)
  readonly headers?: (call: Call, streams: boolean) => HeaderMap
  /** `float`: the platform gives numbers only; base64 is made here when the client asks for it. `both` by default. */
  readonly formats?: 'both' | 'float'
  readonly drop?: readonly string[]
  /** See `EmbeddingOperation.inputsMax`. */
  readonly inputsMax?: (call: Call) => number | undefined
  /** Whether token ids instead of text are taken. Default: no, only OpenAI and vLLM do. */
  readonly takesTokens?: boolean
  readonly edit?: (request: ModelRequest, call: Call) => BodyEdits | Refusal | undefined
}

/** Embeddings in OpenAI's dialect, with a platform's rules. */
export function openAiEmbeddings(rules: OpenAiEmbeddingRules): EmbeddingOperation {
  return {
    ...(rules.inputsMax === undefined ? {} : { inputsMax: rules.inputsMax }),
    request: (request, call) => embeddingRequest(request, call, rules),
    answer: (head, body, request, call) => readEmbeddings(head, body, request, call, rules),
    refusal: (head, body, call) => readOpenAiError(head, body, call, rules.errors),
  }
}

function readEmbeddings(
  head: ResponseHead,
  body: Uint8Array,
  request: ModelRequest,
  call: Call,
  rules: OpenAiEmbeddingRules,
): EmbeddingAnswer | Refusal {
  const answer = parseJson(textOfBytes(body))
  const error = isObject(answer) ? errorInAnswer(answer, head, call, rules.errors) : undefined
  if (error !== undefined) return { ok: false, error }
  const format = request.body['encoding_format'] === 'base64' ? 'base64' : 'float'
  const read = isObject(answer) ? readVectors(listOf(answer['data']), format) : undefined
  if (!isObject(answer) || read === undefined) return withoutEmbeddings(head)
  const { usage: told = null, ...rest } = answer
  const usage = objectOf(told)
  // Qianfan says "embedding_list" and, in V1, no model; Ark's multimodal models send one object without an index.
  const model = nameOf(answer['model'])
  const changed =
    read.changed ||
    answer['object'] !== 'list' ||
    !Array.isArray(answer['data']) ||
    model === undefined ||
    (usage === undefined ? told !== null : !isOpenAiUsage(usage))
  const written = {
    ...rest,
    object: 'list',
    data: read.vectors,
    model: model ?? call.upstreamModel,
    ...(usage === undefined ? {} : { usage: openAiUsage(usage) }),
  }
  return {
    ok: true,
    body: (changed ? undefined : jsonBytes(body)) ?? JSON.stringify(written),
    usage: usage === undefined || !hasFigures(usage) ? undefined : readEmbeddingUsage(usage),
    upstreamId: nameOf(answer['id']),
  }
}

/** A 200 that holds none, or something between them that is none. */
export function withoutEmbeddings(head: ResponseHead): Refusal {
  const message = 'The provider answered without embeddings'
  return {
    ok: false,
    error: new ProviderError('upstream_error', {
      message,
      status: head.status,
      upstreamCode: 'unreadable_answer',
      concluded: true,
    }),
  }
}

function listOf(data: unknown): readonly unknown[] {
  if (Array.isArray(data)) return data
  return isObject(data) ? [{ index: 0, ...data }] : []
}

/** Embeddings have input only: a platform that names just a total means that (Baichuan, DashScope). */
function readEmbeddingUsage(usage: MutableJson): ReturnType<typeof readUsage> {
  return readUsage({ prompt_tokens: usage['total_tokens'], ...usage })
}

function embeddingRequest(
  request: ModelRequest,
  call: Call,
  rules: OpenAiEmbeddingRules,
): HttpExchange | Refusal {
  const { body } = request
  const refusal = rules.takesTokens === true ? undefined : refuseTokens(body['input'])
  if (refusal !== undefined) return refusal
  const own = rules.edit?.(request, call)
  if (own !== undefined && 'ok' in own) return own
  const set: MutableJson = body['model'] === call.upstreamModel ? {} : { model: call.upstreamModel }
  if (rules.formats === 'float' && body['encoding_format'] === 'base64') set['encoding_format'] = 'float'
  for (const name of rules.drop ?? []) delete set[name]
  const edits: BodyEdits = { set, drop: rules.drop ?? [] }
  return {
    transport: 'http',
    method: 'POST',
    url: call.baseUrl + (typeof rules.path === 'function' ? rules.path(call) : (rules.path ?? '/embeddings')),
    headers: (rules.headers ?? jsonHeaders)(call, false),
    body: spliceBody(request.raw, own === undefined ? edits : mergeEdits(edits, own)),
  }
}

/** Why an input cannot be embedded where only text can: it is token ids, a list or several. */
export function refuseTokens(input: unknown): Refusal | undefined {
  const first: unknown = Array.isArray(input) ? input[0] : undefined
  if (typeof first !== 'number' && !Array.isArray(first)) return undefined
  const message = 'This provider takes text, not token ids, as embedding input'
  return { ok: false, error: new ProviderError('invalid_request', { message, param: 'input' }) }
}

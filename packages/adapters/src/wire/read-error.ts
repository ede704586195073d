import { ProviderError, type Call, type ResponseHead } from '../contract/index.ts'
import { textOfBytes } from './bytes.ts'
import { ruleFor, type ErrorRule } from './error-rules.ts'
import { isObject, numberOf, objectOf, parseJson, textOf, type JsonObject } from './json.ts'
import { readRetryAfterMs } from './retry-after.ts'

/**
 * Reads the body of a refused call, in every form met so far: OpenAI's `{"error":{…}}`, ModelScope's `errors`,
 * flat `{"code","message"}`, a bare JSON string, FastAPI's `detail`, `{"error":"text"}`, an SSE body with an error
 * event, HTML of a gateway, nothing at all. `rules` is the platform's own table and is tried before the common one.
 *
 * The message is the platform's, without wrappers, request ids and anything that looks like a key.
 */
export function readOpenAiError(
  head: ResponseHead,
  body: Uint8Array,
  call: Call,
  rules: readonly ErrorRule[],
): ProviderError {
  const text = textOfBytes(body.subarray(0, errorBytesMax)).trim()
  const found = findError(parseJson(text)) ?? findSseError(text)
  if (found !== undefined) return toProviderError(found, head, call, rules)
  // Under a status of success it may be an answer, in a form that nobody asked for.
  const plain = { message: plainMessage(text, head.status), concluded: head.status < 300 }
  return toProviderError(plain, head, call, rules)
}

/**
 * The error inside a chunk of a 200 stream or inside a 200 body, or `undefined` when the object is none. Only forms
 * that cannot be an answer count: no `choices`, and an `error`, `errors` or `code` + `message`.
 */
export function errorInAnswer(
  value: JsonObject,
  head: ResponseHead,
  call: Call,
  rules: readonly ErrorRule[],
): ProviderError | undefined {
  const found = findError(value)
  return found === undefined ? undefined : toProviderError(found, head, call, rules)
}

/** Enough for any error body; an HTML page needs no more than its title. */
const errorBytesMax = 65_536

/** What a rule looks for stands at the beginning; expressions that look through a megabyte may take minutes. */
const messageCharactersMax = 4_000

const NO_MESSAGE = 'The provider reported an error without a message'

interface FoundError {
  readonly message: string
  readonly code?: string | undefined
  readonly type?: string | undefined
  readonly param?: string | undefined
  readonly concluded?: boolean
}

function toProviderError(
  found: FoundError,
  head: ResponseHead,
  call: Call,
  rules: readonly ErrorRule[],
): ProviderError {
  // A 200 that carries an error tells its real status, if anywhere, in a numeric code (vLLM, llama.cpp).
  const status = head.status < 400 ? statusInCode(found.code) : head.status
  const said = found.message.slice(0, messageCharactersMax)
  const rule = ruleFor({ status, code: found.code, type: found.type, message: said }, rules)
  const upstreamCode = found.code ?? found.type
  const retryAfterMs = readRetryAfterMs(head.headers, said, call.nowMs) ?? rule.retryAfterMs?.(call.nowMs)
  return new ProviderError(rule.kind, {
    message: cleanMessage(said, call) || NO_MESSAGE,
    status: head.status,
    ...(upstreamCode === undefined ? {} : { upstreamCode: withoutSecrets(upstreamCode, call).slice(0, 120) }),
    ...(found.param === undefined ? {} : { param: withoutSecrets(found.param, call).slice(0, 120) }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(rule.mayMeanFreeQuota === true ? { mayMeanFreeQuota: true } : {}),
    ...(found.concluded === true ? { concluded: true } : {}),
  })
}

function statusInCode(code: string | undefined): number {
  const status = Number(code)
  return Number.isInteger(status) && status >= 400 && status < 600 ? status : 500
}

function findError(value: unknown): FoundError | undefined {
  if (textOf(value) !== undefined) return { message: String(value) }
  if (!isObject(value)) return undefined
  const inner = value['error'] ?? value['errors'] ?? value['detail']
  if (isObject(inner)) return fieldsOf(inner, value)
  const listed = Array.isArray(inner) ? objectOf(inner[0]) : undefined
  if (listed !== undefined) return fieldsOf(listed, value)
  if (textOf(inner) !== undefined) return { ...fieldsOf(value, {}), message: String(inner) }
  if (Array.isArray(value['choices']) && value['object'] !== 'error') return undefined
  // Vendor envelopes: { code, message }, { error_code, error_msg }, { header: … } belong to the protocols that use them.
  const isFlat =
    value['object'] === 'error' ||
    (textOf(value['message']) !== undefined &&
      (value['code'] !== undefined || value['type'] === 'error' || 'data' in value || !('object' in value)))
  return isFlat ? fieldsOf(value, {}) : undefined
}

function fieldsOf(error: JsonObject, around: JsonObject): FoundError {
  const code = codeOf(error['code']) ?? codeOf(around['code'])
  return {
    message:
      textOf(error['message']) ??
      textOf(error['msg']) ??
      textOf(error['detail']) ??
      textOf(around['message']) ??
      code ??
      textOf(error['type']) ??
      NO_MESSAGE,
    code,
    type: textOf(error['type']),
    param: textOf(error['param']),
  }
}

function codeOf(value: unknown): string | undefined {
  return textOf(value) ?? numberOf(value)?.toString()
}

function findSseError(text: string): FoundError | undefined {
  for (const line of text.split('\n')) {
    if (!line.startsWith('data:')) continue
    const found = findError(parseJson(line.slice(5).trim()))
    if (found !== undefined) return found
  }
  return undefined
}

function plainMessage(text: string, status: number): string {
  // A 2xx that is no error may hold a whole answer, which is nobody's error message.
  if (status < 300 && !text.startsWith('<')) return 'The provider answered in a form that was not asked for'
  if (text === '') return `The provider answered with status ${status} and no body`
  if (!text.startsWith('<')) return text
  const title = /<title>([^<]{1,200})<\/title>/i.exec(text)?.[1]?.trim()
  return `The provider answered with a web page (status ${status}${title === undefined ? '' : `: ${title}`})`
}

/** For people: no wrapper of a wrapper, no request id, no key, at most 500 characters. */
function cleanMessage(message: string, call: Call): string {
  return (
    withoutSecrets(message, call)
      // DashScope wraps its native text: `<400> InternalError.Algo.InvalidParameter: Range of …`.
      .replace(/^<\d{3}>\s*/, '')
      .replace(/^(?:[A-Z]\w*\.)+[A-Z]\w*:\s*/, '')
      .replace(/[\s,;(（[]{0,4}\brequest[ _-]?id\b\s*[:：=]\s*[\w-]+[)）\]]*\.?/gi, '')
      .replace(/\b(account)\s+\[?\d{8,}\]?/gi, '$1')
      .replace(/\b(?:sk|ak|ms|ark|bce-v3)[-/][\w/*.-]{6,}/gi, '***')
      .replace(/\bBearer\s+\S+/gi, 'Bearer ***')
      .trim()
      .slice(0, 500)
  )
}

/** The token of a session proves as much as the key that opened it. */
function withoutSecrets(text: string, { credentials, session = {} }: Call): string {
  return [...Object.values(credentials), ...Object.values(session)]
    .filter((secret) => secret.length >= 4)
    .reduce((clean, secret) => clean.replaceAll(secret, '***'), text)
}

import type { Call, ProviderError, ResponseHead } from '../contract/index.ts'
import { textOfBytes } from '../wire/bytes.ts'
import type { ErrorRule } from '../wire/error-rules.ts'
import { numberOf, objectOf, parseJson, textOf, type JsonObject } from '../wire/json.ts'
import { errorInAnswer, readOpenAiError } from '../wire/read-error.ts'

/**
 * The failure that a body or a frame of a stream reports. V1 says `{"error_code","error_msg"}` with status 200, in a
 * stream as a line of its own without `data:` (provider sheet, section 2.3). `undefined` when there is none.
 */
export function qianfanV1Failure(
  said: JsonObject,
  head: ResponseHead,
  call: Call,
): ProviderError | undefined {
  const code = textOf(said['error_code']) ?? numberOf(said['error_code'])?.toString()
  const told = textOf(said['error_msg'])
  const isReported = code === undefined ? told !== undefined : code !== '0'
  if (!isReported) return errorInAnswer(said, head, withSession(call), qianfanV1ErrorRules)
  const message = told ?? `Qianfan reported error ${code ?? 'without a code'}`
  const error = { code, message: code === TWO_MEANINGS ? `${message} (${BOTH_MEANINGS})` : message }
  return errorInAnswer({ error }, head, withSession(call), qianfanV1ErrorRules)
}

/** Reads a refused call, or a 200 that should have been a stream. */
export function readQianfanV1Error(head: ResponseHead, body: Uint8Array, call: Call): ProviderError {
  const said = objectOf(parseJson(textOfBytes(body)))
  const failure = said === undefined ? undefined : qianfanV1Failure(said, head, call)
  return failure ?? readOpenAiError(head, body, withSession(call), qianfanV1ErrorRules)
}

/** The session's token is a secret like any other: a message that repeats it must not show it. */
function withSession(call: Call): Call {
  return { ...call, credentials: { ...call.credentials, ...call.session } }
}

/** "Open api daily request limit reached" leaves people guessing. */
const TWO_MEANINGS = '17'
const BOTH_MEANINGS =
  'billing is not activated or the account is in arrears; of a free model: the requests of the day are used up'

/**
 * V1's codes (provider sheet, section 5.1; vendor page cloud.baidu.com/doc/WENXINWORKSHOP/s/tlmyncueh, retries of the
 * official SDK). Moderation is mostly no error but an answer with `need_clear_history`.
 */
export const qianfanV1ErrorRules: readonly ErrorRule[] = [
  { kind: 'model_not_found', code: /^(3|336005)$/ },
  { kind: 'permission_denied', code: /^(6|336004)$/ },
  // The token is wrong, or the services that check it failed: a new one is worth a try, and says which.
  { kind: 'invalid_credentials', code: /^(13|14|110|111)$/ },

  // A free model's day, a free quota without postpaid billing, arrears: all 17. 19 is the total of an application.
  { kind: 'balance_exhausted', code: /^(17|19)$/, mayMeanFreeQuota: true },

  // Cluster, requests per second, tokens per minute; of requests per minute the SDK waits a second.
  { kind: 'rate_limited', code: /^(4|18|336502)$/ },
  { kind: 'rate_limited', code: '336501', retryAfterMs: () => 1000 },
  { kind: 'overloaded', code: '336100' },

  // Not verified: 336103. Seen by users: 336003 "the max length of current question is 2000",
  // 336007 "the max input characters is 20000".
  { kind: 'context_length_exceeded', code: '336103' },
  {
    kind: 'context_length_exceeded',
    code: /^3360(03|07)$/,
    message: /the max (length of current question|input)|too long|过长/i,
  },
  // Not verified.
  { kind: 'content_filter', code: /^(336117|336122)$/ },
  { kind: 'content_filter', code: /^336\d{3}$/, message: /unsafe|sensitive|敏感|违规|不安全/i },

  // 100 is an invalid parameter, which the token in the query is one of.
  { kind: 'invalid_credentials', code: '100', message: /token/i },
  { kind: 'invalid_request', code: /^(100|336001|336002|336003|336006|336007|336101|336104|336105)$/ },

  { kind: 'upstream_error', code: /^(1|2|15|336000|500000)$/ },
]

import type { Call, ProviderError, ResponseHead, SessionOperation } from '../contract/index.ts'
import { textOfBytes } from '../wire/bytes.ts'
import type { ErrorRule } from '../wire/error-rules.ts'
import { countOf, numberOf, objectOf, parseJson, textOf, type JsonObject } from '../wire/json.ts'
import { errorInAnswer, readOpenAiError } from '../wire/read-error.ts'

/**
 * API Key and Secret Key for an access token of 30 days (provider sheet, section 4.1: OAuth's client credentials, in the
 * query, the body is empty). One token is good for every model of the application.
 */
export const qianfanV1Session: SessionOperation = {
  scope: () => 'access-token',
  request: (call) => ({
    transport: 'http',
    method: 'POST',
    url:
      `${call.baseUrl}/oauth/2.0/token?grant_type=client_credentials` +
      `&client_id=${encodeURIComponent(call.credentials['apiKey'] ?? '')}` +
      `&client_secret=${encodeURIComponent(call.credentials['secretKey'] ?? '')}`,
    headers: { 'content-type': 'application/json', accept: 'application/json' },
  }),
  read(head, body, call) {
    const said = objectOf(parseJson(textOfBytes(body)))
    const accessToken = textOf(said?.['access_token'])
    // The official SDK looks at the field, not at the status.
    if (said === undefined || accessToken === undefined || said['error'] !== undefined) {
      return { ok: false, error: failureOf(said ?? {}, head, body, call) }
    }
    const told = countOf(said['expires_in'])
    const livesForS = told === undefined || told > LIFE_S_MAX ? UNKNOWN_LIFE_S : told
    return { ok: true, values: { accessToken }, expiresAtMs: call.nowMs + livesForS * 1000 }
  },
}

function failureOf(said: JsonObject, head: ResponseHead, body: Uint8Array, call: Call): ProviderError {
  const code = textOf(said['error']) ?? textOf(said['error_code']) ?? numberOf(said['error_code'])?.toString()
  const message = textOf(said['error_description']) ?? textOf(said['error_msg']) ?? code
  const reported =
    message === undefined ? undefined : errorInAnswer({ error: { code, message } }, head, call, rules)
  return reported ?? readOpenAiError(head, body, call, rules)
}

/** Never told so far; a token that dies earlier is found out by the first call (errors 110 and 111). */
const UNKNOWN_LIFE_S = 3600
/** Ten years: a token that is said to live longer, and past all calendars, is not believed. */
const LIFE_S_MAX = 315_360_000

/** Whatever fails here is not the caller's doing and says nothing of the model: another account may serve the request. */
const rules: readonly ErrorRule[] = [
  // `unknown client id` is a wrong API Key, `Client authentication failed` a wrong Secret Key.
  { kind: 'invalid_credentials', code: 'invalid_client' },
  { kind: 'invalid_credentials', message: /unknown client id|client authentication failed/i },
  { kind: 'permission_denied', code: 'unauthorized_client' },
  { kind: 'rate_limited', code: /^(4|18|19)$/ },
  { kind: 'rate_limited', status: 429 },
  { kind: 'overloaded', status: 503 },
  { kind: 'upstream_error' },
]

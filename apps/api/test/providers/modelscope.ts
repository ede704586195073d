import { eventAfter, http, in200, whole200 } from './arrivals.ts'
import { json, rowsOf, text, type ErrorTable, type Sample } from './error-row.ts'
import {
  badCredentials,
  contentFilter,
  contextTooLong,
  freeQuotaExhausted,
  modelNotFound,
  notPermitted,
  overloaded,
  providerFailed,
  rateLimited,
} from './outcomes.ts'

const row = rowsOf('modelscope')
const said = (message: string): Sample => json({ errors: { message, request_id: 'r-1' } })

/** Sheet of ModelScope, section 5, and trap 1 of section 3. */
// prettier-ignore
export const modelscope: ErrorTable = {
  provider: 'modelscope',
  rows: [
    row('error-401-bad-token.json',               http(401),          badCredentials),
    row('error-401-bind-account.json',            http(401),          notPermitted),
    row('error-429-daily-quota.json',             http(429),          freeQuotaExhausted),
    // The wording is not proven.
    row(said('Your magicubes are used up'),       http(403, 429),     freeQuotaExhausted),
    row(said('魔粒余额不足'),                     http(403, 429),     freeQuotaExhausted),
    row('error-429-throttle.json',                http(429),          rateLimited),
    row('error-429-free-allocated.json',          http(429),          freeQuotaExhausted),
    row('error-400-no-provider.json',             http(400, 429),     modelNotFound),
    row('error-400-no-provider.json',             in200,              modelNotFound),
    row('error-400-no-provider-variant.json',     http(400, 429),     modelNotFound),
    row(said('insufficient balance (1008)'),      http(429),          modelNotFound),
    row('error-400-content.json',                 http(400),          contentFilter),
    row('error-400-too-long.json',                http(400),          contextTooLong),
    row(text('<html><title>Bad Gateway</title>'), http(500, 502),     providerFailed),
    row(text('<html><title>Unavailable</title>'), http(503),          overloaded),
    row('chat-empty-shell.json',                  whole200,           providerFailed),
    row('stream-error-mid.sse.txt',               eventAfter('从前'), providerFailed),
  ],
}

import { eventAfter, firstEvent, http, in200, whole200 } from './arrivals.ts'
import { json, rowsOf, text, type ErrorTable, type Sample } from './error-row.ts'
import {
  badCredentials,
  badRequest,
  balanceExhausted,
  contentFilter,
  contextTooLong,
  modelNotFound,
  overloaded,
  providerFailed,
  rateLimited,
} from './outcomes.ts'

const row = rowsOf('deepseek')
/** The same platform as an account of the kind `openai-compatible`. */
const generic = rowsOf('openai')

const said = (message: string): Sample => json({ error: { message, type: 'invalid_request_error' } })

/** Sheet of OpenAI-compatible upstreams, section 7; api-docs.deepseek.com/quick_start/error_codes. */
// prettier-ignore
export const deepseek: ErrorTable = {
  provider: 'deepseek',
  rows: [
    row('error-400-content.json',                    http(400),        contentFilter),
    row('error-400-json-word.json',                  http(400),        badRequest),
    row('error-400-max-tokens.json',                 http(400),        badRequest),
    row('error-400-model.json',                      http(400),        modelNotFound),
    row('error-400-model-old.json',                  http(400),        modelNotFound),
    row('error-400-reasoning-content.json',          http(400),        badRequest),
    row('error-400-response-format.json',            http(400),        badRequest),
    row('error-400-role.json',                       http(400, 422),   badRequest),
    row('error-400-too-long.json',                   http(400),        contextTooLong),
    row('error-400-tool-choice.json',                http(400),        badRequest),
    row('error-401-bad-key.json',                    http(401),        badCredentials),
    row(said('Authentication Fails (auth header format should be Bearer sk-...)'), http(401), badCredentials),
    row('error-402-balance.json',                    http(402),        balanceExhausted),
    row('error-402-balance.json',                    in200,            balanceExhausted),
    row(text(''),                                    http(402),        balanceExhausted),
    row('error-422-parameter.json',                  http(400, 422),   badRequest),
    // It speaks of the balance, and waiting helps.
    row('error-429-concurrency.json',                http(429),        rateLimited),
    row(said('Rate limit reached for TPM'),          http(429),        rateLimited),
    row('error-500.json',                            http(500),        providerFailed),
    row('error-503-busy.json',                       http(503),        overloaded),
    row('chat-insufficient-resource.json',           whole200,         overloaded),
    row('chat-stream-insufficient-resource.sse.txt', eventAfter('Tw'), overloaded),
    row('chat-stream-aborted.sse.txt',               eventAfter('Tw'), providerFailed),
    row('stream-error-mid.sse.txt',                  eventAfter('Tw'), providerFailed),
    row(text('data: {"error":{"message":"Insufficient Balance"}}\n\n'), firstEvent, balanceExhausted),
    generic('error-401-bad-key.json',                http(401),        badCredentials),
    generic('error-402-balance.json',                http(402),        balanceExhausted),
    generic('error-400-too-long.json',               http(400),        contextTooLong),
    generic('error-422-parameter.json',              http(422),        badRequest),
    generic('error-429-concurrency.json',            http(429),        rateLimited),
  ],
}

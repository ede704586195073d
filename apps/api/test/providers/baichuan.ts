import { eventAfter, http } from './arrivals.ts'
import { json, rowsOf, type ErrorTable, type Sample } from './error-row.ts'
import {
  badCredentials,
  badRequest,
  balanceExhausted,
  contextTooLong,
  endsFiltered,
  providerFailed,
  rateLimited,
} from './outcomes.ts'

const row = rowsOf('baichuan')

/** The slug stands in `type` at one endpoint, in `code` at the other. */
const inType = (slug: string, message: string): Sample => json({ error: { code: null, type: slug, message } })
const inCode = (slug: string, message: string): Sample => json({ error: { code: slug, type: null, message } })
const inWords = (message: string): Sample => json({ error: { message } })

/** Sheet of Baichuan, section 6. */
// prettier-ignore
export const baichuan: ErrorTable = {
  provider: 'baichuan',
  rows: [
    row('error-401-bad-key.json',                    http(401),          badCredentials),
    row('error-401-authentication.json',             http(401),          badCredentials),
    row(inType('api_key_empty', 'API key is empty'), http(401),          badCredentials),
    row(inCode('api_key_empty', 'API key is empty'), http(401),          badCredentials),
    row('error-429-rate.json',                       http(429),          rateLimited),
    row(inType('rate_limit_reached', 'Rate limit reached for requests'), http(429), rateLimited),
    row(inWords('Rate limit reached for requests'),  http(429),          rateLimited),
    // The same status: waiting helps against the one and not the other. The gift is part of the balance.
    row('error-429-balance.json',                    http(429),          balanceExhausted),
    row(inCode('insufficient_quota', 'Insufficient account balance, please recharge'), http(429), balanceExhausted),
    row(inWords('Insufficient account balance, please recharge'), http(429), balanceExhausted),
    row('error-400-parameter.json',                  http(400),          badRequest),
    row('error-400-too-long.json',                   http(400),          contextTooLong),
    row(inType('invalid_request_error', 'The prompt is too long'), http(400), contextTooLong),
    row('chat-stream-content-filter.sse.txt',        eventAfter('这个'), endsFiltered),
    row('error-500.json',                            http(500),          providerFailed),
    row(inCode('internal_error', 'internal error'),  http(500),          providerFailed),
    row('stream-error-mid.sse.txt',                  eventAfter('从前'), providerFailed),
  ],
}

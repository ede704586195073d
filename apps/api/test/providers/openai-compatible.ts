import { eventAfter, firstEvent, http, httpWith, in200 } from './arrivals.ts'
import { json, rowsOf, text, type ErrorTable, type Sample } from './error-row.ts'
import {
  badCredentials,
  badRequest,
  balanceExhausted,
  contentFilter,
  contextTooLong,
  endsFiltered,
  modelNotFound,
  overloaded,
  providerFailed,
  rateLimited,
  rateLimitedFor,
  timedOut,
} from './outcomes.ts'

const row = rowsOf('openai')

const said = (code: string, message: string): Sample => json({ error: { message, type: 'error', code } })
const zhipu = (code: string, message: string): Sample => json({ error: { code, message } })
const moonshot = (type: string, message: string): Sample => json({ error: { message, type } })
const askingForSevenSeconds = httpWith(429, { 'retry-after': '7' })
const inStream = (error: unknown): Sample => text(`data: ${JSON.stringify({ error })}\n\n`)

/** Sheet of OpenAI-compatible upstreams, section 7; for what a stream holds, section 4. */
// prettier-ignore
export const openaiCompatible: ErrorTable = {
  provider: 'openai-compatible',
  rows: [
    row('error-401-bad-key.json',                                http(401),             badCredentials),
    row(zhipu('1000', '身份验证失败'),                           http(401),             badCredentials),
    row(zhipu('1001', 'Header中未收到Authentication参数'),       http(401),             badCredentials),
    row('zhipu-error-401-bad-key.json',                          http(401),             badCredentials),
    row(zhipu('1003', 'Authentication Token已过期'),             http(401),             badCredentials),
    row(zhipu('1004', 'Authentication Token验证失败'),           http(401),             badCredentials),
    row('siliconflow-error-401.json',                            http(401),             badCredentials),
    row('vllm-error-401.json',                                   http(401),             badCredentials),
    row('zhipu-error-429-balance.json',                          http(429),             balanceExhausted),
    row(zhipu('1308', '已达到使用上限'),                         http(429),             balanceExhausted),
    row('moonshot-error-429-quota.json',                         http(403, 429),        balanceExhausted),
    row('siliconflow-error-403-balance.json',                    http(403),             balanceExhausted),
    row('error-429-insufficient-quota.json',                     http(429),             balanceExhausted),
    row('error-429-rate.json',                                   http(429),             rateLimited),
    row('error-429-rate.json',                                   askingForSevenSeconds, rateLimitedFor(7)),
    row('zhipu-error-429-concurrency.json',                      http(429),             rateLimited),
    row(zhipu('1305', '当前API请求过多'),                        http(429),             rateLimited),
    row('moonshot-error-429-rate.json',                          http(429),             rateLimitedFor(1)),
    row(moonshot('engine_overloaded_error', 'The engine is overloaded'), http(429),     rateLimited),
    row('siliconflow-error-429.json',                            http(429),             rateLimited),
    row('error-400-too-long.json',                               http(400),             contextTooLong),
    row('vllm-error-400-too-long.json',                          http(400),             contextTooLong),
    row('vllm-error-400-legacy.json',                            http(400),             contextTooLong),
    row('vllm-error-400-legacy.json',                            in200,                 contextTooLong),
    row('llamacpp-error-400-too-long.json',                      http(400),             contextTooLong),
    // Until 2025-10.
    row('llamacpp-error-400-too-long.json',                      in200,                 contextTooLong),
    row('zhipu-error-400-too-long.json',                         http(400),             contextTooLong),
    row('error-400-content.json',                                http(400),             contentFilter),
    row('zhipu-error-400-content.json',                          http(400),             contentFilter),
    row('moonshot-error-400-content.json',                       http(400),             contentFilter),
    row(said('data_inspection_failed', 'inappropriate content'), http(400),             contentFilter),
    row(said('model_not_found', 'no such model'),                http(404),             modelNotFound),
    row(zhipu('1211', '模型不存在'),                             http(400),             modelNotFound),
    row('ollama-error-404.json',                                 http(404),             modelNotFound),
    row(json({ error: 'model "nope" not found, try pulling it first' }), http(404),     modelNotFound),
    row('siliconflow-error-400.json',                            http(400),             modelNotFound),
    row(said('invalid_request_error', 'Invalid parameters'),     http(422),             badRequest),
    row(json({ detail: [{ msg: 'field required', type: 'missing' }] }), http(422),      badRequest),
    row('llamacpp-error-503-loading.json',                       http(503),             overloaded),
    row('odd-html-502.txt',                                      http(500, 502),        providerFailed),
    row(text('<html><title>503</title></html>'),                 http(503, 529),        overloaded),
    // The sheet has 502 or 503 for all of these; the contract has a status of its own for "not in time".
    row(text('<html><title>504</title></html>'),                 http(504),             timedOut),
    row('odd-200-json-error-on-stream.txt',                      in200,                 providerFailed),
    // "Before the first text: a proper status. After text: an error event."
    row(inStream({ message: 'slow down', code: 'rate_limit_exceeded' }), firstEvent,    rateLimited),
    row(inStream({ message: 'Internal error', code: 500 }),      firstEvent,            providerFailed),
    row('vllm-stream-error-mid.sse.txt',                         eventAfter('Two'),     providerFailed),
    row('zhipu-stream-sensitive.sse.txt',                        eventAfter('Once'),    endsFiltered),
  ],
}

import {
  anyStatus,
  embeddings,
  eventAfter,
  firstEvent,
  firstFrame,
  frameAfter,
  http,
  in200,
  wholeFrames,
} from './arrivals.ts'
import { json, rowsOf, text, type ErrorRow, type ErrorTable } from './error-row.ts'
import {
  badCredentials,
  badRequest,
  balanceExhausted,
  contentFilter,
  contextTooLong,
  endsFiltered,
  endsWell,
  freeQuotaExhausted,
  modelNotFound,
  notPermitted,
  overloaded,
  providerFailed,
  rateLimited,
  type Outcome,
} from './outcomes.ts'

const overHttp = rowsOf('spark-http')
const socket = rowsOf('spark-websocket')

/** One list of codes: a body over HTTP with any status, a body or an event of a 200, a frame, an embedding. */
function coded(code: number, message: string, comesTo: Outcome): readonly ErrorRow[] {
  const error = { message, type: 'api_error', param: null, code: String(code) }
  const frame = json({ header: { code, message, sid: 's-1', status: 2 } })
  return [
    overHttp(json({ error }), anyStatus, comesTo),
    overHttp(json({ code, message, sid: 's-1' }), in200, comesTo),
    overHttp(text(`data:${JSON.stringify({ code, message, sid: 's-1' })}\n\n`), firstEvent, comesTo),
    socket(frame, firstFrame, comesTo),
    socket(frame, embeddings(200), comesTo),
  ]
}

/** Sheet of Spark, section 6. */
// prettier-ignore
export const spark: ErrorTable = {
  provider: 'spark',
  rows: [
    overHttp('http-error-401-invalid-user.json',      http(401),                           badCredentials),
    overHttp('http-error-unauthorized-gateway.json',  http(401),                           badCredentials),
    socket('ws-handshake-401.json',                   http(401),                           badCredentials),
    socket('ws-handshake-403-date.json',              http(403),                           badCredentials),
    socket('ws-handshake-401.json',                   embeddings(401),                     badCredentials),
    ...coded(10000,                                   '升级为ws出现错误',                  providerFailed),
    ...coded(10001,                                   '通过ws读取用户的消息出错',          providerFailed),
    ...coded(10002,                                   '通过ws向用户发送消息出错',          providerFailed),
    ...coded(10003,                                   '用户的消息格式有错误',              badRequest),
    ...coded(10004,                                   '用户数据的schema错误',              badRequest),
    ...coded(10005,                                   '用户参数值有错误',                  badRequest),
    ...coded(10163,                                   '请求引擎的参数异常',                badRequest),
    ...coded(10006,                                   '用户并发错误',                      rateLimited),
    ...coded(10007,                                   '用户流量受限',                      rateLimited),
    ...coded(10008,                                   '服务容量不足',                      overloaded),
    ...coded(10009,                                   '和引擎建立连接失败',                providerFailed),
    ...coded(10010,                                   '接收引擎数据的错误',                providerFailed),
    ...coded(10011,                                   '发送数据给引擎的错误',              providerFailed),
    ...coded(10012,                                   '引擎内部错误',                      providerFailed),
    ...coded(10222,                                   '引擎网络异常',                      providerFailed),
    ...coded(10223,                                   '找不到引擎节点',                    providerFailed),
    ...coded(10021,                                   '输入审核不通过',                    contentFilter),
    overHttp('http-error-10013-audit.json',           anyStatus,                           contentFilter),
    overHttp('http-200-nonzero-code.json',            in200,                               contentFilter),
    socket('ws-error-10013-input-audit.ws.jsonl',     firstFrame,                          contentFilter),
    // Moderation of the output: a finish reason where text was sent, else an error.
    ...coded(10014,                                   '输出内容涉及敏感信息',              contentFilter),
    ...coded(10022,                                   '图片审核不通过',                    contentFilter),
    overHttp('http-chat-stream-output-audit.sse.txt', eventAfter('从前'),                  endsFiltered),
    socket('ws-error-10014-output-audit.ws.jsonl',    frameAfter('部分输出'),              endsFiltered),
    socket('ws-error-10014-output-audit.ws.jsonl',    wholeFrames,                         contentFilter),
    ...coded(10015,                                   'appid在黑名单中',                   notPermitted),
    // One code for several states, told apart by the words where these are clear; else it is "not opened".
    ...coded(10016,                                   'appid授权类的错误：未开通对应版本', notPermitted),
    ...coded(10016,                                   'appid授权类的错误：token用完了',    freeQuotaExhausted),
    ...coded(10016,                                   'appid授权类的错误：并发超过授权',   rateLimited),
    ...coded(10017,                                   '清除历史失败',                      providerFailed),
    ...coded(10018,                                   '连接空闲',                          providerFailed),
    // A warning about an answer that stands.
    overHttp('http-chat-stream-warning.sse.txt',      eventAfter('可以试试《三体》。'),    endsWell),
    socket('ws-error-10019-after-answer.ws.jsonl',    frameAfter('可以试试《三体》。'),    endsWell),
    socket('ws-error-10019-after-answer.ws.jsonl',    wholeFrames,                         endsWell),
    socket('ws-error-10110-busy.ws.jsonl',            firstFrame,                          overloaded),
    ...coded(10110,                                   '服务忙，请稍后再试',                overloaded),
    socket('ws-error-10404-domain.ws.jsonl',          firstFrame,                          modelNotFound),
    ...coded(10404,                                   'model not found',                   modelNotFound),
    overHttp('http-error-10907-too-long.json',        anyStatus,                           contextTooLong),
    socket('ws-error-10907-too-long.ws.jsonl',        firstFrame,                          contextTooLong),
    // "Not opened" or "over its volume": the sheet leaves it open, too. Without words for the latter an administrator
    // is asked, and the free quota is not taken for empty unless it has served before.
    overHttp('http-error-11200-noauth.json',          anyStatus,                           notPermitted),
    socket('ws-error-11200-noauth.ws.jsonl',          firstFrame,                          notPermitted),
    socket('embedding-error-11200.json',              embeddings(200),                     notPermitted),
    ...coded(11200,                                   '授权错误：业务量超限',              freeQuotaExhausted),
    overHttp('http-error-11201-daily.json',           anyStatus,                           balanceExhausted),
    socket('ws-error-11201-daily.ws.jsonl',           firstFrame,                          balanceExhausted),
    overHttp('http-error-11202-qps.json',             anyStatus,                           rateLimited),
    socket('ws-error-11202-qps.ws.jsonl',             firstFrame,                          rateLimited),
    socket('ws-error-11203-concurrency.ws.jsonl',     firstFrame,                          rateLimited),
    ...coded(11203,                                   '并发流控超限',                      rateLimited),

    // The fine-tuning service says it with statuses.
    overHttp(json({ error: { message: 'invalid key' } }),        http(401), badCredentials),
    overHttp(json({ error: { message: 'region not supported' } }), http(403), notPermitted),
    overHttp(json({ error: { message: 'rate limit reached' } }), http(429), rateLimited),
    overHttp(json({ error: { message: 'You exceeded your current quota' } }), http(429), balanceExhausted),
    overHttp(json({ error: { message: 'server error' } }),       http(500), providerFailed),
    overHttp(json({ error: { message: 'engine overloaded' } }),  http(503), overloaded),
  ],
}

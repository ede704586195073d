import { embeddings, eventAfter, firstEvent, http, in200 } from './arrivals.ts'
import { json, rowsOf, text, type ErrorRow, type ErrorTable, type Sample } from './error-row.ts'
import {
  badCredentials,
  badRequest,
  balanceExhausted,
  contentFilter,
  contextTooLong,
  endsFiltered,
  freeQuotaExhausted,
  modelNotFound,
  notPermitted,
  providerFailed,
  rateLimited,
  timedOut,
  type Outcome,
} from './outcomes.ts'

const native = rowsOf('hunyuan-native')
const openai = rowsOf('hunyuan-openai')
const tokenhub = rowsOf('tokenhub')

/** The native interface says everything with status 200, in a stream too as long as that has not begun. */
function coded(code: string, message: string, comesTo: Outcome): ErrorRow {
  const refusal = { RequestId: 'r-1', Error: { Code: code, Message: message } }
  return native(json({ Response: refusal }), in200, comesTo)
}

function broken(code: number, message: string): Sample {
  return text(`data: ${JSON.stringify({ Choices: [], ErrorMsg: { Msg: message, Code: code } })}\n\n`)
}

function wrong(message: string): Sample {
  return json({ error: { message, type: 'runtime_error', code: '2001' } })
}

function hub(type: string, code: string, message: string): Sample {
  return json({ error: { type, code, message, source: 'gateway', request_id: 'r-1' } })
}

/** Sheet of Hunyuan: sections 5.1 (native), 5.2 (the old OpenAI endpoint) and 5.3 (TokenHub). */
// prettier-ignore
export const hunyuan: ErrorTable = {
  provider: 'hunyuan',
  rows: [
    // Native
    native('native-error-secretid.json',                   in200,                   badCredentials),
    native('native-error-secretid.json',                   embeddings(200),         badCredentials),
    coded('AuthFailure.InvalidSecretId',                   'not a SecretId',        badCredentials),
    coded('AuthFailure.TokenFailure',                      'token failed',          badCredentials),
    coded('AuthFailure.UnauthorizedOperation',             'not authorised',        badCredentials),
    coded('AuthFailure.InvalidAuthorization',              'header is malformed',   badCredentials),
    native('native-error-signature.json',                  in200,                   badCredentials),
    native('native-error-signature-expire.json',           in200,                   badCredentials),
    coded('UnauthorizedOperation',                         'not authorised',        notPermitted),
    coded('UnauthorizedOperation.CamNoAuth',               'not authorised',        notPermitted),
    native('native-error-requestlimit.json',               in200,                   rateLimited),
    coded('RequestLimitExceeded.UinLimitExceeded',         'too many requests',     rateLimited),
    native('native-error-concurrency.json',                in200,                   rateLimited),
    native('native-error-engine-limit.json',               in200,                   rateLimited),
    coded('FailedOperation.EngineRequestTimeout',          'engine timed out',      timedOut),
    coded('FailedOperation.EngineServerError',             'engine failed',         providerFailed),
    coded('FailedOperation.ConsoleServerError',            'console failed',        providerFailed),
    coded('FailedOperation',                               'operation failed',      providerFailed),
    coded('InternalError',                                 'internal error',        providerFailed),
    native('native-error-free-pack.json',                  in200,                   freeQuotaExhausted),
    native('native-error-pack.json',                       in200,                   balanceExhausted),
    coded('ResourceInsufficient.ChargeResourceExhaust',    'used up',               balanceExhausted),
    native('native-error-arrears.json',                    in200,                   balanceExhausted),
    coded('ResourceUnavailable.InArrears',                 'in arrears',            balanceExhausted),
    coded('ResourceUnavailable.LowBalance',                'low balance',           balanceExhausted),
    coded('FailedOperation.ServiceStop',                   'service stopped',       notPermitted),
    coded('ResourceUnavailable.StopUsing',                 'stopped',               notPermitted),
    native('native-error-not-activated.json',              in200,                   notPermitted),
    coded('ResourceUnavailable.NotExist',                  'not opened',            notPermitted),
    coded('FailedOperation.UserUnAuthError',               'not verified by name',  notPermitted),
    native('native-error-content.json',                    in200,                   contentFilter),
    coded('OperationDenied.ImageIllegalDetected',          'picture refused',       contentFilter),
    coded('FailedOperation.GenerateImageFailed',           'picture refused',       contentFilter),
    native('native-error-model.json',                      in200,                   modelNotFound),
    native('native-error-param.json',                      in200,                   badRequest),
    native('native-error-param-value.json',                in200,                   badRequest),
    coded('MissingParameter',                              'Messages is missing',   badRequest),
    coded('InvalidParameter.ImageCountLimitExceededError', 'too many pictures',     badRequest),
    coded('ActionOffline',                                 'the action is retired', modelNotFound),
    coded('NoSuchVersion',                                 'no such version',       modelNotFound),
    coded('InvalidAction',                                 'no such action',        modelNotFound),
    // "Only if no text was sent": before it the caller may send again, after it there is no status to say so with.
    native(broken(4000, '服务内部错误'),                   firstEvent,              providerFailed),
    native(broken(4001, '模型请求超时'),                   firstEvent,              timedOut),
    native('native-chat-stream-error-mid.sse.txt',         eventAfter('部分'),      timedOut),
    native('native-chat-stream-sensitive.sse.txt',         eventAfter('部分'),      endsFiltered),

    // The old OpenAI endpoint. Of quotas the sheet says no more than "quota": both kinds are one to the caller.
    openai('openai-error-400-ratelimit-2003.json', http(400),      rateLimited),
    openai('openai-error-401-bad-key.json',        http(401),      badCredentials),
    openai('openai-error-quota.json',              http(400, 429), freeQuotaExhausted),
    openai(wrong('账户已欠费'),                    http(400, 429), balanceExhausted),
    openai('openai-error-content.json',            http(400),      contentFilter),
    openai('openai-error-too-long.json',           http(400),      contextTooLong),

    // TokenHub
    tokenhub('tokenhub-error-400.json',                         http(400), badRequest),
    tokenhub(hub('invalid_request_error', '400002', 'invalid body'), http(400), badRequest),
    tokenhub('tokenhub-error-400-too-long.json',                http(400), contextTooLong),
    tokenhub('tokenhub-error-401.json',                         http(401), badCredentials),
    tokenhub('tokenhub-error-402-free-quota.json',              http(402), freeQuotaExhausted),
    tokenhub(hub('permission_error', '401007', 'plan expired'), http(402), balanceExhausted),
    tokenhub(hub('permission_error', '401008', 'plan quota used up'), http(402), balanceExhausted),
    tokenhub(hub('permission_error', '403004', 'account in arrears'), http(402), balanceExhausted),
    tokenhub('tokenhub-error-403-ip.json',                      http(403), notPermitted),
    tokenhub(hub('permission_error', '403002', 'not allowed'),  http(403), notPermitted),
    tokenhub(hub('permission_error', '403005', 'not allowed'),  http(403), notPermitted),
    tokenhub(hub('permission_error', 'not_authorized', 'tick the model first'), http(403), notPermitted),
    tokenhub('tokenhub-error-429-rpm.json',                     http(429), rateLimited),
    tokenhub('tokenhub-error-451-content.json',                 http(451), contentFilter),
    tokenhub('tokenhub-error-502-upstream.json',                http(502), providerFailed),
    tokenhub(hub('upstream_error', 'internal_error', 'provider error'), http(502), providerFailed),
  ],
}

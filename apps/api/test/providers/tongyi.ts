import { eventAfter, firstEvent, http } from './arrivals.ts'
import { json, rowsOf, type ErrorRow, type ErrorTable } from './error-row.ts'
import {
  badCredentials,
  badRequest,
  balanceExhausted,
  contentFilter,
  contextTooLong,
  freeQuotaExhausted,
  modelNotFound,
  notPermitted,
  overloaded,
  providerFailed,
  rateLimited,
  timedOut,
  type Outcome,
} from './outcomes.ts'

const native = rowsOf('tongyi-native')
const compatible = rowsOf('tongyi-compatible')

/** The two interfaces have one list of codes: what one says natively, the other may say as well. */
function both(status: number, code: string, message: string, comesTo: Outcome): readonly ErrorRow[] {
  const wrapped = { error: { message, type: code, param: null, code }, request_id: 'r-1' }
  return [
    native(json({ code, message, request_id: 'r-1' }), http(status), comesTo),
    compatible(json(wrapped), http(status), comesTo),
  ]
}

const nameless = 'Access denied.'
const quotaGone = 'Access denied: the free quota of the model is used up.'
const noRight = 'Workspace access denied.'
const perMinute = 'Allocated quota exceeded, please increase your quota limit.'
const freeGone = 'Free allocated quota exceeded.'
const wrappedContent =
  '<400> InternalError.Algo.DataInspectionFailed: Input data may contain inappropriate content.'

/** Sheet of Tongyi, section 7. */
// prettier-ignore
export const tongyi: ErrorTable = {
  provider: 'tongyi',
  rows: [
    native('native-error-401-bad-key.json',            http(401),                       badCredentials),
    compatible('compat-error-401-bad-key.json',        http(401),                       badCredentials),
    ...both(401, 'InvalidApiKey',              'invalid access token or token expired', badCredentials),
    ...both(401, 'invalid_request_error',      'invalid access token or token expired', badCredentials),
    ...both(401, 'NOT AUTHORIZED',             noRight,                                 notPermitted),
    ...both(403, 'Workspace.AccessDenied',     noRight,                                 notPermitted),
    ...both(403, 'App.AccessDenied',           'App access denied.',                    notPermitted),
    ...both(403, 'AccessDenied',               nameless,                                notPermitted),
    ...both(403, 'access_denied',              nameless,                                notPermitted),
    ...both(403, 'AccessDenied',               quotaGone,                               freeQuotaExhausted),
    ...both(403, 'access_denied',              quotaGone,                               freeQuotaExhausted),
    ...both(403, 'AccessDenied.Unpurchased',   'Access to model denied.',               notPermitted),
    ...both(403, 'Model.AccessDenied',         'Model access denied.',                  notPermitted),
    native('native-error-403-free-tier-only.json',     http(403),                       freeQuotaExhausted),
    compatible('compat-error-403-free-tier-only.json', http(403),                       freeQuotaExhausted),
    native('native-error-400-arrearage.json',          http(400),                       balanceExhausted),
    compatible('compat-error-400-arrearage.json',      http(400),                       balanceExhausted),
    ...both(429, 'BudgetLimitExceeded',        'The budget is used up.',                balanceExhausted),
    ...both(429, 'PrepaidBillOverdue',         'The bill is overdue.',                  balanceExhausted),
    ...both(429, 'PostpaidBillOverdue',        'The bill is overdue.',                  balanceExhausted),
    ...both(429, 'CommodityNotPurchased',      'Not purchased.',                        balanceExhausted),
    // Tokens per minute, by the name that others have for no money.
    native('native-error-429-allocation.json',         http(429),                       rateLimited),
    compatible('compat-error-429-tpm.json',            http(429),                       rateLimited),
    ...both(429, 'Throttling.AllocationQuota', perMinute,                               rateLimited),
    ...both(429, 'insufficient_quota',         perMinute,                               rateLimited),
    native('native-error-429-free-allocated.json',     http(429),                       freeQuotaExhausted),
    compatible('compat-error-429-free-allocated.json', http(429),                       freeQuotaExhausted),
    ...both(429, 'Throttling.AllocationQuota', freeGone,                                freeQuotaExhausted),
    native('native-error-429-rate.json',               http(429),                       rateLimited),
    compatible('compat-error-429-rpm.json',            http(429),                       rateLimited),
    ...both(429, 'Throttling',                 'Requests throttled.',                   rateLimited),
    ...both(429, 'LimitRequests',              'Requests throttled.',                   rateLimited),
    ...both(429, 'limit_requests',             'Requests throttled.',                   rateLimited),
    native('native-error-429-burst.json',              http(429),                       rateLimited),
    compatible('compat-error-429-burst.json',          http(429),                       rateLimited),
    ...both(429, 'Throttling.Concurrency',     'Too many at once.',                     rateLimited),
    native('native-error-400-content.json',            http(400),                       contentFilter),
    compatible('compat-error-400-content.json',        http(400),                       contentFilter),
    ...both(400, 'invalid_parameter_error',    wrappedContent,                          contentFilter),
    ...both(400, 'IPInfringementSuspect',      'Suspected infringement.',               contentFilter),
    ...both(400, 'FaqRuleBlocked',             'Blocked by a rule.',                    contentFilter),
    ...both(400, 'CustomRoleBlocked',          'Blocked by a rule.',                    contentFilter),
    native('native-error-400-too-long.json',           http(400),                       contextTooLong),
    compatible('compat-error-400-too-long.json',       http(400),                       contextTooLong),
    native('native-error-400-parameter.json',          http(400),                       badRequest),
    compatible('compat-error-400-thinking.json',       http(400),                       badRequest),
    compatible('compat-error-400-tool-choice.json',    http(400),                       badRequest),
    native('native-error-404-model.json',              http(404),                       modelNotFound),
    compatible('compat-error-404-model.json',          http(404),                       modelNotFound),
    ...both(404, 'model_not_supported',        'Unsupported model.',                    modelNotFound),
    // The sheet says 413. That is the answer to a body larger than the gateway takes, see decision 10.
    ...both(400, 'BadRequest.TooLarge',        'Payload too large.',                    badRequest),
    ...both(400, 'APIConnectionError',         'Connection error.',                     providerFailed),
    native('native-error-500-timeout.json',            http(500),                       timedOut),
    ...both(500, 'InternalError.Timeout',      'Timed out.',                            timedOut),
    compatible('compat-error-500.json',                http(500),                       providerFailed),
    ...both(500, 'InternalError',              'Internal error.',                       providerFailed),
    ...both(500, 'InternalError.Algo',         'Internal error.',                       providerFailed),
    ...both(500, 'SystemError',                'Internal error.',                       providerFailed),
    ...both(500, 'ModelServiceFailed',         'Internal error.',                       providerFailed),
    ...both(500, 'ModelServingError',          'No capacity.',                          overloaded),
    ...both(503, 'ModelUnavailable',           'No capacity.',                          overloaded),
    ...both(503, 'ServiceUnavailable',         'No capacity.',                          overloaded),

    // A failed stream is answered with status 200, or as events with a status of its own.
    native('native-stream-error-first-frame.sse.txt', firstEvent,             badRequest),
    native('native-stream-error-first-frame.sse.txt', http(400),              badRequest),
    compatible('compat-stream-error-event.sse.txt',   firstEvent,             contentFilter),
    compatible('compat-stream-error-event.sse.txt',   http(400),              contentFilter),
    native('native-stream-error-mid.sse.txt',         eventAfter('从前有座'), contentFilter),
    compatible('compat-stream-error-mid.sse.txt',     eventAfter('从前'),     contentFilter),
  ],
}

import { embeddings, firstEvent, http, in200, session, whole200 } from './arrivals.ts'
import { json, rowsOf, type ErrorRow, type ErrorTable, type Sample } from './error-row.ts'
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
  overloaded,
  providerFailed,
  rateLimited,
  rateLimitedFor,
  type Outcome,
} from './outcomes.ts'

const v1 = rowsOf('qianfan-v1')
const v2 = rowsOf('qianfan-v2')

/** V1 says everything with status 200. */
function coded(code: number, message: string, comesTo: Outcome): ErrorRow {
  return v1(json({ error_code: code, error_msg: message, id: 'as-1' }), in200, comesTo)
}

function said(code: string, message: string, type = 'invalid_request_error'): Sample {
  return json({ error: { code, message, type }, id: 'as-1' })
}

/** Sheet of Qianfan: sections 5.1 (V1) and 5.2 (V2). */
// prettier-ignore
export const qianfan: ErrorTable = {
  provider: 'qianfan',
  rows: [
    // V1
    coded(1,                                'Unknown error',                                providerFailed),
    coded(2,                                'Service temporarily unavailable',              providerFailed),
    coded(3,                                'Unsupported openapi method',                   modelNotFound),
    coded(4,                                'Open api request limit reached',               rateLimited),
    coded(6,                                'No permission to access data',                 notPermitted),
    coded(13,                               'Get service token failed',                     badCredentials),
    v1('v1-error-14-iam.json',              in200,                                          badCredentials),
    coded(15,                               'app not exsits or create failed',              providerFailed),
    // Billing not activated, arrears, or a free model's day: the caller can do as little about the one as the other.
    v1('v1-error-17-daily-or-billing.json', in200,                                          balanceExhausted),
    v1('v1-error-18-qps.json',              in200,                                          rateLimited),
    v1('v1-error-19-total.json',            in200,                                          balanceExhausted),
    coded(100,                              'Invalid parameter',                            badRequest),
    coded(100,                              'Invalid parameter: access_token is missing',   badCredentials),
    // Tried once more with a new token before it comes to this.
    v1('v1-error-110-token-invalid.json',   in200,                                          badCredentials),
    v1('v1-error-111-token-expired.json',   in200,                                          badCredentials),
    v1('v1-error-110-token-invalid.json',   embeddings(200),                                badCredentials),
    v1('v1-stream-error-bare-json.txt',     in200,                                          badCredentials),
    v1('v1-stream-error-bare-json.txt',     firstEvent,                                     badCredentials),
    coded(336000,                           'Internal error',                               providerFailed),
    coded(336001,                           'Invalid argument',                             badRequest),
    coded(336002,                           'Invalid JSON',                                 badRequest),
    v1('v1-error-336003-messages.json',     in200,                                          badRequest),
    coded(336004,                           'Permission error',                             notPermitted),
    coded(336005,                           'Can not find api name',                        modelNotFound),
    coded(336006,                           'messages length must be odd',                  badRequest),
    // The sheet leaves open which of the two it is: the words decide.
    coded(336007,                           'the length of messages is wrong',              badRequest),
    coded(336007,                           'the max input characters is 20000',            contextTooLong),
    v1('v1-error-336100-busy.json',         in200,                                          overloaded),
    coded(336101,                           'Invalid HTTP method',                          badRequest),
    v1('v1-error-336103-too-long.json',     in200,                                          contextTooLong),
    coded(336104,                           'the content of system field is invalid',       badRequest),
    coded(336105,                           'the content of user_setting field is invalid', badRequest),
    coded(336117,                           'the content is not safe',                      contentFilter),
    coded(336122,                           'the content is not safe',                      contentFilter),
    v1('v1-error-336501-rpm.json',          in200,                                          rateLimitedFor(1)),
    v1('v1-error-336502-tpm.json',          in200,                                          rateLimited),
    coded(500000,                           'console internal error',                       providerFailed),
    // Mostly no error but an answer.
    v1('v1-chat-unsafe.json',               whole200,                                       endsFiltered),
    v1('v1-token-bad-ak.json',              session(200, 400, 401),                         badCredentials),
    v1('v1-token-bad-sk.json',              session(200, 400, 401),                         badCredentials),

    // V2
    v2('v2-error-400-malformed.json',                            http(400),                badRequest),
    v2(said('invalid_model', 'model is empty'),                  http(400),                badRequest),
    v2(said('invalid_argument', 'the argument is invalid'),      http(400),                badRequest),
    v2(said('invalid_messages', 'the messages are invalid'),     http(400),                badRequest),
    v2(said('invalid_plugin_argument', 'the argument is invalid'), http(400),              badRequest),
    v2(said('invalid_image_url', 'the image cannot be read'),    http(400),                badRequest),
    v2(said('invalid_image_genration_prompt', 'invalid prompt'), http(400),                badRequest),
    v2(said('invalid_image_genration_refer_image', 'invalid image'), http(400),            badRequest),
    v2(said('characters_too_long', 'Prompt characters too long'), http(400),               contextTooLong),
    v2('v2-error-400-too-long.json',                             http(400),                contextTooLong),
    v2('v2-error-401-bad-key.json',                              http(401),                badCredentials),
    v2('v2-error-401-bad-key.json',                              embeddings(401),          badCredentials),
    v2('v2-error-401-appid.json',                                http(401),                badCredentials),
    v2(said('no_parameter_permission', 'no permission', 'access_denied'), http(401),       notPermitted),
    v2('v2-error-400-model.json',                                http(400, 401),           notPermitted),
    // The wrong kind of key is a wrong key; a plan that is gone is a right that is gone. To the caller they are one.
    v2('v2-error-401-codingplan-key-on-v2.json',                 http(401, 403),           badCredentials),
    v2(said('coding_plan_api_key_required', 'a plan key is needed'), http(401, 403),       badCredentials),
    v2(said('coding_plan_not_subscribed', 'no plan'),            http(401, 403),           notPermitted),
    v2(said('coding_plan_subscription_expired', 'the plan is over'), http(401, 403),       notPermitted),
    v2(said('token_plan_person_not_subscribed', 'no plan'),      http(401, 403),           notPermitted),
    v2(said('token_plan_person_api_key_not_allowed', 'a plan key'), http(401, 403),        badCredentials),
    v2('v2-error-403-system-unsafe.json',                        http(403),                contentFilter),
    v2(said('user_setting_unsafe', 'the content is unsafe', 'unsafe_request'), http(403),  contentFilter),
    v2(said('functions_unsafe', 'the content is unsafe', 'unsafe_request'), http(403),     contentFilter),
    v2(said('image_url_unsafe', 'the content is unsafe', 'unsafe_request'), http(403),     contentFilter),
    v2(said('method_not_supported', 'use POST'),                 http(405),                badRequest),
    v2('v2-error-429-rpm.json',                                  http(429),                rateLimited),
    v2('v2-error-429-tpm.json',                                  http(429),                rateLimited),
    ...[
      'input_tpm_rate_limit_exceeded', 'output_tpm_rate_limit_exceeded', 'user_rate_limit_exceeded',
      'cluster_rpm_rate_limit_exceeded', 'cluster_tpm_rate_limit_exceeded', 'preemptible_rate_limit_exceeded',
      'Offline_batch_reasoning_refused',
    ].map((code) => v2(said(code, 'Rate limit reached', 'rate_limit_exceeded'), http(429), rateLimited)),
    v2('v2-error-429-codingplan-hour.json',                      http(429),                balanceExhausted),
    v2(said('coding_plan_week_quota_exceeded', 'week quota exceeded'), http(429),          balanceExhausted),
    v2(said('coding_plan_month_quota_exceeded', 'month quota exceeded'), http(429),        balanceExhausted),
    // The status is not known.
    v2('v2-error-quota-arrears.json',                            http(401, 402, 403, 429), balanceExhausted),
    v2(said('access_denied', '账户余额不足', 'access_denied'),   http(401, 402, 403, 429), balanceExhausted),
    v2(said('access_denied', '免费额度已用完', 'access_denied'), http(401, 402, 403, 429), freeQuotaExhausted),
    v2(said('internal_error', 'Internal error', 'internal_error'), http(500),              providerFailed),
    v2(said('dispatch_internal_error', 'Internal error'),        http(500),                providerFailed),
    v2(said('image_genration_interal_error', 'Internal error'),  http(500),                providerFailed),
    // The search service of the same host.
    v2(json({ code: 'QUOTA_USER_DAILY_FREE', message: 'used up' }), http(429),             freeQuotaExhausted),
    v2(json({ code: 'BILLING_INSUFFICIENT_BALANCE', message: 'top up' }), http(429),       balanceExhausted),
    v2(json({ code: 'RATE_LIMIT_QPS', message: 'slow down' }),   http(429),                rateLimited),
    v2(json({ code: '216003', message: 'Authentication error' }), http(401),               badCredentials),
    v2('v2-chat-content-filter.json',                            whole200,                 endsFiltered),
  ],
}

import { eventAfter, http, session, whole200 } from './arrivals.ts'
import { json, rowsOf, text, type ErrorRow, type ErrorTable } from './error-row.ts'
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
  type Outcome,
} from './outcomes.ts'

const row = rowsOf('ark')

function coded(status: number, code: string, message: string, comesTo: Outcome): ErrorRow {
  // `type` says nothing that could be relied on: it may be empty.
  return row(json({ error: { code, message, param: '', type: '' } }), http(status), comesTo)
}

function controlPlane(code: string, message: string): ReturnType<typeof json> {
  return json({ ResponseMetadata: { Action: 'GetApiKey', Error: { Code: code, Message: message } } })
}

const refusedText = 'The request failed because the text may contain sensitive information.'
const weekUsedUp = 'You have exceeded the weekly usage quota. It will reset at 2026-01-15 20:00:00 +0800 CST.'

/** Sheet of Ark, section 5. `RequestCanceled` (499) has no row: the caller is gone, and nobody is answered. */
// prettier-ignore
export const ark: ErrorTable = {
  provider: 'ark',
  rows: [
    row('error-401-bad-key.json',                  http(401),                                         badCredentials),
    row('error-401-missing-key.json',              http(401),                                         badCredentials),
    coded(401, 'InvalidAccountStatus',                         'The account is frozen.',              notPermitted),
    coded(403, 'AccessDenied',                                 'No right on the model.',              notPermitted),
    coded(403, 'AccessDenied.IPNotAllowed',                    'The address is not allowed.',         notPermitted),
    coded(403, 'OperationDenied.PermissionDenied',             'No right on the project.',            notPermitted),
    coded(403, 'OperationDenied.ServiceNotOpen',               'The service is not open.',            notPermitted),
    row('error-404-model-not-open.json',           http(404),                                         notPermitted),
    row('error-404-endpoint.json',                 http(404),                                         modelNotFound),
    coded(404, 'InvalidEndpointOrModel.ModelIDAccessDisabled', 'Use an endpoint.',                    modelNotFound),
    coded(404, 'UnsupportedModel',                             'The model is not supported.',         modelNotFound),
    row(text(''),                                  http(404),                                         modelNotFound),
    coded(400, 'InvalidEndpoint.ClosedEndpoint',               'The endpoint is closed.',             overloaded),
    row('error-403-overdue.json',                  http(403),                                         balanceExhausted),
    coded(403, 'OperationDenied.ServiceOverdue',               'The bill is overdue.',                balanceExhausted),
    // `QuotaExceeded` means three things, which only the message tells apart.
    row('error-429-free-quota-exhausted.json',     http(429),                                         freeQuotaExhausted),
    row('error-429-queue-full.json',               http(429),                                         rateLimited),
    row('error-429-plan-quota.json',               http(429),                                         balanceExhausted),
    coded(429, 'QuotaExceeded',                                weekUsedUp,                            balanceExhausted),
    coded(429, 'AccountQuotaExceeded',                         weekUsedUp,                            balanceExhausted),
    coded(429, 'QuotaExceeded.AgentPlanQuotaExceeded',         weekUsedUp,                            balanceExhausted),
    row('error-429-set-limit.json',                http(429),                                         freeQuotaExhausted),
    row('error-429-rpm-endpoint.json',             http(429),                                         rateLimited),
    coded(429, 'RateLimitExceeded.EndpointTPMExceeded',        'Too many tokens.',                    rateLimited),
    coded(429, 'ModelAccountRpmRateLimitExceeded',             'Too many requests.',                  rateLimited),
    row('error-429-tpm.json',                      http(429),                                         rateLimited),
    coded(429, 'ModelAccountIpmRateLimitExceeded',             'Too many pictures.',                  rateLimited),
    coded(429, 'APIAccountRpmRateLimitExceeded',               'Too many requests.',                  rateLimited),
    coded(429, 'AccountRateLimitExceeded',                     'Too many requests.',                  rateLimited),
    row('error-429-overloaded.json',               http(429),                                         overloaded),
    coded(429, 'RequestBurstTooFast',                          'Traffic rose too fast.',              overloaded),
    coded(429, 'InflightBatchsizeExceeded',                    'Too many at once.',                   rateLimited),
    row('error-400-too-long.json',                 http(400),                                         contextTooLong),
    coded(400, 'InvalidParameter',                             'The input length exceeds the limit.', contextTooLong),
    row('error-400-content-input.json',            http(400),                                         contentFilter),
    row('error-400-content-input-empty-type.json', http(400),                                         contentFilter),
    row('error-400-content-output.json',           http(400),                                         contentFilter),
    ...[
      'SensitiveContentDetected', 'SensitiveContentDetected.SevereViolation', 'SensitiveContentDetected.Violence',
      'InputImageSensitiveContentDetected', 'OutputVideoSensitiveContentDetected.PolicyViolation',
      'InputAudioSensitiveContentDetected.PrivacyInformation', 'InputTextRiskDetection',
    ].map((code) => coded(400, code, refusedText, contentFilter)),
    coded(400, 'ContentSecurityDetectionError',                'The check itself failed.',            overloaded),
    coded(400, 'MissingParameter.messages',                    'messages is missing.',                badRequest),
    row('error-400-parameter.json',                http(400),                                         badRequest),
    coded(400, 'InvalidArgumentError.UnknownRole',             'No such role.',                       badRequest),
    coded(400, 'InvalidImageURL.EmptyURL',                     'The picture has no address.',         badRequest),
    coded(400, 'InvalidSubscription',                          'No coding plan.',                     notPermitted),
    coded(403, 'InvalidSubscription',                          'No coding plan.',                     notPermitted),
    coded(424, 'UpstreamUnavailable',                          'The hosted model is down.',           providerFailed),
    row('error-500.json',                          http(500),                                         providerFailed),
    row('stream-error-mid.sse.txt',                eventAfter('从前有座'),                            contentFilter),
    row('stream-cut-no-done.sse.txt',              eventAfter('从前有座'),                            providerFailed),
    row('chat-content-filter.json',                whole200,                                          endsFiltered),

    // GetApiKey, section 4: its codes are not published.
    row('getapikey-error.json', session(401), badCredentials),
    row(controlPlane('APIAccountRpmRateLimitExceeded', 'Slow down.'), session(429), rateLimited),
    row(controlPlane('AccessDenied', 'The user has no right to do this.'), session(403), notPermitted),
  ],
}

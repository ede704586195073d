import type { ErrorRule } from '../wire/error-rules.ts'

/**
 * Ark's codes (provider sheet of Ark, section 5; volcengine.com/docs/82379/1299023). Status 429 and the type
 * TooManyRequests cover throttling and exhausted quotas alike, and `QuotaExceeded` has three meanings that only the
 * message tells apart.
 */
export const arkErrorRules: readonly ErrorRule[] = [
  { kind: 'free_quota_exhausted', code: 'QuotaExceeded', message: /free trial/i },
  { kind: 'balance_exhausted', code: 'QuotaExceeded', message: /usage quota|reset at/i },
  { kind: 'rate_limited', code: 'QuotaExceeded' },
  { kind: 'balance_exhausted', code: /^(AccountQuotaExceeded|QuotaExceeded\..+)$/ },
  // The user's own cap, or "safe experience mode": the model is paused so that nothing is billed.
  { kind: 'free_quota_exhausted', code: 'SetLimitExceeded' },
  { kind: 'balance_exhausted', code: /^(AccountOverdueError|OperationDenied\.ServiceOverdue)$/ },
  { kind: 'invalid_credentials', code: 'AuthenticationError' },
  {
    kind: 'permission_denied',
    code: /^(InvalidAccountStatus|AccessDenied(\..+)?|OperationDenied(\..+)?|ModelNotOpen|InvalidSubscription)$/,
  },
  { kind: 'model_not_found', code: /^(InvalidEndpointOrModel(\..+)?|UnsupportedModel)$/ },
  { kind: 'overloaded', code: /^(ServerOverloaded|RequestBurstTooFast|InvalidEndpoint\.ClosedEndpoint)$/ },
  // The filter itself failed, which says nothing about the content: a service that is away for the moment.
  { kind: 'overloaded', code: 'ContentSecurityDetectionError' },
  { kind: 'upstream_error', code: /^(UpstreamUnavailable|InternalServiceError)$/ },
  { kind: 'content_filter', code: /SensitiveContentDetected|RiskDetection/ },
  { kind: 'context_length_exceeded', code: 'OutofContextError' },
  {
    kind: 'context_length_exceeded',
    code: /^InvalidParameter/,
    message: /(input|context|prompt)[^.]*(length|too long|exceed)/i,
  },
  { kind: 'rate_limited', code: /RateLimitExceeded|^InflightBatchsizeExceeded$/ },
  {
    kind: 'invalid_request',
    code: /^(MissingParameter|InvalidParameter|InvalidArgumentError|InvalidImageURL)/,
  },
]

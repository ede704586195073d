import type { ErrorRule } from './error-rules.ts'

/**
 * DashScope's codes, native and compatible, because the compatible ones wrap the native ones (provider sheet of Tongyi, section 7;
 * help.aliyun.com/zh/model-studio/error-code). Two traps: `insufficient_quota` is tokens per minute here, not the
 * balance, unless the message says "free allocated"; and `AccessDenied` may mean that a free quota is gone.
 */
export const dashScopeErrorRules: readonly ErrorRule[] = [
  { kind: 'free_quota_exhausted', code: 'AllocationQuota.FreeTierOnly' },
  { kind: 'free_quota_exhausted', message: /free allocated quota exceeded|free (tier|quota)[^.]*exhausted/i },
  { kind: 'free_quota_exhausted', code: /^(AccessDenied|access_denied)$/, message: /quota/i },
  {
    kind: 'balance_exhausted',
    code: /^(Arrearage|BudgetLimitExceeded|PrepaidBillOverdue|PostpaidBillOverdue|CommodityNotPurchased)$/,
  },
  {
    kind: 'rate_limited',
    code: /^(Throttling(\..+)?|insufficient_quota|LimitRequests|limit_requests|limit_burst_rate)$/,
  },
  { kind: 'invalid_credentials', code: /^(InvalidApiKey|invalid_api_key)$/ },
  { kind: 'invalid_credentials', message: /invalid access token or token expired/i },
  {
    kind: 'permission_denied',
    code: /^(AccessDenied(\..+)?|access_denied|(Workspace|App|Model)\.AccessDenied|NOT AUTHORIZED)$/,
  },
  {
    kind: 'content_filter',
    code: /^((InternalError\.Algo\.)?DataInspectionFailed|data_inspection_failed|IPInfringementSuspect|FaqRuleBlocked|CustomRoleBlocked)$/,
  },
  { kind: 'content_filter', message: /InternalError\.Algo\.DataInspectionFailed/ },
  { kind: 'context_length_exceeded', message: /Range of input length should be/ },
  // The model is served at another path: text and multimodal generation are two (agentscope-ai/agentscope issue 1295).
  { kind: 'model_not_found', message: /url error, please check url/i },
  { kind: 'model_not_found', code: /^(ModelNotFound|model_not_found|model_not_supported)$/ },
  {
    kind: 'invalid_request',
    code: /^((InternalError\.Algo\.)?InvalidParameter|invalid_parameter_error|BadRequest\.TooLarge)$/,
  },
  { kind: 'timeout', code: /^(RequestTimeOut|InternalError\.Timeout)$/ },
  { kind: 'overloaded', code: /^(ModelServingError|ModelUnavailable|ServiceUnavailable)$/ },
  {
    kind: 'upstream_error',
    code: /^(InternalError(\..+)?|internal_error|SystemError|ModelServiceFailed|APIConnectionError)$/,
  },
]

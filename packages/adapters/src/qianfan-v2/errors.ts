import type { ErrorRule } from '../wire/error-rules.ts'

/**
 * Qianfan V2's codes (provider sheet; vendor table at ai.baidu.com/ai-doc/AppBuilder/4m8sgh88y, codes of the plans
 * from public client code). The same status means different things: 429 is a rate limit or the end of a plan, 401
 * a bad key or a model that is not opened. So the code decides, and `type` is hardly looked at.
 */
export const qianfanErrorRules: readonly ErrorRule[] = [
  // `system_unsafe`, `user_setting_unsafe`, `functions_unsafe`, `image_url_unsafe`.
  { kind: 'content_filter', code: /_unsafe$/ },
  { kind: 'context_length_exceeded', code: /^(characters|tokens)_too_long$/ },

  // A plan is paid for in advance; its hourly part ends like its monthly one, by our doing nothing but waiting.
  { kind: 'balance_exhausted', code: /^(coding|token)_plan_\w*quota_exceeded$/ },
  { kind: 'permission_denied', code: /^(coding|token)_plan_\w*(not_subscribed|subscription_expired)$/ },
  // The rest of them say that a key of a plan meets the normal endpoint, or the other way round.
  { kind: 'invalid_credentials', code: /^(coding|token)_plan_/ },

  { kind: 'invalid_credentials', code: /^invalid_(iam_token|appid)$/ },
  { kind: 'permission_denied', code: 'no_parameter_permission' },
  { kind: 'permission_denied', code: 'invalid_model', message: /permission/i },
  { kind: 'invalid_request', code: 'invalid_model', message: /empty/i },
  { kind: 'model_not_found', code: 'invalid_model' },

  // No source shows what the end of the free tokens or of the money looks like: words, wherever they stand.
  { kind: 'free_quota_exhausted', code: /daily_free|free_quota/i },
  { kind: 'free_quota_exhausted', message: /free (quota|tokens?|package)|免费(额度|资源包|量|试用)/i },
  // Without postpaid billing the end of a free quota is expected to read like arrears (sheet, section 8).
  { kind: 'balance_exhausted', code: /overdue|arrears|balance|billing/i, mayMeanFreeQuota: true },
  {
    kind: 'balance_exhausted',
    message: /overdue|arrears|insufficient balance|欠费|余额不足/i,
    mayMeanFreeQuota: true,
  },

  { kind: 'rate_limited', code: /rate_limit/i },
  { kind: 'rate_limited', code: 'Offline_batch_reasoning_refused' },

  { kind: 'upstream_error', code: /internal_error$|interal_error$/ },
  { kind: 'invalid_request', code: /^(malformed_json|invalid_\w+|method_not_supported)$/, status: 400 },
]

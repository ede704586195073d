import type { ProviderErrorKind } from '../contract/index.ts'

/**
 * One line of a platform's error table. All conditions that are given must hold. Rules are tried in order, the
 * platform's before the common ones, so put "code and message" before "code alone".
 */
export interface ErrorRule {
  readonly kind: ProviderErrorKind
  /** The code or the type equals it, or matches it. Numeric codes are compared as text. */
  readonly code?: string | RegExp
  /** Searched in the message as the platform sent it, before prefixes are removed. */
  readonly message?: RegExp
  readonly status?: number
  /** When to try again, where the rule knows it and the answer does not say (a quota of the day, in milliseconds). */
  readonly retryAfterMs?: (nowMs: number) => number
  /** The same answer ends a free quota, see `ProviderError.mayMeanFreeQuota`. */
  readonly mayMeanFreeQuota?: true
}

/** What a platform said, in whichever form it said it. */
export interface RawError {
  readonly status: number
  readonly code: string | undefined
  readonly type: string | undefined
  readonly message: string
}

/** The rule that holds: the platform's, a common one, or what the status alone says. */
export function ruleFor(error: RawError, rules: readonly ErrorRule[]): ErrorRule {
  return findRule(error, rules) ?? findRule(error, commonRules) ?? { kind: kindOfStatus(error.status) }
}

function findRule(error: RawError, rules: readonly ErrorRule[]): ErrorRule | undefined {
  return rules.find(
    (rule) =>
      (rule.status === undefined || rule.status === error.status) &&
      (rule.code === undefined || says(error.code, rule.code) || says(error.type, rule.code)) &&
      (rule.message === undefined || rule.message.test(error.message)),
  )
}

function says(value: string | undefined, pattern: string | RegExp): boolean {
  if (value === undefined) return false
  return typeof pattern === 'string' ? value === pattern : pattern.test(value)
}

/**
 * Signs that mean the same wherever they appear (provider sheet of OpenAI-compatible upstreams, section 7). Codes
 * before messages; what the prompt or the content did before what the account did, because 400 covers both.
 */
const commonRules: readonly ErrorRule[] = [
  {
    kind: 'context_length_exceeded',
    code: /^(context_length_exceeded|exceed_context_size_error|string_above_max_length)$/,
  },
  {
    kind: 'content_filter',
    code: /^(content_filter|content_policy_violation|data_inspection_failed|DataInspectionFailed)$/,
  },
  {
    kind: 'invalid_credentials',
    code: /^(invalid_api_key|authentication_error|incorrect_api_key|invalid_authentication_error)$/,
  },
  { kind: 'model_not_found', code: /^(model_not_found|model_not_supported|model_not_exist)$/ },
  {
    kind: 'balance_exhausted',
    code: /^(insufficient_quota|exceeded_current_quota_error|insufficient_balance|billing_not_active)$/,
  },
  {
    kind: 'rate_limited',
    code: /^(rate_limit_exceeded|rate_limit_error|rate_limit_reached_error|engine_overloaded_error|too_many_requests)$/,
  },
  {
    kind: 'overloaded',
    code: /^(overloaded_error|server_overloaded|unavailable_error)$/,
  },
  { kind: 'permission_denied', code: /^(permission_error|permission_denied|access_denied)$/ },
  {
    kind: 'context_length_exceeded',
    message:
      /maximum context length|context length is only|available context size|context window|Range of input length should be|prompt is too long|input is too long|exceeds? the (maximum|max) (number of tokens|input length)/i,
  },
  {
    kind: 'balance_exhausted',
    message:
      /insufficient (account )?balance|balance is (insufficient|not enough)|account is in arrears|余额不足|欠费/i,
  },
  {
    kind: 'model_not_found',
    message: /model[^.]{0,80}(does not exist|not found|not exist)|not found, try pulling it/i,
  },
  {
    kind: 'invalid_credentials',
    message: /^(Authentication Fails|Invalid token|Incorrect API key|Invalid API[- ]key)/i,
  },
  { kind: 'overloaded', message: /^Loading model/ },
]

function kindOfStatus(status: number): ProviderErrorKind {
  switch (status) {
    case 401:
      return 'invalid_credentials'
    case 402:
      return 'balance_exhausted'
    case 403:
      return 'permission_denied'
    case 404:
      return 'model_not_found'
    case 408:
    case 504:
      return 'timeout'
    case 429:
      return 'rate_limited'
    case 451:
      return 'content_filter'
    case 503:
    case 529:
      return 'overloaded'
    default:
      return status >= 400 && status < 500 ? 'invalid_request' : 'upstream_error'
  }
}

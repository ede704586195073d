import type { ErrorRule } from '../wire/error-rules.ts'

/**
 * TokenHub's table (provider sheet; vendor page 1823/131595). The type `permission_error` covers both 402, where
 * something is used up, and 403, where something is not allowed: status and code decide, never the type. An error
 * inside a stream has no status of its own, therefore the codes stand beside the statuses.
 */
export const tokenhubErrorRules: readonly ErrorRule[] = [
  { kind: 'free_quota_exhausted', message: /FREE_QUOTA_EXHAUSTED/i },
  { kind: 'balance_exhausted', status: 402 },
  { kind: 'balance_exhausted', code: /^(401007|401008|403004)$/ },
  { kind: 'content_filter', code: /^(451\d{3}|content_filter_error)$/ },
  { kind: 'content_filter', status: 451 },
  { kind: 'rate_limited', code: /^(429\d{3}|rate_limit_error)$/ },
  { kind: 'invalid_credentials', code: /^(401\d{3}|authentication_error)$/ },
  { kind: 'permission_denied', code: /^(403\d{3}|not_authorized)$/ },
  // No code of its own is known for a prompt that is too long.
  {
    kind: 'context_length_exceeded',
    code: 'invalid_request_error',
    message: /(input|prompt|context)[^.]{0,40}(length|long)[^.]{0,40}(exceed|limit)|too long/i,
  },
  {
    kind: 'model_not_found',
    code: 'invalid_request_error',
    message: /model[^.]{0,60}(not (exist|found)|unknown|offline|unsupported)/i,
  },
  { kind: 'invalid_request', code: /^(400\d{3}|invalid_request_error)$/ },
  { kind: 'upstream_error', code: /^(50\d{4}|upstream_error)$/ },
]

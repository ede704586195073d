import type { ErrorRule } from '../wire/error-rules.ts'

/**
 * Baichuan's slugs stand in `code`, in `type`, or only in the message, depending on the endpoint (provider sheet, from
 * vendor pages of 2023-24 and client code). 429 is both "slower" and "no money left"; the balance comes first,
 * because waiting does not cure it. The gift of the sign-up is money too, so its end reads as the balance's.
 */
export const baichuanErrorRules: readonly ErrorRule[] = [
  { kind: 'invalid_credentials', code: /^(invalid_api_key|invalid_authentication|api_key_empty)$/ },
  { kind: 'invalid_credentials', message: /^(Incorrect API key|Invalid Authentication)/i },
  { kind: 'balance_exhausted', code: 'insufficient_quota', mayMeanFreeQuota: true },
  { kind: 'balance_exhausted', message: /balance|recharge|余额|充值/i, mayMeanFreeQuota: true },
  { kind: 'rate_limited', code: /^rate_limit/ },
  { kind: 'rate_limited', message: /rate limit/i },
  { kind: 'content_filter', code: /content_filter|sensitive/ },
  {
    kind: 'context_length_exceeded',
    code: 'invalid_request_error',
    message: /context length|too long|tokens? exceed|exceeds?[^.]{0,40}(tokens|length)/i,
  },
  { kind: 'model_not_found', code: 'invalid_request_error', message: /model[^.]{0,60}not (exist|found)/i },
  { kind: 'invalid_request', code: 'invalid_request_error' },
  { kind: 'upstream_error', code: /^internal_(server_)?error$/ },
]

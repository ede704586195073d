import type { ErrorRule } from '../wire/error-rules.ts'

/**
 * Statuses and messages decide: nearly every error has the code `invalid_request_error`, a wrong key and an empty balance
 * among them (provider sheet of OpenAI-compatible upstreams, section 7; api-docs.deepseek.com/quick_start/error_codes).
 */
export const deepseekErrorRules: readonly ErrorRule[] = [
  // An account with little money may ask less at once, and the message is about topping up: waiting helps all the same.
  { kind: 'rate_limited', status: 429 },
  // The balance has a granted part, and there is one answer for the end of both.
  { kind: 'balance_exhausted', status: 402, mayMeanFreeQuota: true },
  { kind: 'balance_exhausted', message: /^Insufficient Balance/i, mayMeanFreeQuota: true },
  { kind: 'content_filter', message: /^Content Exists Risk/i },
  { kind: 'model_not_found', message: /^(Model Not Exist|The supported API model names are)/i },
]

import type { ErrorRule } from '../wire/error-rules.ts'
import { untilMidnightInChinaMs } from '../wire/until-midnight.ts'

/**
 * ModelScope forwards to several backends, so only messages are reliable (provider sheet of ModelScope, section 5).
 * The message of the daily limit names the model, the one of a short throttle does not: that is the only safe
 * difference between the two. Quotas begin anew at midnight.
 */
export const modelscopeErrorRules: readonly ErrorRule[] = [
  { kind: 'free_quota_exhausted', message: /exceeded today's quota/i, retryAfterMs: untilMidnightInChinaMs },
  // The wording when the day's magicubes run out is not known; these are the words it would use.
  { kind: 'free_quota_exhausted', message: /magicube|魔粒/i, retryAfterMs: untilMidnightInChinaMs },
  { kind: 'free_quota_exhausted', message: /free allocated quota exceeded/i },
  { kind: 'model_not_found', message: /has no provider supported|insufficient balance \(1008\)/i },
  { kind: 'rate_limited', code: 'insufficient_quota' },
  { kind: 'permission_denied', message: /bind your Alibaba Cloud account/i },
  { kind: 'invalid_credentials', message: /valid ModelScope token/i },
]

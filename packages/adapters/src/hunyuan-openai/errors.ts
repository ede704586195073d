import type { ErrorRule } from '../wire/error-rules.ts'

/**
 * Hunyuan's OpenAI endpoint. One code is known from logs: `2003`, the rate limit, **with HTTP 400**. For everything
 * else the words decide (those of the vendor's SDK table; the codes in front of them are not verified), and the
 * native codes should the endpoint ever let them through.
 */
export const hunyuanErrorRules: readonly ErrorRule[] = [
  { kind: 'rate_limited', code: '2003' },
  { kind: 'rate_limited', code: /LimitExceeded$/ },
  { kind: 'free_quota_exhausted', code: /FreeResourcePackExhausted$/ },
  { kind: 'balance_exhausted', code: /(ResourcePackExhausted|ChargeResourceExhaust|Arrears|LowBalance)$/ },
  { kind: 'permission_denied', code: /(ServiceNotActivated|ServiceStop|StopUsing|UserUnAuthError)$/ },
  { kind: 'content_filter', code: /IllegalDetected$/ },
  { kind: 'model_not_found', code: /InvalidParameterValue\.Model$/ },

  { kind: 'content_filter', message: /违法|违规|审核|敏感|moderation|sensitive/i },
  { kind: 'balance_exhausted', message: /欠费|余额|arrears/i },
  // The pack of the sign-up gift and a bought one read alike here; the narrower meaning costs the account less.
  { kind: 'free_quota_exhausted', message: /资源包|余量|免费额度|resource pack/i },
  { kind: 'rate_limited', message: /限频|频率|并发|rate limit|too many requests|concurrency/i },
  { kind: 'permission_denied', message: /未开通|未授权|not activated|实名/i },
  { kind: 'invalid_credentials', message: /api[ _-]?key/i },
  // The platform normally cuts what is too long instead of refusing it.
  { kind: 'context_length_exceeded', message: /too long|过长|超长/i },
]

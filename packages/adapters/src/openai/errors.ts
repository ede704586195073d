import type { ErrorRule } from '../wire/error-rules.ts'

/**
 * Vendors that are reached through the generic protocol (provider sheet of OpenAI-compatible upstreams, section 7).
 * Their codes do not collide: Zhipu's are four digits (open.bigmodel.cn, error page), SiliconFlow's five.
 */
export const openaiErrorRules: readonly ErrorRule[] = [
  // Zhipu
  { kind: 'invalid_credentials', code: /^100[0-4]$/ },
  { kind: 'balance_exhausted', code: /^(1113|1308)$/ },
  { kind: 'rate_limited', code: /^(1302|1305)$/ },
  { kind: 'model_not_found', code: '1211' },
  { kind: 'context_length_exceeded', code: '1261' },
  { kind: 'content_filter', code: '1301' },
  // SiliconFlow
  { kind: 'balance_exhausted', code: '30001' },
  { kind: 'model_not_found', code: '20012' },
  // Moonshot has no codes, its types are in the common table.
  { kind: 'content_filter', message: /considered high risk/i },
]

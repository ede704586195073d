import type { ErrorRule } from '../wire/error-rules.ts'

const usedUp = /用(完|尽)|余量|超限|超过|不足|used up|exhausted|over (the )?limit|exceed/i

/**
 * Spark's codes (provider sheet; vendor pages Web.html and 接口说明.html, meaning of the moderation codes from
 * iFLYTEK-OP/websdk-java `doc/spark/maasapi.md`). The HTTP status that comes with a code is not documented, 4xx and
 * 500 were seen for the same one: code and words decide, the status only where there is neither.
 */
export const sparkErrorRules: readonly ErrorRule[] = [
  // Input, then output and pictures.
  { kind: 'content_filter', code: /^(10013|10021|10014|10022|10019)$/ },
  { kind: 'context_length_exceeded', code: '10907' },
  { kind: 'model_not_found', code: '10404' },
  { kind: 'invalid_request', code: /^(10003|10004|10005|10163)$/ },
  // One request per user id at a time; requests, tokens and connections per time, and per day.
  { kind: 'rate_limited', code: /^(10006|10007|11201|11202|11203)$/ },
  { kind: 'overloaded', code: /^(10008|10110)$/ },
  { kind: 'permission_denied', code: '10015' },

  // One code for "not opened", "used up" and "too many at once"; 11200 is the same without the last.
  { kind: 'rate_limited', code: '10016', message: /并发|concurren/i },
  { kind: 'free_quota_exhausted', code: /^(10016|11200)$/, message: usedUp },
  { kind: 'permission_denied', code: /^(10016|11200)$/ },
  { kind: 'permission_denied', message: /AppIdNoAuth|licc/i },

  { kind: 'rate_limited', message: /AppIdQpsOverFlow/i },
  { kind: 'invalid_credentials', message: /^(invalid user|Unauthorized)|HMAC signature/i },
  // The fine-tuning service answers 429 for both.
  { kind: 'balance_exhausted', message: /exceeded (your )?current quota/i },
  { kind: 'upstream_error', code: /^1\d{4}$/ },
]

import type { ProviderErrorKind } from '@tollgate/adapters/contract'

/** The answer to the caller; after text was sent, `type` and `code` of the event that ends the stream. */
export interface Refused {
  readonly kind: ProviderErrorKind
  readonly status: number
  readonly type: string
  readonly code: string
  /** `x-should-retry`. */
  readonly retry: boolean
  /** `Retry-After`, where there is one. */
  readonly waitS?: number
}

/** No error at all: an answer that ends like this. */
export interface Answered {
  readonly finishReason: string
}

export type Outcome = Refused | Answered

// The caller's own doing: no other provider would answer otherwise.
const callersFault = { status: 400, type: 'invalid_request_error', retry: false } as const
export const badRequest: Refused = { kind: 'invalid_request', ...callersFault, code: 'invalid_request_error' }
export const contextTooLong: Refused = {
  kind: 'context_length_exceeded',
  ...callersFault,
  code: 'context_length_exceeded',
}
export const contentFilter: Refused = { kind: 'content_filter', ...callersFault, code: 'content_filter' }
export const modelNotFound: Refused = {
  kind: 'model_not_found',
  ...callersFault,
  status: 404,
  code: 'model_not_found',
}

// What an administrator must mend, at the provider or in the account.
const accountsFault = { status: 502, type: 'api_error', code: 'upstream_error', retry: false } as const
export const badCredentials: Refused = { kind: 'invalid_credentials', ...accountsFault }
export const notPermitted: Refused = { kind: 'permission_denied', ...accountsFault }

const usedUp = { status: 429, type: 'insufficient_quota', code: 'insufficient_quota', retry: false } as const
export const balanceExhausted: Refused = { kind: 'balance_exhausted', ...usedUp }
export const freeQuotaExhausted: Refused = { kind: 'free_quota_exhausted', ...usedUp }

// What passes by itself.
const passes = { type: 'api_error', retry: true } as const
export const overloaded: Refused = {
  kind: 'overloaded',
  ...passes,
  status: 503,
  code: 'overloaded',
  waitS: 1,
}
export const timedOut: Refused = { kind: 'timeout', ...passes, status: 504, code: 'upstream_timeout' }
export const providerFailed: Refused = {
  kind: 'upstream_error',
  ...passes,
  status: 502,
  code: 'upstream_error',
}
export const rateLimited: Refused = rateLimitedFor(1)

/** The provider says, or its table knows, for how long. */
export function rateLimitedFor(waitS: number): Refused {
  return {
    kind: 'rate_limited',
    status: 429,
    type: 'rate_limit_error',
    code: 'rate_limit_exceeded',
    retry: true,
    waitS,
  }
}

export const endsFiltered: Answered = { finishReason: 'content_filter' }
export const endsWell: Answered = { finishReason: 'stop' }

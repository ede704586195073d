/**
 * Why a provider did not serve a request, in our own words. Every adapter maps its platform's codes to these;
 * nothing above the adapters ever looks at a provider's code.
 *
 * | kind | meaning | what the gateway does |
 * | --- | --- | --- |
 * | `invalid_request` | the caller's request is wrong | 400 to the caller, no failover |
 * | `context_length_exceeded` | the prompt is too long for the model | 400, no failover |
 * | `content_filter` | the platform's moderation refused input or output | 400, no failover |
 * | `model_not_found` | unknown, retired or not served upstream model | next offering, else 404 |
 * | `invalid_credentials` | key wrong, expired, of another region or plan | next offering, else 502; the account is marked |
 * | `permission_denied` | service or model not opened, address not allowed | next offering, else 502; the account is marked |
 * | `rate_limited` | requests, tokens or concurrency per time | next offering, retry later |
 * | `free_quota_exhausted` | a free grant is used up and the platform stops | next offering; the grant is empty |
 * | `balance_exhausted` | money, a paid package or its part of the day is used up, arrears | next offering; the account is marked |
 * | `overloaded` | the platform has no capacity right now | next offering, retry |
 * | `timeout` | the platform gave up, or went silent | next offering |
 * | `upstream_error` | any other fault of the platform, or an answer that makes no sense | next offering |
 * | `unreachable` | no connection: refused, DNS, TLS | next offering |
 */
export type ProviderErrorKind =
  | 'invalid_request'
  | 'context_length_exceeded'
  | 'content_filter'
  | 'model_not_found'
  | 'invalid_credentials'
  | 'permission_denied'
  | 'rate_limited'
  | 'free_quota_exhausted'
  | 'balance_exhausted'
  | 'overloaded'
  | 'timeout'
  | 'upstream_error'
  | 'unreachable'

export interface ProviderErrorDetails {
  /** For people. The platform's own message, without its prefixes, request ids and secrets. */
  readonly message: string
  /** HTTP status of the upstream answer, when there was one. */
  readonly status?: number
  /** The platform's own code as a string, for the record and for support tickets. */
  readonly upstreamCode?: string
  /** The request field the platform complained about. */
  readonly param?: string
  /** How long the platform asks to wait, in milliseconds. */
  readonly retryAfterMs?: number
  /** See `ProviderError.mayMeanFreeQuota`. */
  readonly mayMeanFreeQuota?: boolean
  /** See `ProviderError.concluded`. */
  readonly concluded?: boolean
}

/** A provider's refusal or failure. Thrown never, returned by readers: an expected outcome. */
export class ProviderError extends Error {
  readonly kind: ProviderErrorKind
  readonly status: number | undefined
  readonly upstreamCode: string | undefined
  readonly param: string | undefined
  readonly retryAfterMs: number | undefined
  /**
   * The platform gives this same answer when a free quota is used up, for want of one of its own: no balance, where the
   * gift was part of it (Baichuan), or "not opened or used up" (Spark). `kind` is the other of its meanings.
   */
  readonly mayMeanFreeQuota: boolean
  /**
   * No platform said so: it was concluded from what came, or did not come (an answer that cannot be read, that is empty,
   * that breaks off). It may have been written in full, and be billed, while who says that it failed has taken nothing.
   */
  readonly concluded: boolean

  constructor(kind: ProviderErrorKind, details: ProviderErrorDetails) {
    super(details.message)
    this.name = 'ProviderError'
    this.kind = kind
    this.status = details.status
    this.upstreamCode = details.upstreamCode
    this.param = details.param
    this.retryAfterMs = details.retryAfterMs
    this.mayMeanFreeQuota = details.mayMeanFreeQuota === true
    this.concluded = details.concluded === true
  }

  /** Whether another offering may succeed where this one failed: not when the request itself is at fault. */
  get failsOver(): boolean {
    return (
      this.kind !== 'invalid_request' &&
      this.kind !== 'context_length_exceeded' &&
      this.kind !== 'content_filter'
    )
  }
}

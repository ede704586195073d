/** Codes of the gateway's contract. `error-table.ts` turns each into a status and a type. */
export type GatewayErrorCode =
  | 'invalid_request_error'
  | 'context_length_exceeded'
  | 'content_filter'
  | 'invalid_api_key'
  | 'model_not_allowed'
  | 'ip_not_allowed'
  | 'model_not_found'
  | 'not_found'
  | 'request_too_large'
  | 'rate_limit_exceeded'
  | 'insufficient_quota'
  | 'upstream_error'
  /** Only an administrator can mend it: the provider does not take our credentials, or does not let them do this. */
  | 'account_unusable'
  | 'overloaded'
  | 'upstream_timeout'
  | 'journal_unavailable'
  | 'counters_unavailable'
  | 'internal_error'

export interface GatewayErrorOptions {
  /** The request field at fault. */
  readonly param?: string
  /** How long to wait before it can work, milliseconds. */
  readonly retryAfterMs?: number
}

/** An answer to the caller other than a completion. `message` says what to do next and holds no secret. */
export class GatewayError extends Error {
  readonly code: GatewayErrorCode
  readonly param: string | undefined
  readonly retryAfterMs: number | undefined

  constructor(code: GatewayErrorCode, message: string, options: GatewayErrorOptions = {}) {
    super(message)
    this.name = 'GatewayError'
    this.code = code
    this.param = options.param
    this.retryAfterMs = options.retryAfterMs
  }
}

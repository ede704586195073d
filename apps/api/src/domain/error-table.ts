import type { GatewayErrorCode, GatewayError } from './errors.ts'

interface ErrorRow {
  readonly status: number
  /** OpenAI's `type`. */
  readonly type: string
  /** OpenAI's `code`, where it is not the key of the row. */
  readonly code?: string
  /** `x-should-retry`: read by the official clients before they look at the status. */
  readonly retry: boolean
}

/** The one table that turns codes into HTTP; part of the contract of the service. */
const rows: Readonly<Record<GatewayErrorCode, ErrorRow>> = {
  invalid_request_error: { status: 400, type: 'invalid_request_error', retry: false },
  context_length_exceeded: { status: 400, type: 'invalid_request_error', retry: false },
  content_filter: { status: 400, type: 'invalid_request_error', retry: false },
  invalid_api_key: { status: 401, type: 'authentication_error', retry: false },
  model_not_allowed: { status: 403, type: 'permission_error', retry: false },
  ip_not_allowed: { status: 403, type: 'permission_error', retry: false },
  model_not_found: { status: 404, type: 'invalid_request_error', retry: false },
  not_found: { status: 404, type: 'invalid_request_error', retry: false },
  request_too_large: { status: 413, type: 'invalid_request_error', retry: false },
  rate_limit_exceeded: { status: 429, type: 'rate_limit_error', retry: true },
  insufficient_quota: { status: 429, type: 'insufficient_quota', retry: false },
  upstream_error: { status: 502, type: 'api_error', retry: true },
  account_unusable: { status: 502, type: 'api_error', code: 'upstream_error', retry: false },
  overloaded: { status: 503, type: 'api_error', retry: true },
  journal_unavailable: { status: 503, type: 'api_error', code: 'overloaded', retry: true },
  counters_unavailable: { status: 503, type: 'api_error', code: 'overloaded', retry: true },
  upstream_timeout: { status: 504, type: 'api_error', retry: true },
  internal_error: { status: 500, type: 'api_error', retry: false },
}

export function statusOf(code: GatewayErrorCode): number {
  return rows[code].status
}

/** Whether sending the same request again may help. */
export function isRetriable({ code }: GatewayError): boolean {
  return rows[code].retry
}

/** What OpenAI's clients read before they look at the body. */
export function errorHeaders(error: GatewayError): Readonly<Record<string, string>> {
  const { retryAfterMs } = error
  const retry = { 'x-should-retry': String(isRetriable(error)) }
  if (retryAfterMs === undefined) return retry
  return {
    ...retry,
    'retry-after': String(Math.ceil(retryAfterMs / 1000)),
    'retry-after-ms': String(Math.ceil(retryAfterMs)),
  }
}

/** OpenAI's error body. */
export function errorBody(error: GatewayError): {
  error: { message: string; type: string; param: string | null; code: string }
} {
  const row = rows[error.code]
  return {
    error: {
      message: error.message,
      type: row.type,
      param: error.param ?? null,
      code: row.code ?? error.code,
    },
  }
}

/** The last event of a stream that fails after it has begun: no `[DONE]` follows. */
export function errorEvent(error: GatewayError): string {
  return `data: ${JSON.stringify(errorBody(error))}\n\n`
}

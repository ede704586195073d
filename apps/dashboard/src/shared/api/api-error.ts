export interface ErrorDetail {
  /** Where in the body the fault is, e.g. `credentials.apiKey`; empty for the body as a whole. */
  readonly path: string
  readonly message: string
}

/** A refusal of the dashboard API, or of the network in front of it. Codes are those of the API's error body. */
export class ApiError extends Error {
  /** HTTP status; 0 when no answer came. */
  readonly status: number
  readonly code: string
  readonly details: readonly ErrorDetail[]

  constructor(status: number, code: string, message: string, details: readonly ErrorDetail[] = []) {
    super(message)
    this.name = 'ApiError'
    this.status = status
    this.code = code
    this.details = details
  }
}

/**
 * Reads `{ error: { code, message, details } }`. Routes of the sign-in carry better-auth's own code beside it,
 * which says more (`INVALID_PASSWORD`) than the general one.
 */
export function toApiError(status: number, body: unknown): ApiError {
  if (!isRecord(body)) return new ApiError(status, codeOf(status), '')
  const error = isRecord(body['error']) ? body['error'] : body
  const code = body['code'] ?? error['code']
  const { message, details } = error
  return new ApiError(
    status,
    typeof code === 'string' ? code.toLowerCase() : codeOf(status),
    typeof message === 'string' ? message : '',
    Array.isArray(details) ? details.filter(isDetail) : [],
  )
}

/** Messages by field for a form: `quotas.0.limit` belongs to `limit`, `allowedIps.0` to `allowedIps`. */
export function fieldErrors(error: unknown): ReadonlyMap<string, string> {
  const fields = new Map<string, string>()
  if (!(error instanceof ApiError)) return fields
  for (const { path, message } of error.details) {
    fields.set(path.split('.').findLast((part) => !/^\d+$/.test(part)) ?? '', message)
  }
  return fields
}

/** What to call a status whose body says nothing, e.g. one from a proxy in front of the service. */
function codeOf(status: number): string {
  if (status === 401) return 'unauthorized'
  if (status === 403) return 'forbidden'
  if (status === 404) return 'not_found'
  if (status === 429) return 'rate_limited'
  return status >= 500 ? 'unavailable' : 'invalid_request'
}

function isDetail(value: unknown): value is ErrorDetail {
  return isRecord(value) && typeof value['path'] === 'string' && typeof value['message'] === 'string'
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

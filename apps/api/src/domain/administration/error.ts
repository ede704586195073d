export type AdministrationErrorCode =
  'invalid_request' | 'forbidden' | 'not_found' | 'conflict' | 'unprocessable' | 'unavailable'

export interface FieldProblem {
  /** Dotted path in the body, e.g. `credentials.apiKey`; empty: the body as a whole. */
  readonly path: string
  readonly message: string
}

/** An expected refusal of the dashboard API. `message` says what to do next; http/dashboard/errors.ts gives the status. */
export class AdministrationError extends Error {
  readonly code: AdministrationErrorCode
  readonly details: readonly FieldProblem[] | undefined

  constructor(code: AdministrationErrorCode, message: string, details?: readonly FieldProblem[]) {
    super(message)
    this.name = 'AdministrationError'
    this.code = code
    this.details = details
  }
}

/** One field of the body is wrong: 400 with its path. */
export function invalidField(path: string, message: string): AdministrationError {
  return new AdministrationError('invalid_request', `${path}: ${message}`, [{ path, message }])
}

export function notFound(what: string, name: string): AdministrationError {
  return new AdministrationError('not_found', `There is no ${what} "${name}".`)
}

/** Postgres refused a second row with the same unique values. */
export function isUniqueViolation(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'P2002'
}

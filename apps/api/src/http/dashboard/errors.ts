import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { isDatabaseAway } from './database-away.ts'
import { CountersUnavailable } from '../../ports/counters.ts'
import { AdministrationError, type AdministrationErrorCode } from '../../domain/administration/error.ts'

export interface ErrorDetail {
  readonly path: string
  readonly message: string
}

/** A refusal that belongs to HTTP itself: who asks, and from where. */
export class HttpError extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.name = 'HttpError'
    this.status = status
    this.code = code
  }
}

/** The one table from codes to HTTP. */
const statusOf: Readonly<Record<AdministrationErrorCode, number>> = {
  invalid_request: 400,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  unprocessable: 422,
  unavailable: 503,
}

export function errorHandler(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  if (hasZodFastifySchemaValidationErrors(error)) {
    const details = error.validation.flatMap((issue) => describeIssue(fromValidation(issue)))
    const [first] = details
    const message = first === undefined ? 'The request is not valid.' : `${first.path}: ${first.message}`
    return send(reply, 400, 'invalid_request', message, details)
  }
  if (error instanceof AdministrationError)
    return send(reply, statusOf[error.code], error.code, error.message, error.details)
  if (error instanceof HttpError) return send(reply, error.status, error.code, error.message)
  const status = error.statusCode ?? 500
  // Of Fastify itself: a body that is no JSON, is too long, or of another type.
  if (status >= 400 && status < 500) return send(reply, status, 'invalid_request', error.message)
  if (isDatabaseAway(error)) {
    request.log.error({ err: error }, 'the database cannot be reached')
    return send(reply, 503, 'unavailable', 'The database cannot be reached right now. Try again in a moment.')
  }
  if (error instanceof CountersUnavailable) {
    return send(
      reply,
      503,
      'unavailable',
      'The counters in Redis cannot be reached right now, so nobody can say what is left. Try again in a moment.',
    )
  }
  request.log.error({ err: error }, 'a request to the dashboard API failed')
  return send(
    reply,
    500,
    'internal_error',
    `Something went wrong here; the log has it under request ${request.id}.`,
  )
}

export function notFoundHandler(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return send(
    reply,
    404,
    'not_found',
    `There is no ${request.method} ${request.url.split('?')[0] ?? ''}. GET /docs lists what there is.`,
  )
}

function send(
  reply: FastifyReply,
  status: number,
  code: string,
  message: string,
  details?: readonly ErrorDetail[],
): FastifyReply {
  return reply
    .code(status)
    .header('cache-control', 'no-store')
    .send({ error: { code, message, ...(details === undefined ? {} : { details }) } })
}

interface IssueLike {
  readonly path: readonly PropertyKey[]
  readonly code: string
  readonly message: string
  readonly keys?: unknown
  readonly errors?: unknown
}

/** Zod's issues as the validator hands them on: the path as text, the rest in `params`. */
function fromValidation(issue: {
  readonly instancePath: string
  readonly keyword: string
  readonly message?: string | undefined
  readonly params: Readonly<Record<string, unknown>>
}): IssueLike {
  return {
    path: issue.instancePath.split('/').filter((part) => part !== ''),
    code: issue.keyword,
    message: issue.message ?? 'is not valid',
    keys: issue.params['keys'],
    errors: issue.params['errors'],
  }
}

function describeIssue(issue: IssueLike, parents: readonly PropertyKey[] = []): readonly ErrorDetail[] {
  const path = [...parents, ...issue.path]
  if (issue.code === 'unrecognized_keys' && Array.isArray(issue.keys))
    return issue.keys.map((key) => ({ path: [...path, String(key)].join('.'), message: 'unknown field' }))
  // Of the forms a value may have, the one that was meant is the one that fails deeper than at its root.
  const meant = issue.code === 'invalid_union' ? branches(issue.errors).find(failsInside) : undefined
  if (meant !== undefined) return meant.flatMap((inner) => describeIssue(inner, path))
  return [{ path: path.join('.'), message: issue.message }]
}

function branches(errors: unknown): readonly (readonly IssueLike[])[] {
  return Array.isArray(errors)
    ? errors.filter((branch) => Array.isArray(branch) && branch.every(isIssue))
    : []
}

function failsInside(branch: readonly IssueLike[]): boolean {
  return (
    branch.length > 0 && branch.every((issue) => issue.path.length > 0 || issue.code === 'unrecognized_keys')
  )
}

function isIssue(value: unknown): value is IssueLike {
  return (
    typeof value === 'object' &&
    value !== null &&
    'path' in value &&
    'code' in value &&
    Array.isArray(value.path)
  )
}

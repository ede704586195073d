import createClient from 'openapi-fetch'
import { ApiError, toApiError } from './api-error.ts'
import type { paths } from './schema.d.ts'

/** The dashboard API of the service that sent this page; the session cookie goes with every call. */
export const api = createClient<paths>({ baseUrl: '/', credentials: 'same-origin' })

/** What a list endpoint may return at most in one page. */
const pageSize = 200

interface Outcome<T> {
  readonly data?: T
  readonly error?: unknown
  readonly response: Response
}

/** The body of a good answer; a refusal or a dead connection is thrown as `ApiError`. */
export async function unwrap<T>(call: Promise<Outcome<T>>): Promise<T> {
  const outcome = await answered(call)
  if (outcome.data === undefined) throw toApiError(outcome.response.status, outcome.error)
  return outcome.data
}

/** For calls whose good answer is empty or is not looked at. */
export async function done(call: Promise<Outcome<unknown>>): Promise<void> {
  const outcome = await answered(call)
  if (!outcome.response.ok) throw toApiError(outcome.response.status, outcome.error)
}

/** Follows `nextCursor` to the end. For lists that people make by hand (accounts, teams, keys), not for the log. */
export async function allPages<T>(
  page: (query: {
    cursor?: string
    limit: number
  }) => Promise<Outcome<{ readonly data: readonly T[]; readonly nextCursor: string | null }>>,
): Promise<T[]> {
  const rows: T[] = []
  let cursor: string | null = null
  do {
    const answer: { readonly data: readonly T[]; readonly nextCursor: string | null } = await unwrap(
      page({ limit: pageSize, ...(cursor === null ? {} : { cursor }) }),
    )
    rows.push(...answer.data)
    cursor = answer.nextCursor
  } while (cursor !== null)
  return rows
}

async function answered<T>(call: Promise<Outcome<T>>): Promise<Outcome<T>> {
  try {
    return await call
  } catch {
    throw new ApiError(0, 'unreachable', '')
  }
}

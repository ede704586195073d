import { queryOptions } from '@tanstack/react-query'
import { ApiError, toApiError } from '../../../shared/api/api-error.ts'
import { api, done, unwrap } from '../../../shared/api/client.ts'
import type { SetupInput, SetupState } from '../../../shared/api/types.ts'

/** Whether the installation still waits for its owner, and the login of a demo. Needs no session. */
export const setupQuery = queryOptions({
  queryKey: ['setup'],
  queryFn: (): Promise<SetupState> => unwrap(api.GET('/api/setup')),
})

/** Works once, with the token of the link that the service printed; signs the new owner in. */
export function createOwner(input: SetupInput): Promise<void> {
  return done(api.POST('/api/setup', { body: input }))
}

export function signIn(credentials: { email: string; password: string }): Promise<void> {
  return postAuth('/api/auth/sign-in/email', credentials)
}

export function signOut(): Promise<void> {
  return postAuth('/api/auth/sign-out', {})
}

/** Sign-in belongs to better-auth, whose routes are not in the generated types. */
async function postAuth(path: string, body: object): Promise<void> {
  let response: Response
  try {
    response = await fetch(path, {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  } catch {
    throw new ApiError(0, 'unreachable', '')
  }
  if (response.ok) return
  const refusal: unknown = await response.json().catch(() => undefined)
  throw toApiError(response.status, refusal)
}

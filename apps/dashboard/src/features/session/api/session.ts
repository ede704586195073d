import { queryOptions } from '@tanstack/react-query'
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
  return done(api.POST('/api/auth/sign-in/email', { body: credentials }))
}

export function signOut(): Promise<void> {
  return done(api.POST('/api/auth/sign-out'))
}

/** Ends the sessions on other machines as well. */
export function changePassword(passwords: { currentPassword: string; newPassword: string }): Promise<void> {
  return done(api.POST('/api/auth/change-password', { body: { ...passwords, revokeOtherSessions: true } }))
}

import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api, done, unwrap } from '../../../shared/api/client.ts'
import type { AuditEntry, User, UserInput, UserPatch } from '../../../shared/api/types.ts'

/** People who sign in here; not the members of teams, who only hold keys. */
export const usersQuery = queryOptions({
  queryKey: ['users'],
  queryFn: async (): Promise<readonly User[]> => (await unwrap(api.GET('/api/users'))).data,
})

export function createUser(input: UserInput): Promise<void> {
  return done(api.POST('/api/users', { body: input }))
}

export function updateUser(id: string, patch: UserPatch): Promise<void> {
  return done(api.PATCH('/api/users/{id}', { params: { path: { id } }, body: patch }))
}

export function deleteUser(id: string): Promise<void> {
  return done(api.DELETE('/api/users/{id}', { params: { path: { id } } }))
}

interface AuditPage {
  readonly data: readonly AuditEntry[]
  readonly nextCursor: string | null
}

/** Who changed what, newest first. */
export const auditQuery = infiniteQueryOptions({
  queryKey: ['audit'],
  queryFn: ({ pageParam }): Promise<AuditPage> =>
    unwrap(
      api.GET('/api/audit', {
        params: { query: { limit: 50, ...(pageParam === null ? {} : { cursor: pageParam }) } },
      }),
    ),
  initialPageParam: null as string | null,
  getNextPageParam: (page: AuditPage) => page.nextCursor,
})

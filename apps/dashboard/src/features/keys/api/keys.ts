import { queryOptions } from '@tanstack/react-query'
import { allPages, api, done, unwrap } from '../../../shared/api/client.ts'
import type { CreatedKey, Key, KeyInput } from '../../../shared/api/types.ts'

/** Keys of one team, or of all; revoked ones are among them. */
export const keysQuery = (team?: string) =>
  queryOptions({
    queryKey: team === undefined ? ['keys'] : ['keys', team],
    queryFn: (): Promise<Key[]> =>
      allPages((query) =>
        api.GET('/api/keys', { params: { query: team === undefined ? query : { ...query, team } } }),
      ),
  })

/** The secret is in this answer and never again: only its hash is stored. */
export function createKey(team: string, input: KeyInput): Promise<CreatedKey> {
  return unwrap(api.POST('/api/teams/{name}/keys', { params: { path: { name: team } }, body: input }))
}

export function revokeKey(id: string): Promise<void> {
  return done(api.DELETE('/api/keys/{id}', { params: { path: { id } } }))
}

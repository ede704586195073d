import { queryOptions, useSuspenseQuery } from '@tanstack/react-query'
import { api, unwrap } from '../api/client.ts'
import type { Installation, Me } from '../api/types.ts'

/** Who is signed in, and facts about the installation. 401 means: nobody. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: (): Promise<Me> => unwrap(api.GET('/api/me')),
  staleTime: 60_000,
})

/** Pages behind the sign-in have this in the cache before they show: their route waits for it. */
export function useMe(): Me {
  return useSuspenseQuery(meQuery).data
}

export function useInstallation(): Installation {
  return useMe().installation
}

export interface Permissions {
  /** Providers, grants, prices, and making or deleting teams. */
  readonly administer: boolean
  /** Members, quotas and keys of one team; a manager has that for the own team. */
  readonly manageTeam: (teamId: string) => boolean
}

/** What to offer. The service decides for itself again at every call. */
export function usePermissions(): Permissions {
  const { user } = useMe()
  const administer = user.role === 'owner' || user.role === 'admin'
  return {
    administer,
    manageTeam: (teamId) => administer || (user.role === 'manager' && user.teamId === teamId),
  }
}

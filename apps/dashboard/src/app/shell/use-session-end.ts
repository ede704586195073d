import { useQueryClient } from '@tanstack/react-query'
import { useNavigate, useRouterState } from '@tanstack/react-router'
import { useEffect } from 'react'
import { ApiError } from '../../shared/api/api-error.ts'

/** Goes to the sign-in when the session ends while a page is open, and comes back to the page after it. */
export function useSessionEnd(): void {
  const client = useQueryClient()
  const navigate = useNavigate()
  const href = useRouterState({ select: (state) => state.location.href })
  useEffect(
    () =>
      client.getQueryCache().subscribe(({ query }) => {
        const error: unknown = query.state.error
        if (!(error instanceof ApiError) || error.status !== 401 || query.state.fetchStatus !== 'idle') return
        client.removeQueries({ queryKey: ['me'] })
        void navigate({ to: '/sign-in', search: { next: href } })
      }),
    [client, navigate, href],
  )
}

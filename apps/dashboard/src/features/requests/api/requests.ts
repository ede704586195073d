import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api, unwrap } from '../../../shared/api/client.ts'
import type { RequestDetail, RequestRow } from '../../../shared/api/types.ts'

export interface RequestFilters {
  readonly team?: string
  readonly model?: string
  readonly provider?: string
  readonly status?: RequestRow['status']
}

export const requestStatuses: readonly RequestRow['status'][] = ['ok', 'error', 'cancelled', 'interrupted']

interface RequestPage {
  readonly data: readonly RequestRow[]
  readonly nextCursor: string | null
}

/** The log, newest first. While only the first page is open it follows what happens. */
export const requestsQuery = (filters: RequestFilters) =>
  infiniteQueryOptions({
    queryKey: ['requests', filters],
    queryFn: ({ pageParam }): Promise<RequestPage> =>
      unwrap(
        api.GET('/api/requests', {
          params: { query: { limit: 50, ...filters, ...(pageParam === null ? {} : { cursor: pageParam }) } },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page: RequestPage) => page.nextCursor,
    refetchInterval: (query) => ((query.state.data?.pages.length ?? 0) > 1 ? false : 5_000),
  })

export const requestQuery = (id: string) =>
  queryOptions({
    queryKey: ['requests', 'detail', id],
    queryFn: (): Promise<RequestDetail> =>
      unwrap(api.GET('/api/requests/{id}', { params: { path: { id } } })),
  })

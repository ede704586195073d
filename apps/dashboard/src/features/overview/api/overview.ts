import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, unwrap } from '../../../shared/api/client.ts'
import type { Overview } from '../../../shared/api/types.ts'

export const ranges = ['24h', '7d', '30d'] as const
export type Range = (typeof ranges)[number]

/**
 * Everything the overview shows, in one answer, asked for again while the tab is in view: a call is on the page
 * within two seconds. A change of range keeps the old figures until the new ones are there.
 */
export const overviewQuery = (range: Range) =>
  queryOptions({
    queryKey: ['overview', range],
    queryFn: (): Promise<Overview> => unwrap(api.GET('/api/overview', { params: { query: { range } } })),
    refetchInterval: 1_500,
    placeholderData: keepPreviousData,
    staleTime: 0,
  })

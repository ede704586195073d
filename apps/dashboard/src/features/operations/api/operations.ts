import { queryOptions } from '@tanstack/react-query'
import { api, done, unwrap } from '../../../shared/api/client.ts'
import type { Estimate, Job } from '../../../shared/api/types.ts'

export const jobsQuery = queryOptions({
  queryKey: ['jobs'],
  queryFn: async (): Promise<readonly Job[]> => (await unwrap(api.GET('/api/jobs'))).data,
})

/** How well the size of requests is guessed before they are sent. */
export const estimatesQuery = queryOptions({
  queryKey: ['estimates'],
  queryFn: async (): Promise<readonly Estimate[]> => (await unwrap(api.GET('/api/estimates'))).data,
})

/** Puts a run in the queue; how it went is seen in the list. */
export function runJob(name: string): Promise<void> {
  return done(api.POST('/api/jobs/{name}/runs', { params: { path: { name } } }))
}

import { queryOptions } from '@tanstack/react-query'
import { allPages, api, done, unwrap } from '../../../shared/api/client.ts'
import type {
  Member,
  QuotaInput,
  QuotaPatch,
  Team,
  TeamInput,
  TeamPatch,
  Usage,
} from '../../../shared/api/types.ts'

export const teamsQuery = queryOptions({
  queryKey: ['teams'],
  queryFn: (): Promise<Team[]> => allPages((query) => api.GET('/api/teams', { params: { query } })),
})

export const teamQuery = (name: string) =>
  queryOptions({
    queryKey: ['teams', name],
    queryFn: (): Promise<Team> => unwrap(api.GET('/api/teams/{name}', { params: { path: { name } } })),
  })

export const membersQuery = (team: string) =>
  queryOptions({
    queryKey: ['teams', team, 'members'],
    queryFn: async (): Promise<readonly Member[]> =>
      (await unwrap(api.GET('/api/teams/{name}/members', { params: { path: { name: team } } }))).data,
  })

/** The last 30 days of a team, by model. */
export const teamUsageQuery = (team: string) =>
  queryOptions({
    queryKey: ['teams', team, 'usage'],
    queryFn: (): Promise<Usage> =>
      unwrap(api.GET('/api/usage', { params: { query: { range: '30d', groupBy: 'model', team } } })),
  })

export function createTeam(input: TeamInput): Promise<Team> {
  return unwrap(api.POST('/api/teams', { body: input }))
}

export function updateTeam(name: string, patch: TeamPatch): Promise<void> {
  return done(api.PATCH('/api/teams/{name}', { params: { path: { name } }, body: patch }))
}

export function deleteTeam(name: string): Promise<void> {
  return done(api.DELETE('/api/teams/{name}', { params: { path: { name } } }))
}

export function createQuota(team: string, input: QuotaInput): Promise<void> {
  return done(api.POST('/api/teams/{name}/quotas', { params: { path: { name: team } }, body: input }))
}

export function updateQuota(id: string, patch: QuotaPatch): Promise<void> {
  return done(api.PATCH('/api/quotas/{id}', { params: { path: { id } }, body: patch }))
}

export function deleteQuota(id: string): Promise<void> {
  return done(api.DELETE('/api/quotas/{id}', { params: { path: { id } } }))
}

export function createMember(team: string, input: { name: string; email?: string }): Promise<void> {
  return done(api.POST('/api/teams/{name}/members', { params: { path: { name: team } }, body: input }))
}

export function deleteMember(team: string, memberName: string): Promise<void> {
  return done(
    api.DELETE('/api/teams/{name}/members/{memberName}', { params: { path: { name: team, memberName } } }),
  )
}

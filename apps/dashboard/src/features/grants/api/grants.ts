import { queryOptions } from '@tanstack/react-query'
import { api, done, unwrap } from '../../../shared/api/client.ts'
import type {
  Grant,
  GrantEntry,
  GrantEntryInput,
  GrantInput,
  GrantPatch,
  GrantProposal,
} from '../../../shared/api/types.ts'

/** Grants of one account, or of all. */
export const grantsQuery = (account?: string) =>
  queryOptions({
    queryKey: account === undefined ? ['grants'] : ['grants', account],
    queryFn: async (): Promise<readonly Grant[]> => {
      const query = account === undefined ? {} : { account }
      return (await unwrap(api.GET('/api/grants', { params: { query } }))).data
    },
  })

/** What the platform gives away for the models of an account, by the catalogue. A person confirms it. */
export const grantProposalsQuery = (account: string) =>
  queryOptions({
    queryKey: ['grant-proposals', account],
    queryFn: async (): Promise<readonly GrantProposal[]> => {
      const answer = await unwrap(
        api.GET('/api/accounts/{name}/grant-proposals', { params: { path: { name: account } } }),
      )
      return answer.data
    },
  })

export const grantEntriesQuery = (id: string) =>
  queryOptions({
    queryKey: ['grants', 'entries', id],
    queryFn: async (): Promise<readonly GrantEntry[]> =>
      (await unwrap(api.GET('/api/grants/{id}/entries', { params: { path: { id } } }))).data,
  })

export function createGrant(input: GrantInput): Promise<void> {
  return done(api.POST('/api/grants', { body: input }))
}

export function updateGrant(id: string, patch: GrantPatch): Promise<void> {
  return done(api.PATCH('/api/grants/{id}', { params: { path: { id } }, body: patch }))
}

export function deleteGrant(id: string): Promise<void> {
  return done(api.DELETE('/api/grants/{id}', { params: { path: { id } } }))
}

/** `left` says what the platform's console shows now; `credit` adds to the grant. Entries are never edited. */
export function addGrantEntry(id: string, entry: GrantEntryInput): Promise<void> {
  return done(api.POST('/api/grants/{id}/entries', { params: { path: { id } }, body: entry }))
}

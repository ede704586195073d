import { queryOptions } from '@tanstack/react-query'
import { allPages, api, done, unwrap } from '../../../shared/api/client.ts'
import type {
  Account,
  AccountInput,
  AccountPatch,
  Catalogue,
  ConnectionTest,
  ConnectionTestInput,
  PriceInput,
  Repricing,
} from '../../../shared/api/types.ts'

/** Static facts of a release: protocols with their forms, models with their prices. */
export const catalogueQuery = queryOptions({
  queryKey: ['catalogue'],
  queryFn: (): Promise<Catalogue> => unwrap(api.GET('/api/catalogue')),
  staleTime: Number.POSITIVE_INFINITY,
})

export const accountsQuery = queryOptions({
  queryKey: ['accounts'],
  queryFn: (): Promise<Account[]> => allPages((query) => api.GET('/api/accounts', { params: { query } })),
})

export const accountQuery = (name: string) =>
  queryOptions({
    queryKey: ['accounts', name],
    queryFn: (): Promise<Account> => unwrap(api.GET('/api/accounts/{name}', { params: { path: { name } } })),
  })

export function createAccount(input: AccountInput): Promise<Account> {
  return unwrap(api.POST('/api/accounts', { body: input }))
}

/** A changed base URL needs the credentials again: a stored key never follows to another address. */
export function updateAccount(name: string, patch: AccountPatch): Promise<Account> {
  return unwrap(api.PATCH('/api/accounts/{name}', { params: { path: { name } }, body: patch }))
}

export function deleteAccount(name: string): Promise<void> {
  return done(api.DELETE('/api/accounts/{name}', { params: { path: { name } } }))
}

/** Tries credentials that are not stored yet. */
export function testConnection(input: ConnectionTestInput): Promise<ConnectionTest> {
  return unwrap(api.POST('/api/accounts/test', { body: input }))
}

/** Tries the stored credentials of an account; its state changes with the result. */
export function testAccount(name: string): Promise<ConnectionTest> {
  return unwrap(api.POST('/api/accounts/{name}/test', { params: { path: { name } } }))
}

/** Adds a price version. Answers what it meant for requests that were booked since it came into force. */
export async function createPrice(input: PriceInput): Promise<Repricing> {
  return (await unwrap(api.POST('/api/prices', { body: input }))).repricing
}

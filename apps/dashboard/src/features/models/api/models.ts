import { queryOptions } from '@tanstack/react-query'
import { api, done, unwrap } from '../../../shared/api/client.ts'
import type { Model, ModelInput, ModelPatch } from '../../../shared/api/types.ts'

/** Every public name, with who can serve it; names without a route of their own are among them. */
export const modelsQuery = queryOptions({
  queryKey: ['models'],
  queryFn: async (): Promise<readonly Model[]> => (await unwrap(api.GET('/api/models'))).data,
})

export function createModel(input: ModelInput): Promise<void> {
  return done(api.POST('/api/models', { body: input }))
}

export function updateModel(name: string, patch: ModelPatch): Promise<void> {
  return done(api.PATCH('/api/models/{name}', { params: { path: { name } }, body: patch }))
}

/** The name falls back to whatever offerings carry it, or is gone. */
export function deleteModel(name: string): Promise<void> {
  return done(api.DELETE('/api/models/{name}', { params: { path: { name } } }))
}

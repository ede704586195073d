import { findRoute, listModels } from '../../domain/routing/find-route.ts'
import type { KeyEntry, RouteEntry, Snapshot } from '../../domain/snapshot/snapshot.ts'

/** OpenAI's model object, with what chat clients like to know beside it. */
interface ModelView {
  readonly id: string
  readonly object: 'model'
  readonly created: number
  readonly owned_by: string
  readonly kind: string
  readonly context_length: number | null
  readonly max_output_tokens: number | null
  readonly providers: readonly string[]
}

export function listModelViews(snapshot: Snapshot, key: KeyEntry): { object: 'list'; data: ModelView[] } {
  const data = listModels(snapshot, key)
    .toSorted()
    .map((name) => toView(name, findRoute(snapshot, key, name)))
  return { object: 'list', data }
}

export function showModel(snapshot: Snapshot, key: KeyEntry, name: string): ModelView {
  return toView(name, findRoute(snapshot, key, name))
}

function toView(name: string, route: RouteEntry): ModelView {
  const providers = [...new Set(route.offerings.map((offering) => offering.account.provider))]
  const largest = (values: readonly (number | undefined)[]) =>
    values.reduce<number | null>(
      (most, value) => (value !== undefined && value > (most ?? 0) ? value : most),
      null,
    )
  return {
    id: name,
    object: 'model',
    created: Math.floor(Math.min(...route.offerings.map((offering) => offering.createdAtMs)) / 1000),
    owned_by: providers.length === 1 ? (providers[0] ?? 'tollgate') : 'tollgate',
    kind: route.offerings[0]?.kind ?? 'chat',
    context_length: largest(route.offerings.map((offering) => offering.contextTokens)),
    max_output_tokens: largest(route.offerings.map((offering) => offering.maxOutputTokens)),
    providers,
  }
}

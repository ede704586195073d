import { GatewayError } from '../errors.ts'
import type { KeyEntry, RouteEntry, Snapshot } from '../snapshot/snapshot.ts'
import { matchesAny } from './match-pattern.ts'
import { nearestNames } from './nearest-names.ts'

/** The route of a model this key may use; says what is wrong, and what comes near, when there is none. */
export function findRoute(snapshot: Snapshot, key: KeyEntry, model: string): RouteEntry {
  const route = snapshot.routes.get(model)
  if (route === undefined) {
    const near = nearestNames(model, listModels(snapshot, key))
    const hint =
      near.length > 0
        ? ` Did you mean ${near.map((name) => `"${name}"`).join(', ')}?`
        : ' GET /v1/models lists what this key may use.'
    throw new GatewayError('model_not_found', `The model "${model}" does not exist here.${hint}`, {
      param: 'model',
    })
  }
  if (!mayUse(key, route)) {
    throw new GatewayError(
      'model_not_allowed',
      `The key "${key.name}" of team "${key.team.name}" may not use the model "${model}". GET /v1/models lists what it may use.`,
      { param: 'model' },
    )
  }
  return route
}

/** Public names this key may use, without the pinned `account/model` forms. */
export function listModels(snapshot: Snapshot, key: KeyEntry): string[] {
  const names: string[] = []
  for (const [name, route] of snapshot.routes)
    if (name === route.model && mayUse(key, route)) names.push(name)
  return names
}

function mayUse(key: KeyEntry, route: RouteEntry): boolean {
  if (!matchesAny(key.team.models, route.model)) return false
  return key.models.length === 0 || matchesAny(key.models, route.model)
}

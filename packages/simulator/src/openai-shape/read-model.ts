import type { SimulatedModel } from '../contract/platform.ts'
import type { Refusal } from '../contract/refusal.ts'
import type { JsonObject } from '../json.ts'

/** The model a body names, among those of one kind. */
export function readModel(
  body: JsonObject,
  findModel: (name: string) => SimulatedModel | undefined,
): SimulatedModel | Refusal {
  const name = body['model']
  if (typeof name !== 'string' || name === '') {
    return { refused: 'invalid-parameter', param: 'model', message: 'model is required', variant: 'model' }
  }
  return findModel(name) ?? { refused: 'unknown-model', param: 'model', model: name }
}

import type { ChatCall } from '../contract/chat.ts'
import type { SimulatedModel } from '../contract/platform.ts'
import type { JsonObject } from '../json.ts'

/** Models with open weights carry their size in the name. */
export function isOpen(model: SimulatedModel): boolean {
  return /\d+b(-|$)/.test(model.name)
}

/** Open Qwen3 models think unless told not to, and refuse to do so without a stream. */
export function thinksByDefault(model: SimulatedModel): boolean {
  return /^qwen3-\d+(\.\d+)?b$/.test(model.name)
}

function thinksAlways(model: SimulatedModel): boolean {
  return /thinking|-r1|^qwq|^qvq|^MiniMax-M2/.test(model.name)
}

export function thinking(body: JsonObject, model: SimulatedModel): ChatCall['thinking'] {
  if (thinksAlways(model)) return 'on'
  const switched = body['enable_thinking']
  const effort = body['reasoning_effort']
  if (switched === false || effort === 'none') return 'forbidden'
  // Without the switch a model that has one does not think, whatever a directive says.
  return switched === true || typeof effort === 'string' || thinksByDefault(model) ? 'on' : 'forbidden'
}

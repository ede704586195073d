import { isOpen } from '../../bailian/thinking.ts'
import type { SimulatedModel } from '../../contract/platform.ts'
import type { JsonObject } from '../../json.ts'

/**
 * `output.text` or `output.choices`. Where the request does not say, the vendor's page (qwen-api-via-dashscope) has text
 * for Qwen but for these; for the hosted models of others it says nothing (not verified).
 */
export function resultFormat(parameters: JsonObject, model: SimulatedModel): 'text' | 'message' {
  // Vision models have no form but this one: asking for text has no effect.
  if (model.vision === true) return 'message'
  const asked = parameters['result_format']
  if (asked === 'text' || asked === 'message') return asked
  const message =
    !model.name.startsWith('qw') ||
    /^(qwen3-max|qwq|qwen-long)/.test(model.name) ||
    (isOpenQwen3(model) && model.name !== 'qwen3-next-80b-a3b-instruct')
  return message ? 'message' : 'text'
}

/** Whether each frame of a stream has what is new, or everything so far; the defaults are those of the same page. */
export function isIncremental(parameters: JsonObject, model: SimulatedModel): boolean {
  const asked = parameters['incremental_output']
  if (typeof asked === 'boolean') return asked
  return /^(qwen3-(max|vl)|qwq|qvq)/.test(model.name) || isOpenQwen3(model)
}

export function isOpenQwen3(model: SimulatedModel): boolean {
  return model.name.startsWith('qwen3-') && isOpen(model)
}

import { checkRequest } from '../../bailian/check-request.ts'
import { thinking } from '../../bailian/thinking.ts'
import { invalid } from '../../openai-shape/check-parameters.ts'
import type { SimulatedModel } from '../../contract/platform.ts'
import type { Refusal } from '../../contract/refusal.ts'
import type { JsonObject } from '../../json.ts'
import { isIncremental, isOpenQwen3, resultFormat } from './defaults.ts'

/**
 * What the rules cannot say. Which combinations are refused is the vendor's page (qwen-api-via-dashscope); the words are
 * not verified.
 */
export function check(body: JsonObject, model: SimulatedModel): Refusal | undefined {
  const common = checkRequest(body, model)
  if (common !== undefined) return common
  const thinks = thinking(body, model) === 'on'
  const streams = body['stream'] === true
  if (thinks && !streams && isOpenQwen3(model)) {
    return invalid('enable_thinking', 'parameter.enable_thinking only support stream call')
  }
  if (streams && !isIncremental(body, model) && (thinks || isOpenQwen3(model))) {
    return invalid('incremental_output', 'parameter.incremental_output must be true for this call')
  }
  const messageOnly = thinks || body['tools'] !== undefined || model.name.startsWith('qwen3-max')
  if (messageOnly && resultFormat(body, model) === 'text') {
    return invalid('result_format', "parameter.result_format must be 'message' for this call")
  }
  return undefined
}

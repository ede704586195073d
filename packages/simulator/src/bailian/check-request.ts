import { invalid } from '../openai-shape/check-parameters.ts'
import type { SimulatedModel } from '../contract/platform.ts'
import type { Refusal } from '../contract/refusal.ts'
import { type JsonObject, isObject } from '../json.ts'
import { thinking, thinksByDefault } from './thinking.ts'

/** What Bailian refuses beyond the rules, on its compatible and its native interface alike. */
export function checkRequest(body: JsonObject, model: SimulatedModel): Refusal | undefined {
  const streamed = body['stream'] === true
  const thinks = thinking(body, model) === 'on'
  if (!streamed && /^(qwq|qvq)/.test(model.name)) {
    return invalid(
      'stream',
      'This model only support stream mode, please enable the stream parameter to access the model.',
    )
  }
  if (!streamed && thinks && thinksByDefault(model)) {
    return {
      ...invalid('enable_thinking', 'parameter.enable_thinking must be set to false for non-streaming calls'),
      variant: 'thinking',
    }
  }
  if (thinks && isObject(body['tool_choice'])) {
    return invalid(
      'tool_choice',
      'The tool_choice parameter does not support being set to object in thinking mode',
    )
  }
  const format = body['response_format']
  if (
    isObject(format) &&
    format['type'] === 'json_object' &&
    !/json/i.test(JSON.stringify(body['messages']))
  ) {
    return {
      refused: 'invalid-messages',
      param: 'messages',
      message:
        "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
    }
  }
  const last: unknown = Array.isArray(body['messages']) ? body['messages'].at(-1) : undefined
  if (isObject(last) && last['role'] === 'assistant' && last['partial'] !== true) {
    return {
      refused: 'invalid-messages',
      param: 'messages',
      message: 'the last message must not be from the assistant',
    }
  }
  return undefined
}

import { invalid } from '../../openai-shape/check-parameters.ts'
import { openaiParametersBut } from '../../openai-shape/rules.ts'
import type { Refusal } from '../../contract/refusal.ts'
import { type JsonObject, isObject } from '../../json.ts'
import { readParts } from './read-parts.ts'

/** Of OpenAI's parameters those that exist here too, under `parameters` (sheet, section 3). */
const documented = [
  'temperature',
  'top_p',
  'max_tokens',
  'stop',
  'presence_penalty',
  'seed',
  'n',
  'response_format',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'logprobs',
  'top_logprobs',
  'reasoning_effort',
]

const undocumented = openaiParametersBut(documented)
const misplaced = openaiParametersBut(['model'])

/**
 * Takes `{model, input: {messages}, parameters}` apart. What is inside has OpenAI's names and, but for the parts of a
 * message, OpenAI's values, so that the rules of OpenAI's shape can be laid on it.
 */
export function unwrap(
  body: JsonObject,
  message: 'string' | 'parts',
): { readonly messages: unknown; readonly parameters: JsonObject } | Refusal {
  const { input, parameters = {} } = body
  const outside = misplaced.find((name) => name in body)
  if (outside !== undefined) return invalid(outside, `${outside} belongs into input or parameters`)
  if (!isObject(input)) return invalid('input', 'input is required')
  if (!isObject(parameters)) return invalid('parameters', 'parameters should be an object')
  const stranger = undocumented.find((name) => name in parameters)
  if (stranger !== undefined) return invalid(stranger, `unsupported parameter: ${stranger}`)
  const plain = withoutTokenStops(parameters)
  if (message === 'string') return { messages: input['messages'], parameters: plain }
  const messages = readParts(input['messages'])
  return Array.isArray(messages) ? { messages, parameters: plain } : messages
}

/** Stops may be numbers of tokens, alone or as lists of their own; the simulator's texts have none. */
function withoutTokenStops(parameters: JsonObject): JsonObject {
  const { stop, ...others } = parameters
  const isNumber = (item: unknown) => Number.isInteger(item)
  const tokens =
    Array.isArray(stop) &&
    stop.length > 0 &&
    stop.every((item) => isNumber(item) || (Array.isArray(item) && item.every(isNumber)))
  return tokens ? others : parameters
}

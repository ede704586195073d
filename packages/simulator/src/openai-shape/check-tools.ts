import { invalid } from './check-parameters.ts'
import type { ToolRules } from './rules.ts'
import type { ToolDefinition } from '../contract/chat.ts'
import { type Refusal, isRefusal } from '../contract/refusal.ts'
import { type JsonObject, isObject } from '../json.ts'

/** What may be called: nothing, any of the tools, or one by name. */
export interface ToolOffer {
  readonly tools: readonly ToolDefinition[]
  readonly named?: string
}

/** Checks `tools` and `tool_choice` and returns the functions on offer. */
export function readTools(body: JsonObject, rules: ToolRules): ToolOffer | Refusal {
  const tools: ToolDefinition[] = []
  const given = body['tools']
  if (given !== undefined && given !== null) {
    if (!Array.isArray(given) || given.length === 0) return invalid('tools', "[] is too short - 'tools'")
    for (const [index, tool] of given.entries()) {
      const read = readTool(tool, `tools.${index}`, rules)
      if (read === undefined) continue
      if (isRefusal(read)) return read
      tools.push(read)
    }
  }
  return readChoice(body['tool_choice'], tools, rules)
}

/** A function definition, or nothing for a tool of the platform's own such as web search. */
function readTool(tool: unknown, at: string, rules: ToolRules): ToolDefinition | Refusal | undefined {
  if (!isObject(tool)) return invalid(at, 'a tool should be an object')
  if (typeof tool['type'] === 'string' && rules.otherTypes.includes(tool['type'])) {
    return isObject(tool[tool['type']]) ? undefined : invalid(at, `${tool['type']} should be an object`)
  }
  const definition = tool['function']
  if (tool['type'] !== 'function' || !isObject(definition)) return invalid(at, 'unsupported tool type')
  if (!rules.functions) return invalid('tools', 'the model does not support tools')
  const { name, parameters } = definition
  if (typeof name !== 'string' || !rules.namePattern.test(name)) {
    return invalid(`${at}.function.name`, `function name should match ${rules.namePattern.source}`)
  }
  if (parameters !== undefined && !isObject(parameters)) {
    return invalid(`${at}.function.parameters`, 'parameters should be a JSON schema')
  }
  return { name, parameters }
}

function readChoice(choice: unknown, tools: ToolDefinition[], rules: ToolRules): ToolOffer | Refusal {
  if (choice === undefined || choice === null) return { tools }
  if (typeof choice === 'string') {
    if (!rules.choices.includes(choice)) {
      const words = rules.choices.map((word) => `"${word}"`).join(', ')
      return invalid('tool_choice', `tool_choice is one of the strings that should be [${words}]`)
    }
    if (tools.length === 0 && choice !== 'none' && choice !== 'auto') {
      return invalid('tool_choice', 'tool_choice is only allowed when tools are specified')
    }
    return { tools: choice === 'none' ? [] : tools }
  }
  const named = isObject(choice) && choice['type'] === 'function' ? choice['function'] : undefined
  const name: unknown = isObject(named) ? named['name'] : undefined
  if (!rules.named || typeof name !== 'string') return invalid('tool_choice', 'unsupported tool_choice')
  if (!tools.some((tool) => tool.name === name)) {
    return invalid('tool_choice', `tool_choice names ${name}, which is not among the tools`)
  }
  return { tools, named: name }
}

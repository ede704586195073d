import type { ToolDefinition } from '../../contract/chat.ts'
import { type Refusal, isRefusal } from '../../contract/refusal.ts'
import { type JsonObject, isObject } from '../../json.ts'
import { invalid } from '../../openai-shape/check-parameters.ts'

/** The functions on offer, and the one that must be called. */
export interface FunctionOffer {
  readonly tools: readonly ToolDefinition[]
  readonly toolNamed?: string
}

/** Checks `functions` and `tool_choice`, which can name a function and do nothing else. */
export function readFunctions(body: JsonObject): FunctionOffer | Refusal {
  const tools: ToolDefinition[] = []
  const given = body['functions'] ?? undefined
  if (given !== undefined) {
    if (!Array.isArray(given) || given.length === 0) return invalid('functions', 'functions can not be empty')
    for (const one of given) {
      const read = readFunction(one)
      if (isRefusal(read)) return read
      tools.push(read)
    }
  }
  const choice = body['tool_choice'] ?? undefined
  if (choice === undefined) return { tools }
  const chosen = isObject(choice) && choice['type'] === 'function' ? choice['function'] : undefined
  const name: unknown = isObject(chosen) ? chosen['name'] : undefined
  return typeof name === 'string' && tools.some((tool) => tool.name === name)
    ? { tools, toolNamed: name }
    : invalid('tool_choice', 'tool_choice must name one of the functions')
}

/** The vendor's typings have name, description and parameters in every function, parameters of no fields included. */
function readFunction(value: unknown): ToolDefinition | Refusal {
  if (!isObject(value)) return invalid('functions', 'a function must be an object')
  const { name, description, parameters } = value
  if (typeof name !== 'string' || !/^[a-zA-Z0-9_-]{1,64}$/.test(name)) {
    return invalid('functions', 'a function name takes 1 to 64 letters, digits, underscores and dashes')
  }
  if (typeof description !== 'string') return invalid('functions', `function ${name} needs a description`)
  if (!isObject(parameters)) return invalid('functions', `function ${name} needs parameters`)
  return { name, parameters }
}

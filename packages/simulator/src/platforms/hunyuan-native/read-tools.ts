import { anything, checkFields, invalid, missing, text, wrongType } from './fields.ts'
import type { ToolDefinition } from '../../contract/chat.ts'
import { type Refusal, isRefusal } from '../../contract/refusal.ts'
import { type JsonObject, isObject } from '../../json.ts'

/** What may be called: nothing, any of the tools, or one by name. */
interface ToolOffer {
  readonly tools: readonly ToolDefinition[]
  readonly named?: string
}

const choices = ['none', 'auto', 'custom']

/** Checks `Tools`, `ToolChoice` and `CustomTool` and returns the functions on offer. */
export function readTools(body: JsonObject): ToolOffer | Refusal {
  const tools: ToolDefinition[] = []
  const given: unknown = body['Tools'] ?? []
  if (!Array.isArray(given)) return wrongType('Tools')
  for (const [index, tool] of given.entries()) {
    const read = readTool(tool, `Tools.${index}`)
    if (isRefusal(read)) return read
    tools.push(read)
  }
  const custom =
    body['CustomTool'] === undefined || body['CustomTool'] === null
      ? undefined
      : readTool(body['CustomTool'], 'CustomTool')
  if (custom !== undefined && isRefusal(custom)) return custom

  const choice: unknown = body['ToolChoice'] ?? 'auto'
  if (typeof choice !== 'string' || !choices.includes(choice)) {
    return invalid('ToolChoice', `ToolChoice must be one of ${choices.join(', ')}`)
  }
  if (choice === 'none') return { tools: [] }
  if (choice === 'auto') return { tools }
  if (custom === undefined) return missing('CustomTool')
  return { tools: [custom], named: custom.name }
}

/** `Parameters` is a JSON text, not an object. */
function readTool(tool: unknown, at: string): ToolDefinition | Refusal {
  if (!isObject(tool)) return wrongType(at)
  const definition = tool['Function']
  const found = checkFields(tool, { Type: text, Function: anything }, at)
  if (found !== undefined) return found
  if (tool['Type'] !== 'function') return invalid(`${at}.Type`, `${at}.Type must be function`)
  if (!isObject(definition)) return missing(`${at}.Function`)
  const inner = checkFields(definition, { Name: text, Parameters: text, Description: text }, `${at}.Function`)
  if (inner !== undefined) return inner
  const { Name: name, Parameters: parameters } = definition
  if (typeof name !== 'string' || !/^[a-zA-Z0-9_-]+$/.test(name)) {
    return invalid(`${at}.Function.Name`, `${at}.Function.Name may have letters, digits, _ and - only`)
  }
  if (typeof parameters !== 'string') return missing(`${at}.Function.Parameters`)
  const schema = schemaIn(parameters)
  return schema === undefined
    ? invalid(`${at}.Function.Parameters`, `${at}.Function.Parameters must be a JSON string`)
    : { name, parameters: schema }
}

function schemaIn(parameters: string): unknown {
  try {
    const schema: unknown = JSON.parse(parameters)
    return isObject(schema) ? schema : undefined
  } catch {
    return undefined
  }
}

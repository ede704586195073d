import { ProviderError } from '../contract/index.ts'
import { arrayOf, isObject, objectOf, textOf, type JsonObject } from '../wire/json.ts'
import { invalidRequest } from './invalid-request.ts'

/**
 * `Tools`, `ToolChoice` and `CustomTool` (provider sheet, section 2.2). The schema of the arguments goes as JSON text.
 * Names may have what OpenAI allows: letters, digits, `_` and `-`.
 */
export function hunyuanTools(body: JsonObject): JsonObject | ProviderError {
  const tools: NativeTool[] = []
  for (const tool of arrayOf(body['tools']) ?? []) {
    const described = isObject(tool) ? objectOf(tool['function']) : undefined
    if (described === undefined) return invalidRequest('tools', 'Hunyuan takes tools of type "function" only')
    tools.push(nativeTool(described))
  }
  if (tools.length === 0) return {}
  const choice = toolChoice(body['tool_choice'], tools)
  return choice instanceof ProviderError ? choice : { Tools: tools, ...choice }
}

interface NativeTool {
  readonly Type: 'function'
  readonly Function: { readonly Name: unknown; readonly Description: unknown; readonly Parameters: string }
}

function nativeTool(described: JsonObject): NativeTool {
  const schema = described['parameters']
  return {
    Type: 'function',
    Function: {
      Name: described['name'],
      Description: textOf(described['description']),
      Parameters: textOf(schema) ?? JSON.stringify(objectOf(schema) ?? NO_ARGUMENTS),
    },
  }
}

/** The field is required, so that a function without arguments says so. */
const NO_ARGUMENTS = { type: 'object', properties: {} }

/**
 * `none`, `auto` and `custom`, which forces one tool. OpenAI's `required` exists only where there is just one; with
 * several `auto` comes nearest.
 */
function toolChoice(choice: unknown, tools: readonly NativeTool[]): JsonObject | ProviderError {
  if (choice === undefined || choice === null) return {}
  if (choice === 'required') {
    return tools.length === 1 ? { ToolChoice: 'custom', CustomTool: tools[0] } : { ToolChoice: 'auto' }
  }
  if (typeof choice === 'string') return { ToolChoice: choice }
  const name = isObject(choice) ? objectOf(choice['function'])?.['name'] : undefined
  const forced = tools.find((tool) => tool.Function.Name === name)
  if (name === undefined || forced === undefined) {
    return invalidRequest(
      'tool_choice',
      'Hunyuan’s tool choice is "none", "auto", "required" or one of the tools',
    )
  }
  return { ToolChoice: 'custom', CustomTool: forced }
}

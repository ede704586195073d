import { arrayOf, isObject, objectOf, textOf, type JsonObject } from '../wire/json.ts'
import { sparkFunctionName } from '../wire/spark-function-names.ts'

/** A tool of OpenAI's that is a function. */
export interface FunctionTool {
  readonly function: JsonObject
}

/** The functions a caller offers, whichever of OpenAI's two fields they came in: `tools`, or the older `functions`. */
export function offeredFunctions(body: JsonObject): readonly FunctionTool[] {
  const tools = functionTools(body)
  return tools.length > 0 ? tools : olderFunctions(body)
}

/** Whether the caller knows only OpenAI's older form, and so wants a `function_call` in the answer. */
export function callsTheOlderWay(body: JsonObject): boolean {
  return functionTools(body).length === 0 && olderFunctions(body).length > 0
}

/**
 * `payload.functions.text`: bare functions, of which name, description and all three fields of `parameters` are
 * required (iFLYTEK-OP/websdk-java `doc/spark/sparkchat.md`, section 2.1.2). There is no `tool_choice`: `none` offers
 * nothing, a named function is the only one on offer, and that one must be called cannot be said.
 */
export function sparkFunctions(body: JsonObject): readonly JsonObject[] {
  const choice = body['tool_choice'] ?? body['function_call']
  if (choice === 'none') return []
  const chosen = objectOf(choice)
  const only = textOf((objectOf(chosen?.['function']) ?? chosen)?.['name'])
  return offeredFunctions(body).flatMap(({ function: described }) => {
    const name = textOf(described['name'])
    if (name === undefined || (only !== undefined && only !== name)) return []
    return {
      name: sparkFunctionName(name),
      description: textOf(described['description']) ?? name,
      parameters: { type: 'object', properties: {}, required: [], ...objectOf(described['parameters']) },
    }
  })
}

function functionTools(body: JsonObject): readonly FunctionTool[] {
  return (arrayOf(body['tools']) ?? []).filter(isFunctionTool)
}

function olderFunctions(body: JsonObject): readonly FunctionTool[] {
  return (arrayOf(body['functions']) ?? [])
    .map((described) => ({ function: described }))
    .filter(isFunctionTool)
}

function isFunctionTool(tool: unknown): tool is FunctionTool {
  return isObject(tool) && isObject(tool['function'])
}

import { arrayOf, isObject, objectOf, textOf, type JsonObject } from '../wire/json.ts'
import { sparkFunctionName } from '../wire/spark-function-names.ts'

/**
 * `payload.functions.text`: bare functions, of which name, description and all three fields of `parameters` are
 * required (iFLYTEK-OP/websdk-java `doc/spark/sparkchat.md`, section 2.1.2). There is no `tool_choice`: `none` offers
 * nothing, a named function is the only one on offer, and that one must be called cannot be said.
 */
export function sparkFunctions(body: JsonObject): readonly JsonObject[] {
  const choice = body['tool_choice']
  if (choice === 'none') return []
  const only = nameIn(choice)
  return (arrayOf(body['tools']) ?? []).flatMap((tool) => {
    const name = nameIn(tool)
    if (name === undefined || (only !== undefined && only !== name)) return []
    const described = isObject(tool) ? objectOf(tool['function']) : undefined
    return {
      name: sparkFunctionName(name),
      description: textOf(described?.['description']) ?? name,
      parameters: { type: 'object', properties: {}, required: [], ...objectOf(described?.['parameters']) },
    }
  })
}

function nameIn(tool: unknown): string | undefined {
  return isObject(tool) ? textOf(objectOf(tool['function'])?.['name']) : undefined
}

import { arrayOf, isObject, objectOf, textOf, type JsonObject, type MutableJson } from '../wire/json.ts'

/**
 * OpenAI's `tools` as V1's `functions`, and the choice among them. Tools of other types are
 * V1's own (`baidu_search`) and stay in `tools`. All fields are `undefined` where there is nothing to send.
 */
export function qianfanV1Functions(body: JsonObject): {
  readonly functions: readonly unknown[] | undefined
  readonly tools: readonly unknown[] | undefined
  readonly tool_choice: JsonObject | undefined
} {
  const given = arrayOf(body['tools']) ?? []
  const described = given.filter(isFunctionTool).map((tool) => tool['function'])
  const choice = body['tool_choice']
  // V1 has no word for "none": a model that knows no functions calls none.
  const functions = choice === 'none' ? [] : described.filter(isObject).map(describe)
  const others = given.filter((tool) => !isFunctionTool(tool))
  return {
    functions: functions.length > 0 ? functions : undefined,
    tools: others.length > 0 ? others : undefined,
    tool_choice: functions.length > 0 ? chosen(choice, functions) : undefined,
  }
}

/**
 * V1 takes a named function only; `auto` is its default. That any of several must be called cannot be said, the only one
 * there is can.
 */
function chosen(choice: unknown, functions: readonly MutableJson[]): JsonObject | undefined {
  const only = functions.length === 1 ? functions[0]?.['name'] : undefined
  const named = objectOf(objectOf(choice)?.['function'])
  const name = textOf(choice === 'required' ? only : named?.['name'])
  return name === undefined ? undefined : { type: 'function', function: { name } }
}

/**
 * `description` and `parameters` must be there, the latter as below where a function takes none (function reference of
 * the vendor's ERNIE-SDK, `docs/api_reference/chat_completion.md`). `strict` is OpenAI's; `examples` are V1's own.
 */
function describe({ strict: _, ...described }: MutableJson): MutableJson {
  return {
    ...described,
    description: textOf(described['description']) ?? textOf(described['name']) ?? '',
    parameters: described['parameters'] ?? { type: 'object', properties: {} },
  }
}

function isFunctionTool(tool: unknown): tool is MutableJson {
  return isObject(tool) && (tool['type'] === 'function' || isObject(tool['function']))
}

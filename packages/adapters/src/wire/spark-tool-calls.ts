import { arrayOf, isObject, objectOf, textOf, type MutableJson } from './json.ts'

/**
 * The tool calls of a delta or message, in OpenAI's list, whatever Spark sent: one object (its default) or a list
 * (`tool_calls_switch`). The ids go: `call_1` repeats in every request, and a conversation needs them distinct.
 * Names that were shortened on the way there are the caller's own again. What is no function call (the sources of a
 * web search come in the same field) is none here either.
 */
export function sparkToolCalls(value: unknown, originals: ReadonlyMap<string, string>): MutableJson[] {
  const calls = arrayOf(value) ?? [value]
  return calls.filter(isFunctionCall).map(({ id: _, ...call }) => {
    const described = objectOf(call['function'])
    const original = originals.get(textOf(described?.['name']) ?? '')
    return original === undefined ? call : { ...call, function: { ...described, name: original } }
  })
}

function isFunctionCall(call: unknown): call is MutableJson {
  return isObject(call) && isObject(call['function'])
}

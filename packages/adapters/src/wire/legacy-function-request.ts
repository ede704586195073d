import { arrayOf, isObject, objectOf, type JsonObject, type MutableJson } from './json.ts'

/** The body in the form of tools, or `undefined` where it has nothing of the old form. Tools win where both are given. */
export function toolsForFunctions(body: JsonObject): JsonObject | undefined {
  const { functions, function_call: choice, ...rest } = body
  const messages = arrayOf(body['messages'])
  const modern = messages === undefined ? undefined : modernMessages(messages)
  const hasOldMessages = modern?.some((message, index) => message !== messages?.[index]) === true
  if (functions === undefined && choice === undefined && !hasOldMessages) return undefined
  const tools = arrayOf(functions)?.map((described) => ({ type: 'function', function: described }))
  return {
    ...(tools === undefined ? {} : { tools }),
    ...(choice === undefined
      ? {}
      : { tool_choice: isObject(choice) ? { type: 'function', function: choice } : choice }),
    ...rest,
    ...(modern === undefined ? {} : { messages: modern }),
  }
}

/** A call of the old form has no id: it gets one by its place, and the result after it the same. */
function modernMessages(messages: readonly unknown[]): unknown[] {
  let lastId = 'call_0'
  return messages.map((message, index) => {
    if (!isObject(message)) return message
    const called = objectOf(message['function_call'])
    if (message['role'] === 'assistant' && called !== undefined) {
      lastId = `call_${index}`
      return asToolCall(message, called, lastId)
    }
    if (message['role'] !== 'function') return message
    const { name: _, ...result } = message
    return { ...result, role: 'tool', tool_call_id: lastId }
  })
}

function asToolCall(
  { function_call: _, ...message }: MutableJson,
  called: MutableJson,
  id: string,
): MutableJson {
  return { ...message, tool_calls: [{ id, type: 'function', function: called }] }
}

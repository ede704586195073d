import { countTokens, messageTokens } from '../../engine/count-tokens.ts'
import { type JsonObject, isObject } from '../../json.ts'

/** Prompt tokens of a checked body by the published rule; `system` counts as the message it replaces. */
export function countPrompt(body: JsonObject): number {
  const { system, messages, functions } = body
  let tokens = typeof system === 'string' ? messageTokens + countTokens(system) : 0
  for (const message of objectsIn(messages)) {
    const { content, function_call: call } = message
    tokens += messageTokens + (typeof content === 'string' ? countTokens(content) : 0)
    if (isObject(call)) tokens += countTokens(`${String(call['name'])}${String(call['arguments'])}`)
  }
  for (const offered of objectsIn(functions)) tokens += countTokens(JSON.stringify(offered))
  return tokens
}

/** What the user said last, and whether nobody has spoken since. */
export function lastWord(body: JsonObject): { userText: string; userSpokeLast: boolean } {
  const messages = objectsIn(body['messages'])
  const content = messages.findLast((message) => message['role'] === 'user')?.['content']
  return {
    userText: typeof content === 'string' ? content : '',
    userSpokeLast: messages.at(-1)?.['role'] === 'user',
  }
}

function objectsIn(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

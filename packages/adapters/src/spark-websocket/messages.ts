import { arrayOf, isObject, objectOf, textOf, type JsonObject } from '../wire/json.ts'
import { normaliseMessages } from '../wire/normalise-messages.ts'
import { rewriteMessages } from '../wire/rewrite-messages.ts'
import { sparkFunctionName } from '../wire/spark-function-names.ts'

/**
 * `payload.message.text`: roles `system` (first, and only where the model takes it), `user` and `assistant` in turns,
 * content as text (vendor page Web.html). `undefined` where something is no text: the chat models read nothing else.
 *
 * There is no role for the result of a function, and no field for the call of one. Both are told in words, the call by
 * the assistant and its result by the user, so that the model finds them where they were in the conversation.
 */
export function sparkFrameMessages(messages: unknown, takesSystem: boolean): readonly unknown[] | undefined {
  const joined =
    rewriteMessages(messages, { developerRole: 'system', textParts: 'join' }) ?? arrayOf(messages)
  if (joined === undefined) return undefined
  const names = namesOfCalls(joined)
  const plain = joined.map((message) => (isObject(message) ? inWords(message, names) : message))
  const ordered =
    normaliseMessages(plain, { system: takesSystem ? 'first' : 'fold', alternate: true }) ?? plain
  const isText = ordered.every((message) => isObject(message) && typeof message['content'] === 'string')
  return isText ? ordered : undefined
}

function inWords(message: JsonObject, names: ReadonlyMap<string, string>): JsonObject {
  const { role } = message
  const content = message['content'] ?? ''
  if (role === 'assistant') {
    const calls = callsOf(message).map(({ name, json }) => `Call of ${name}: ${json}`)
    if (calls.length > 0) return { role, content: [...wordsOf(content), ...calls].join('\n') }
  }
  if (role === 'tool' && typeof content === 'string') {
    const told = textOf(message['name'])
    const id = textOf(message['tool_call_id']) ?? ''
    const name = told === undefined ? names.get(id) : sparkFunctionName(told)
    return { role: 'user', content: `Result of ${name ?? 'the call'}: ${content}` }
  }
  return { role, content }
}

function wordsOf(content: unknown): readonly string[] {
  const text = textOf(content)
  return text === undefined ? [] : [text]
}

interface PastCall {
  readonly id: string | undefined
  /** As Spark knows it, so that it is the name in the list of functions. */
  readonly name: string
  readonly json: string
}

function callsOf(message: JsonObject): readonly PastCall[] {
  return (arrayOf(message['tool_calls']) ?? []).filter(isObject).flatMap((call) => {
    const described = objectOf(call['function'])
    const name = textOf(described?.['name'])
    if (name === undefined) return []
    const json = textOf(described?.['arguments']) ?? '{}'
    return { id: textOf(call['id']), name: sparkFunctionName(name), json }
  })
}

function namesOfCalls(messages: readonly unknown[]): ReadonlyMap<string, string> {
  const calls = messages.filter(isObject).flatMap(callsOf)
  return new Map(calls.flatMap(({ id, name }) => (id === undefined ? [] : [[id, name] as const])))
}

import { arrayOf, isObject, type MutableJson } from '../wire/json.ts'
import { normaliseMessages } from '../wire/normalise-messages.ts'
import { sparkFunctionName } from '../wire/spark-function-names.ts'

/**
 * The messages as Spark takes them, or `undefined` where they can go as they are: one system message first (or
 * folded into the question), alternating roles, and the functions of earlier calls under the names Spark knows.
 */
export function sparkMessages(messages: unknown, takesSystem: boolean): readonly unknown[] | undefined {
  const ordered = normaliseMessages(messages, {
    system: takesSystem ? 'first' : 'fold',
    alternate: true,
    // Beside a tool call Spark itself sends empty text, never null; and it reads text only.
    nullContent: 'empty',
    textParts: 'join',
  })
  const source = ordered ?? arrayOf(messages)
  if (source === undefined) return undefined
  let changed = ordered !== undefined
  const result = source.map((message) => {
    const adapted = isObject(message) ? adaptMessage(message) : message
    if (adapted !== message) changed = true
    return adapted
  })
  return changed ? result : undefined
}

function adaptMessage(message: MutableJson): MutableJson {
  if (message['role'] === 'tool') return withSparkName(message)
  const calls = arrayOf(message['tool_calls'])
  if (message['role'] !== 'assistant' || calls === undefined) return message
  const renamed = calls.map((call) => {
    const described = isObject(call) ? call['function'] : undefined
    if (!isObject(call) || !isObject(described)) return call
    const named = withSparkName(described)
    return named === described ? call : { ...call, function: named }
  })
  const unchanged = renamed.every((call, index) => call === calls[index])
  return unchanged ? message : { ...message, tool_calls: renamed }
}

function withSparkName(named: MutableJson): MutableJson {
  const name = named['name']
  if (typeof name !== 'string') return named
  const sent = sparkFunctionName(name)
  return sent === name ? named : { ...named, name: sent }
}

import { ProviderError } from '../contract/index.ts'
import { arrayOf, isObject, objectOf, textOf, type JsonObject, type MutableJson } from '../wire/json.ts'
import { normaliseMessages } from '../wire/normalise-messages.ts'
import { hunyuanContent } from './content.ts'
import { invalidRequest } from './invalid-request.ts'

/**
 * The conversation in the order that Hunyuan documents (provider sheet, section 2.2): one system message, at the front
 * only; then the user and the assistant in turn, tool results in the user's place and several of them in a row; the
 * user first, the user or a tool last; 40 messages at most, none of them empty.
 *
 * Reasoning of earlier answers is never sent back, which would be an error.
 */
export function hunyuanMessages(messages: unknown): JsonObject[] | ProviderError {
  const list = arrayOf(messages)
  if (list?.every(isObject) !== true) return invalidRequest('messages', 'That is no list of messages')
  const given = list.filter(saysAnything)
  if (given.length === 0) return invalidRequest('messages', 'The messages say nothing')
  const rules = { system: 'first', alternate: true, textParts: 'join' } as const
  const ordered = (normaliseMessages(given, rules) ?? given).filter(isObject)
  const turns = ordered[0]?.['role'] === 'system' ? ordered.slice(1) : ordered
  // Instructions alone are the question.
  if (turns.length === 0) ordered.splice(0, 1, { ...ordered[0], role: 'user' })
  else if (turns[0]?.['role'] !== 'user') return invalidRequest('messages', STARTS_WITH_USER)
  else if (turns.at(-1)?.['role'] === 'assistant') return invalidRequest('messages', ENDS_WITH_QUESTION)
  if (ordered.length > MESSAGES_MAX) {
    return invalidRequest(
      'messages',
      `Hunyuan takes at most ${MESSAGES_MAX} messages, this request has ${ordered.length}: leave out the oldest`,
    )
  }
  const result: JsonObject[] = []
  for (const message of ordered) {
    const native = nativeMessage(message)
    if (native instanceof ProviderError) return native
    result.push(native)
  }
  return result
}

const MESSAGES_MAX = 40
const STARTS_WITH_USER = 'Hunyuan’s conversations begin with a message of the user, after the system message'
const ENDS_WITH_QUESTION =
  'Hunyuan’s conversations end with a message of the user or a tool, not of the assistant'

/** A tool result answers a call, so it stays even where the tool had nothing to say. */
function saysAnything(message: JsonObject): boolean {
  const { content } = message
  const isEmpty =
    content === undefined || content === null || content === '' || arrayOf(content)?.length === 0
  return !isEmpty || message['role'] === 'tool' || (arrayOf(message['tool_calls'])?.length ?? 0) > 0
}

function nativeMessage(message: MutableJson): JsonObject | ProviderError {
  const content = hunyuanContent(message['content'])
  if (content instanceof ProviderError) return content
  const calls = arrayOf(message['tool_calls'])?.filter(isObject) ?? []
  return {
    Role: message['role'],
    ...content,
    ...(message['role'] === 'tool' ? { ToolCallId: message['tool_call_id'] } : {}),
    ...(calls.length === 0 ? {} : { ToolCalls: calls.map(nativeCall) }),
  }
}

function nativeCall(call: MutableJson, index: number): JsonObject {
  const described = objectOf(call['function'])
  const json = described?.['arguments']
  return {
    Id: call['id'],
    Type: 'function',
    Function: {
      Name: described?.['name'],
      Arguments: textOf(json) ?? JSON.stringify(objectOf(json) ?? {}),
    },
    Index: index,
  }
}

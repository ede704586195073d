import type { MessageRules } from './rules.ts'
import type { Refusal } from '../contract/refusal.ts'
import { type JsonObject, isObject } from '../json.ts'

/** Checks the conversation against the rules; a list without messages is reported as the variant `empty`. */
export function checkMessages(value: unknown, rules: MessageRules): Refusal | undefined {
  if (!Array.isArray(value)) return wrong('messages', 'messages should be a list')
  if (value.length === 0) return { ...wrong('messages', "[] is too short - 'messages'"), variant: 'empty' }
  if (rules.most !== undefined && value.length > rules.most) {
    return wrong('messages', `messages takes at most ${rules.most} items`)
  }
  const calls = new Set<string>()
  let previous = 'assistant'
  let previousRole = ''
  const messages: unknown[] = value
  for (const [index, message] of messages.entries()) {
    const at = `messages.${index}`
    if (!isObject(message)) return wrong(at, 'a message should be an object')
    const role = message['role']
    if (typeof role !== 'string' || !rules.roles.includes(role)) {
      return wrong(
        `${at}.role`,
        `${String(role)} is not one of ${JSON.stringify(rules.roles)} - '${at}.role'`,
      )
    }
    const found =
      checkFields(message, at, rules) ??
      checkContent(message, role, at, rules) ??
      checkCalls(message, role, at, calls)
    if (found !== undefined) return found
    const moreResults = role === 'tool' && previousRole === 'tool'
    previousRole = role
    if (role === 'system' || role === 'developer') {
      if (rules.system === 'first' && index > 0) {
        return wrong(`${at}.role`, 'only the first message may be system')
      }
      continue
    }
    const speaker = role === 'tool' ? 'user' : role
    if (rules.alternate && speaker === previous && !moreResults) {
      return wrong(`${at}.role`, 'user and assistant messages should take turns, beginning with user')
    }
    previous = speaker
  }
  if (rules.endsWithUser && previous !== 'user') {
    return wrong('messages', 'the last message should be from the user or a tool')
  }
  return undefined
}

function wrong(param: string, message: string): Refusal {
  return { refused: 'invalid-messages', param, message }
}

function checkFields(message: JsonObject, at: string, rules: MessageRules): Refusal | undefined {
  const refused = rules.refusedFields.find((name) => name in message)
  return refused === undefined
    ? undefined
    : wrong(`${at}.${refused}`, `unsupported message field: ${refused}`)
}

function checkContent(
  message: JsonObject,
  role: string,
  at: string,
  rules: MessageRules,
): Refusal | undefined {
  const { content } = message
  const calling =
    role === 'assistant' && Array.isArray(message['tool_calls']) && message['tool_calls'].length > 0
  if (content === undefined || content === null) {
    return calling ? undefined : wrong(`${at}.content`, `content is required - '${at}.content'`)
  }
  if (typeof content === 'string') {
    return content === '' && !calling && !rules.emptyContent
      ? wrong(`${at}.content`, `content should not be empty - '${at}.content'`)
      : undefined
  }
  if (!rules.parts || !Array.isArray(content) || content.length === 0) {
    return wrong(
      `${at}.content`,
      `content should be a string${rules.parts ? ' or a list of parts' : ''} - '${at}.content'`,
    )
  }
  for (const part of content) {
    const type: unknown = isObject(part) ? part['type'] : undefined
    if (isObject(part) && type === 'text' && typeof part['text'] === 'string') continue
    const image = isObject(part) && type === 'image_url' ? part['image_url'] : undefined
    if (rules.images && role === 'user' && isObject(image) && typeof image['url'] === 'string') continue
    return wrong(`${at}.content`, `unsupported content part: ${String(type)}`)
  }
  return undefined
}

/** A tool message answers a call made before; a call has an id, a name and arguments in JSON. */
function checkCalls(message: JsonObject, role: string, at: string, calls: Set<string>): Refusal | undefined {
  if (role === 'tool') {
    const id = message['tool_call_id']
    return typeof id === 'string' && calls.has(id)
      ? undefined
      : wrong(
          `${at}.tool_call_id`,
          "messages with role 'tool' must be a response to a preceding message with 'tool_calls'",
        )
  }
  const made = message['tool_calls']
  if (made === undefined || made === null) return undefined
  if (role !== 'assistant' || !Array.isArray(made))
    return wrong(`${at}.tool_calls`, 'tool_calls should be a list')
  for (const call of made) {
    const inner: unknown = isObject(call) ? call['function'] : undefined
    const good =
      isObject(call) &&
      typeof call['id'] === 'string' &&
      call['id'] !== '' &&
      call['type'] === 'function' &&
      isObject(inner) &&
      typeof inner['name'] === 'string' &&
      typeof inner['arguments'] === 'string'
    if (!good)
      return wrong(`${at}.tool_calls`, 'a tool call needs id, type, function.name and function.arguments')
    calls.add(String(call['id']))
  }
  return undefined
}

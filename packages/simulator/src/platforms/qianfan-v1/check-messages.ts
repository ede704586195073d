import type { Refusal } from '../../contract/refusal.ts'
import { type JsonObject, isObject } from '../../json.ts'

/** The fields of a message (sheet 2.2); everything else stands for "do not send". */
const fields = ['role', 'content', 'name', 'function_call']

/**
 * An odd number of messages that take turns, beginning and ending with the user; a function's result stands in the
 * user's place, after the call it answers. A system message is none: `system` is a field of the request.
 */
export function checkMessages(value: unknown, functionsOffered: boolean): Refusal | undefined {
  if (!Array.isArray(value)) return wrong('messages must be a list')
  if (value.length % 2 !== 1) return wrong('messages length must be odd')
  const messages: unknown[] = value
  let called: unknown
  for (const [index, message] of messages.entries()) {
    if (!isObject(message)) return wrong(`message ${index} must be an object`)
    const roles = index % 2 === 1 ? ['assistant'] : functionsOffered ? ['user', 'function'] : ['user']
    const role = message['role']
    if (typeof role !== 'string' || !roles.includes(role)) return wrong(`invalid role in message ${index}`)
    const stranger = Object.keys(message).find((name) => !fields.includes(name))
    if (stranger !== undefined) return wrong(`unsupported field in message ${index}: ${stranger}`)
    if (role === 'function' && (called === undefined || message['name'] !== called)) {
      return wrong(`message ${index} must name the function called before it`)
    }
    const call = message['function_call']
    if (call !== undefined && !(role === 'assistant' && isCall(call))) {
      return wrong(`invalid function_call in message ${index}`)
    }
    called = isObject(call) ? call['name'] : undefined
    const refused = checkContent(message, call !== undefined)
    if (refused !== undefined) return refused
  }
  return undefined
}

/** Plain text only, and some of it, except beside a function call. */
function checkContent(message: JsonObject, calling: boolean): Refusal | undefined {
  const { content } = message
  if (calling && (content === undefined || content === null)) return undefined
  if (typeof content !== 'string') return wrong('message content must be a string')
  return content === '' && !calling ? wrong('message content can not be empty') : undefined
}

function isCall(call: unknown): boolean {
  return isObject(call) && typeof call['name'] === 'string' && typeof call['arguments'] === 'string'
}

function wrong(message: string): Refusal {
  return { refused: 'invalid-messages', param: 'messages', message }
}

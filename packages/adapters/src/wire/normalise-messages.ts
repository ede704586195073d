import { isObject, type MutableJson } from './json.ts'
import { rewriteMessages, type RewriteRules } from './rewrite-messages.ts'

/**
 * Brings a list of chat messages into the order stricter platforms insist on. OpenAI takes any order; ERNIE,
 * Hunyuan and Spark answer 400 to two user messages in a row or to a system message in the middle.
 */
export interface MessageRules extends Partial<RewriteRules> {
  /**
   * `first`: all system messages become one, at the front. `fold`: their text goes before that of the first user
   * message (models that take no system message). Absent: they stay where they are.
   */
  readonly system?: 'first' | 'fold'
  /** Neighbours of one role become one message; tool results stay single, they answer a call each. */
  readonly alternate?: boolean
  /** Fields of a message that the platform refuses, e.g. `reasoning_content` of an earlier answer. */
  readonly drop?: readonly string[]
}

/**
 * The messages to send, or `undefined` where the client's can go as they are, so that their bytes need not be
 * written anew. `developer` becomes `system` unless the rules say otherwise.
 */
export function normaliseMessages(messages: unknown, rules: MessageRules): readonly unknown[] | undefined {
  if (!Array.isArray(messages)) return undefined
  const given: readonly unknown[] =
    rewriteMessages(messages, { developerRole: 'system', ...rules }) ?? messages
  const known = given.filter(isObject)
  // Something that is no message is the caller's mistake: the platform shall say so, not we hide it.
  if (known.length !== given.length) return undefined
  let result = known.map((message) => withoutFields(message, rules.drop ?? []))
  if (rules.system !== undefined) result = placeSystem(result, rules.system)
  if (rules.alternate === true) result = joinNeighbours(result)
  const unchanged =
    result.length === messages.length && result.every((message, index) => message === messages[index])
  return unchanged ? undefined : result
}

function withoutFields(message: MutableJson, names: readonly string[]): MutableJson {
  if (!names.some((name) => name in message)) return message
  return Object.fromEntries(Object.entries(message).filter(([name]) => !names.includes(name)))
}

function placeSystem(messages: MutableJson[], place: 'first' | 'fold'): MutableJson[] {
  const system = messages.filter((message) => message['role'] === 'system')
  const others = messages.filter((message) => message['role'] !== 'system')
  const head = system.reduce<MutableJson | undefined>((all, one) => (all ? join(all, one) : one), undefined)
  if (head === undefined) return messages
  if (place === 'first') {
    return system.length === 1 && messages[0] === head ? messages : [head, ...others]
  }
  const firstUser = others.findIndex((message) => message['role'] === 'user')
  // Without a user message there is nothing to fold into: the instruction itself becomes the question.
  if (firstUser < 0) return [{ ...head, role: 'user' }, ...others]
  return others.map((message, index) =>
    index === firstUser ? { ...message, content: joinContent(head['content'], message['content']) } : message,
  )
}

function joinNeighbours(messages: readonly MutableJson[]): MutableJson[] {
  const result: MutableJson[] = []
  for (const message of messages) {
    const last = result.at(-1)
    if (last !== undefined && last['role'] === message['role'] && canJoin(last)) {
      result[result.length - 1] = join(last, message)
    } else {
      result.push(message)
    }
  }
  return result
}

/** An assistant message with tool calls must be followed by their results, so nothing is joined after it. */
function canJoin(message: MutableJson): boolean {
  const toolCalls = message['tool_calls']
  const calls = Array.isArray(toolCalls) && toolCalls.length > 0
  return (message['role'] === 'user' || message['role'] === 'assistant') && !calls
}

function join(first: MutableJson, second: MutableJson): MutableJson {
  return { ...first, ...second, content: joinContent(first['content'], second['content']) }
}

/** Two contents as one: text with a blank line between, or one list of parts where either has parts. */
function joinContent(first: unknown, second: unknown): unknown {
  if (isEmpty(first)) return second
  if (isEmpty(second)) return first
  if (typeof first === 'string' && typeof second === 'string') return `${first}\n\n${second}`
  return [...toParts(first), ...toParts(second)]
}

function isEmpty(content: unknown): boolean {
  return content === undefined || content === null || content === ''
}

function toParts(content: unknown): readonly unknown[] {
  if (Array.isArray(content)) return content as readonly unknown[]
  return [{ type: 'text', text: content }]
}

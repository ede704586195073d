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
  const [first, ...more] = system
  if (first === undefined) return messages
  const head = join([first, ...more])
  if (place === 'first') {
    return system.length === 1 && messages[0] === head ? messages : [head, ...others]
  }
  const firstUser = others.findIndex((message) => message['role'] === 'user')
  // Without a user message there is nothing to fold into: the instruction itself becomes the question.
  if (firstUser < 0) return [{ ...head, role: 'user' }, ...others]
  return others.map((message, index) =>
    index === firstUser
      ? { ...message, content: joinContents([head['content'], message['content']]) }
      : message,
  )
}

function joinNeighbours(messages: readonly MutableJson[]): MutableJson[] {
  const runs: Run[] = []
  for (const message of messages) {
    const run = runs.at(-1)
    if (run !== undefined && joins(run.at(-1), message)) run.push(message)
    else runs.push([message])
  }
  return runs.map(join)
}

type Run = [MutableJson, ...MutableJson[]]

/** An assistant message with tool calls must be followed by their results, so nothing is joined after it. */
function joins(last: MutableJson | undefined, next: MutableJson): boolean {
  const toolCalls = last?.['tool_calls']
  if (Array.isArray(toolCalls) && toolCalls.length > 0) return false
  const role = last?.['role']
  return (role === 'user' || role === 'assistant') && role === next['role']
}

/** A run of messages as one; of what else they have, the later one's counts. The message itself where it is alone. */
function join(run: Readonly<Run>): MutableJson {
  if (run.length === 1) return run[0]
  const all = run.reduce((before, message) => ({ ...before, ...message }))
  return { ...all, content: joinContents(run.map((message) => message['content'])) }
}

/**
 * Several contents as one: texts with blank lines between, or one list of parts from the first on that has parts. All at
 * once: a list that is copied for each of thousands of messages holds up everybody.
 */
function joinContents(contents: readonly unknown[]): unknown {
  const said = contents.filter((content) => content !== undefined && content !== null && content !== '')
  if (said.length < 2) return said[0] ?? contents.at(-1)
  const parts = said.findIndex((content) => typeof content !== 'string')
  if (parts < 0) return said.join('\n\n')
  const text = said.slice(0, parts).join('\n\n')
  return [...(parts === 0 ? [] : toParts(text)), ...said.slice(parts).flatMap(toParts)]
}

function toParts(content: unknown): readonly unknown[] {
  if (Array.isArray(content)) return content as readonly unknown[]
  return [{ type: 'text', text: content }]
}

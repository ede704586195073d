import { ProviderError, type Refusal } from '../contract/index.ts'
import { arrayOf, isObject, objectOf, parseJson, textOf, type MutableJson } from '../wire/json.ts'
import { normaliseMessages } from '../wire/normalise-messages.ts'

export interface QianfanV1Messages {
  readonly system: string | undefined
  readonly messages: readonly unknown[]
}

/**
 * OpenAI's messages as V1 takes them (provider sheet, section 2.2; vendor page ai-doc/WENXINWORKSHOP/Mm1ewmscv on
 * `messages`): the system text apart, an odd number of messages of which the odd ones are `user` or `function`, the even
 * ones `assistant`, the first one `user`, and none of them blank, save an assistant's that calls a function.
 *
 * - Blank messages say nothing and are left out; neighbours of one role become one.
 * - V1 calls one function a turn. Parallel calls become turns one after the other, each with its own result, in the
 *   order of the results: the model reads the same calls and answers as if it had made them singly.
 * - Where a turn of the other side is missing (a greeting of the assistant's at the front, a user who speaks right after
 *   a tool's result), `/` stands for it: what the official SDK (`python/qianfan/extensions/openai`) sends for a
 *   message without text.
 */
export function qianfanV1Messages(given: unknown): QianfanV1Messages | Refusal {
  const list = normaliseMessages(given, { system: 'first', textParts: 'join' }) ?? arrayOf(given)
  if (list === undefined || !list.every(isObject)) return refuse('must be a list of messages')
  const [first] = list
  const hasSystem = first?.['role'] === 'system'
  const system = hasSystem ? textIn(first) : ''
  if (system === undefined) return refuse(TEXT_ONLY)

  const turns = new Turns()
  for (const message of hasSystem ? list.slice(1) : list) {
    const fault = turns.add(message)
    if (fault !== undefined) return refuse(fault)
  }
  if (turns.awaitsResult) return refuse(UNANSWERED)
  const messages = alternating(turns.messages)
  // An instruction alone is the question: OpenAI takes that, too.
  if (messages.length === 0 && !isBlank(system)) {
    return { system: undefined, messages: [{ role: 'user', content: system }] }
  }
  if (messages.length === 0) return refuse('must have one that says something')
  if (messages.at(-1)?.['role'] === 'assistant') {
    return refuse('must not end with the assistant’s: Qianfan V1 cannot continue an answer')
  }
  return { system: isBlank(system) ? undefined : system, messages }
}

interface OpenCall {
  readonly id: string | undefined
  readonly name: string
  readonly arguments: string
}

/** The conversation in V1's roles, still without the order that V1 wants. */
class Turns {
  readonly messages: MutableJson[] = []
  #open: OpenCall[] = []
  /** What the assistant said beside its calls; it goes with the first of them. */
  #said = ''

  get awaitsResult(): boolean {
    return this.#open.length > 0
  }

  /** Takes the next message; returns what is wrong with it. */
  add(message: MutableJson): string | undefined {
    const text = textIn(message)
    if (text === undefined) return TEXT_ONLY
    switch (message['role']) {
      case 'user':
      case 'assistant':
        if (this.awaitsResult) return UNANSWERED
        return message['role'] === 'user' ? this.#say('user', text) : this.#addAssistant(message, text)
      case 'tool':
        return this.#addResult(message, text)
      default:
        return 'must have the role system, developer, user, assistant or tool'
    }
  }

  #addAssistant(message: MutableJson, text: string): string | undefined {
    const calls = arrayOf(message['tool_calls'])?.map((call) => objectOf(call) ?? {}) ?? []
    if (calls.length === 0) return this.#say('assistant', text)
    const read = calls.map(openCall)
    const open = read.filter((call) => call !== undefined)
    if (open.length < read.length) return 'must name the function of every tool call'
    this.#open = open
    this.#said = text
    return undefined
  }

  #addResult(message: MutableJson, text: string): string | undefined {
    const at = this.#open.findIndex((call) => call.id === message['tool_call_id'])
    const call = this.#open[at]
    if (call === undefined) return 'must not have a tool result without the tool call that it answers'
    this.#open.splice(at, 1)
    const { name, arguments: json } = call
    this.messages.push(
      { role: 'assistant', content: this.#said, function_call: { name, arguments: json } },
      { role: 'function', name, content: asJson(text) },
    )
    this.#said = ''
    return undefined
  }

  #say(role: string, content: string): undefined {
    if (!isBlank(content)) this.messages.push({ role, content })
  }
}

function openCall(call: MutableJson): OpenCall | undefined {
  const described = objectOf(call['function'])
  const name = textOf(described?.['name'])
  if (name === undefined) return undefined
  const given = described?.['arguments']
  return { id: textOf(call['id']), name, arguments: textOf(given) ?? JSON.stringify(given || {}) }
}

/** Models make sense of a result only as JSON, says the official SDK, which wraps it in the same way. */
function asJson(text: string): string {
  const parsed = parseJson(text)
  return isObject(parsed) || Array.isArray(parsed) ? text : JSON.stringify({ result: text })
}

function alternating(turns: readonly MutableJson[]): MutableJson[] {
  const joined = normaliseMessages(turns, { alternate: true })?.filter(isObject) ?? turns
  return joined.flatMap((message, index) => {
    const before = joined[index - 1]
    const isAnswer = message['role'] === 'assistant'
    if (isAnswer && before === undefined) return [{ role: 'user', content: NOTHING_SAID }, message]
    if (!isAnswer && before !== undefined && before['role'] !== 'assistant') {
      return [{ role: 'assistant', content: NOTHING_SAID }, message]
    }
    return [message]
  })
}

/** The text of a message; `undefined` where it is more than text, which V1's chat cannot read. */
function textIn(message: MutableJson): string | undefined {
  const content = message['content'] ?? ''
  return typeof content === 'string' ? content : undefined
}

function isBlank(text: string): boolean {
  return text.trim() === ''
}

function refuse(reason: string): Refusal {
  const message = `messages ${reason}`
  return { ok: false, error: new ProviderError('invalid_request', { message, param: 'messages' }) }
}

const NOTHING_SAID = '/'
const TEXT_ONLY = 'must be text: Qianfan V1 takes no images, audio or files'
const UNANSWERED = 'must have a tool result for every tool call, right after it'

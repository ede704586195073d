import { countTokens, imageTokens, messageTokens } from '../engine/count-tokens.ts'
import { type JsonObject, isObject } from '../json.ts'

/** What the messages of a checked body say. */
export interface Prompt {
  readonly tokens: number
  readonly userText: string
  readonly userSpokeLast: boolean
}

/**
 * Prompt tokens of a checked body by the published rule: 4 a message, its texts, 85 a picture, name and arguments of
 * every tool call, and the JSON text of every function offered.
 */
export function countPrompt(body: JsonObject): Prompt {
  let tokens = 0
  let userText = ''
  let lastRole: unknown
  const messages = body['messages']
  if (Array.isArray(messages)) {
    for (const message of messages.filter(isObject)) {
      tokens += messageTokens + countContent(message['content']) + countCalls(message['tool_calls'])
      if (typeof message['reasoning_content'] === 'string')
        tokens += countTokens(message['reasoning_content'])
      lastRole = message['role']
      if (lastRole === 'user') userText = textOf(message['content'])
    }
  }
  const tools = body['tools']
  if (Array.isArray(tools)) {
    for (const tool of tools) {
      if (isObject(tool) && tool['type'] === 'function') tokens += countTokens(JSON.stringify(tool))
    }
  }
  return { tokens, userText, userSpokeLast: lastRole === 'user' }
}

function countContent(content: unknown): number {
  if (typeof content === 'string') return countTokens(content)
  if (!Array.isArray(content)) return 0
  let tokens = 0
  for (const part of content.filter(isObject)) {
    tokens += typeof part['text'] === 'string' ? countTokens(part['text']) : imageTokens
  }
  return tokens
}

function countCalls(calls: unknown): number {
  if (!Array.isArray(calls)) return 0
  let tokens = 0
  for (const call of calls.filter(isObject)) {
    const inner = call['function']
    if (isObject(inner)) tokens += countTokens(`${String(inner['name'])}${String(inner['arguments'])}`)
  }
  return tokens
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  return content
    .filter(isObject)
    .map((part) => (typeof part['text'] === 'string' ? part['text'] : ''))
    .join(' ')
}

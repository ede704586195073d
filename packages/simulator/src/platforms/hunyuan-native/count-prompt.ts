import { countTokens, imageTokens, messageTokens } from '../../engine/count-tokens.ts'
import { type JsonObject, isObject } from '../../json.ts'

/** What the messages of a checked body say. */
interface Prompt {
  readonly tokens: number
  readonly userText: string
  readonly userSpokeLast: boolean
}

/** Prompt tokens of a checked body by the published rule, in Hunyuan's own words. A video counts as a picture. */
export function countPrompt(body: JsonObject): Prompt {
  let tokens = 0
  let userText = ''
  let lastRole: unknown
  for (const message of objectsIn(body['Messages'])) {
    const texts = textsOf(message)
    tokens += messageTokens + sum(texts.map(countTokens))
    tokens += imageTokens * objectsIn(message['Contents']).filter((part) => part['Type'] !== 'text').length
    for (const call of objectsIn(message['ToolCalls'])) {
      const inner = call['Function']
      if (isObject(inner)) tokens += countTokens(`${String(inner['Name'])}${String(inner['Arguments'])}`)
    }
    lastRole = message['Role']
    if (lastRole === 'user') userText = texts.join(' ')
  }
  for (const tool of objectsIn(body['Tools'])) tokens += countTokens(JSON.stringify(tool))
  return { tokens, userText, userSpokeLast: lastRole === 'user' }
}

function textsOf(message: JsonObject): string[] {
  const content = message['Content']
  if (typeof content === 'string' && content !== '') return [content]
  return objectsIn(message['Contents'])
    .map((part) => (part['Type'] === 'text' ? part['Text'] : undefined))
    .filter((part) => typeof part === 'string')
}

function objectsIn(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0)
}

import { arrayOf, isObject, textOf, type MutableJson } from './json.ts'

/** What must be different in single messages for a platform to take them. Their order: `normalise-messages.ts`. */
export interface RewriteRules {
  /** What becomes of OpenAI's role `developer`. Most platforms know only `system`. */
  readonly developerRole: 'system' | 'developer'
  /** `empty`: `content: null` beside tool calls is refused and becomes `""`. Default `keep`. */
  readonly nullContent?: 'keep' | 'empty'
  /** `text`: lists of text parts become one text, for models without other parts. Default `keep`. */
  readonly textParts?: 'keep' | 'join'
}

/**
 * The messages as a platform takes them, or `undefined` when they are fine as they are, which is the common case
 * and leaves the client's bytes untouched. The given list is never changed.
 */
export function rewriteMessages(messages: unknown, rules: RewriteRules): unknown[] | undefined {
  const given = arrayOf(messages)
  if (given === undefined) return undefined
  let rewritten: unknown[] | undefined
  given.forEach((message, index) => {
    if (!isObject(message)) return
    const changes = changesOf(message, rules)
    if (changes === undefined) return
    rewritten ??= [...given]
    rewritten[index] = { ...message, ...changes }
  })
  return rewritten
}

function changesOf(message: MutableJson, rules: RewriteRules): MutableJson | undefined {
  const changes: MutableJson = {}
  if (message['role'] === 'developer' && rules.developerRole === 'system') changes['role'] = 'system'
  if (rules.nullContent === 'empty' && message['content'] == null && Array.isArray(message['tool_calls'])) {
    changes['content'] = ''
  }
  if (rules.textParts === 'join') {
    const text = joinedText(message['content'])
    if (text !== undefined) changes['content'] = text
  }
  return Object.keys(changes).length === 0 ? undefined : changes
}

/** A list of text parts as one text; `undefined` for text, and for a list with anything else in it. */
export function joinedText(content: unknown): string | undefined {
  if (!Array.isArray(content)) return undefined
  const texts: string[] = []
  for (const part of content) {
    if (!isObject(part) || part['type'] !== 'text' || typeof part['text'] !== 'string') return undefined
    if (textOf(part['text']) !== undefined) texts.push(part['text'])
  }
  return texts.join('\n')
}

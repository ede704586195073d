import { isObject, type MutableJson } from './json.ts'

/**
 * Takes out of a delta or a message what has OpenAI's name and not its type, in place: text that is no text, tool calls
 * that are no list of objects. Clients with types give up on the whole answer for it. Returns whether anything was.
 */
export function dropOddFields(said: MutableJson): boolean {
  let changed = false
  const drop = (name: string) => {
    delete said[name]
    changed = true
  }
  for (const name of textFields) {
    const value = said[name]
    if (typeof value !== 'string' && value !== null && value !== undefined) drop(name)
  }
  const calls = said['tool_calls']
  if (calls === null || calls === undefined) return changed
  if (!Array.isArray(calls)) {
    drop('tool_calls')
    return changed
  }
  const known = calls.filter(isObject)
  if (known.length < calls.length) {
    said['tool_calls'] = known
    changed = true
  }
  return changed
}

const textFields = ['content', 'reasoning_content', 'refusal'] as const

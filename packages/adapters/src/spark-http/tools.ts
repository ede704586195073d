import { arrayOf, isObject, type JsonObject } from '../wire/json.ts'
import { sparkFunctionName } from './function-names.ts'

/**
 * The `tools` to send, or `undefined` where the client's can go as they are. Functions get names Spark takes, and a
 * model that searches the web by default is told not to, unless the caller asked for it: by Spark's own
 * `web_search` tool, which then stands as it is, or by OpenAI's `web_search_options`.
 */
export function sparkTools(body: JsonObject, searchesByDefault: boolean): readonly unknown[] | undefined {
  const given = arrayOf(body['tools']) ?? []
  const tools = given.map(renameFunction)
  const asked = isObject(body['web_search_options'])
  const decided = given.some((tool) => isObject(tool) && tool['type'] === 'web_search')
  if (!decided && (asked || searchesByDefault)) {
    tools.push({ type: 'web_search', web_search: { enable: asked } })
  }
  const unchanged = tools.length === given.length && tools.every((tool, index) => tool === given[index])
  return unchanged ? undefined : tools
}

/** A forced function under the name Spark knows it by; `undefined` where the choice can go as it is. */
export function sparkToolChoice(choice: unknown): unknown {
  const renamed = renameFunction(choice)
  return renamed === choice ? undefined : renamed
}

function renameFunction(holder: unknown): unknown {
  const described = isObject(holder) ? holder['function'] : undefined
  if (!isObject(holder) || !isObject(described)) return holder
  const name = described['name']
  if (typeof name !== 'string') return holder
  const sent = sparkFunctionName(name)
  return sent === name ? holder : { ...holder, function: { ...described, name: sent } }
}

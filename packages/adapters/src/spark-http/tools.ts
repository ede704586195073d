import { arrayOf, isObject, type JsonObject } from '../wire/json.ts'
import { sparkFunctionName } from '../wire/spark-function-names.ts'
import { sparkWebSearch } from '../wire/spark-web-search.ts'

/**
 * The `tools` to send, or `undefined` where the client's can go as they are. Functions get names Spark takes, and the
 * search is switched on or off beside them.
 */
export function sparkTools(body: JsonObject, searchesByDefault: boolean): readonly unknown[] | undefined {
  const given = arrayOf(body['tools']) ?? []
  const decided = sparkWebSearch(body, searchesByDefault).filter((tool) => !given.includes(tool))
  const tools = [...given.map(renameFunction), ...decided]
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

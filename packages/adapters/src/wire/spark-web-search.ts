import { arrayOf, isObject, type JsonObject } from './json.ts'

/**
 * The `web_search` tools to send. A model that searches the web by default is told not to, unless the caller asked for
 * it: by Spark's own `web_search` tool, which then stands as it is, or by OpenAI's `web_search_options`.
 */
export function sparkWebSearch(body: JsonObject, searchesByDefault: boolean): readonly unknown[] {
  const own = (arrayOf(body['tools']) ?? []).filter(isWebSearch)
  if (own.length > 0) return own
  const asked = isObject(body['web_search_options'])
  return asked || searchesByDefault ? [{ type: 'web_search', web_search: { enable: asked } }] : []
}

function isWebSearch(tool: unknown): boolean {
  return isObject(tool) && tool['type'] === 'web_search'
}

import { countOf, objectOf, type JsonObject } from '../wire/json.ts'
import { hasFigures } from '../wire/usage.ts'

/**
 * A bot may run several models for one answer and reports them side by side in `bot_usage.model_usage`
 * (official SDK, bot types). They are parts of one request, not running totals, so here they are added. A figure that
 * one of them leaves out is not known of the whole.
 */
export function findBotUsage(answer: JsonObject): JsonObject | undefined {
  const parts = objectOf(answer['bot_usage'])?.['model_usage']
  if (!Array.isArray(parts) || parts.length === 0) return undefined
  const sum = (name: string): number | undefined => {
    const counts = parts.map((part) => countOf(objectOf(part)?.[name])).filter((count) => count !== undefined)
    return counts.length < parts.length ? undefined : counts.reduce((all, count) => all + count, 0)
  }
  const usage = {
    prompt_tokens: sum('prompt_tokens'),
    completion_tokens: sum('completion_tokens'),
    total_tokens: sum('total_tokens'),
  }
  return hasFigures(usage) ? usage : undefined
}

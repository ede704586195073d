import { countOf, isObject, objectOf, type JsonObject } from '../wire/json.ts'

/**
 * A bot may run several models for one answer and reports them side by side in `bot_usage.model_usage`
 * (official SDK, bot types). They are parts of one request, not running totals, so here they are added.
 */
export function findBotUsage(answer: JsonObject): JsonObject | undefined {
  const parts = objectOf(answer['bot_usage'])?.['model_usage']
  if (!Array.isArray(parts) || parts.length === 0) return undefined
  const sum = (name: string): number =>
    parts.reduce<number>((all, part) => all + ((isObject(part) ? countOf(part[name]) : 0) ?? 0), 0)
  return {
    prompt_tokens: sum('prompt_tokens'),
    completion_tokens: sum('completion_tokens'),
    total_tokens: sum('total_tokens'),
  }
}

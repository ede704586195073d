import type { TokenUsage } from '../contract/index.ts'
import { countOf, isObject, objectOf, type JsonObject, type MutableJson } from './json.ts'

/**
 * OpenAI's `usage` object, and the dialects of it, in disjoint buckets.
 *
 * - `prompt_tokens` counts cached input too, `completion_tokens` counts reasoning too: both are taken out.
 * - Cached input stands in `prompt_tokens_details.cached_tokens`, in `cached_tokens` (Moonshot) or in
 *   `prompt_cache_hit_tokens` (DeepSeek). Platforms that send several agree; the first one present is used.
 * - Tokens written to an explicit cache: `prompt_tokens_details.cache_creation_input_tokens` (DashScope; not verified
 *   that `prompt_tokens` counts them, as it does the ones read).
 * - A detail larger than the figure that should contain it is not believed: the bucket stays inside its total.
 */
export function readUsage(usage: JsonObject): TokenUsage {
  const promptTokens = countOf(usage['prompt_tokens']) ?? countOf(usage['input_tokens'])
  const completionTokens = countOf(usage['completion_tokens']) ?? countOf(usage['output_tokens'])
  const promptDetails = objectOf(usage['prompt_tokens_details'])
  const completionDetails = objectOf(usage['completion_tokens_details'])

  const cached = within(
    promptTokens,
    countOf(promptDetails?.['cached_tokens']) ??
      countOf(usage['cached_tokens']) ??
      countOf(usage['prompt_cache_hit_tokens']),
  )
  const written = within(
    minus(promptTokens, cached),
    countOf(promptDetails?.['cache_creation_input_tokens']) ?? countOf(promptDetails?.['cache_write_tokens']),
  )
  const reasoning = within(completionTokens, countOf(completionDetails?.['reasoning_tokens']))
  const total =
    countOf(usage['total_tokens']) ??
    (promptTokens !== undefined && completionTokens !== undefined
      ? promptTokens + completionTokens
      : undefined)
  return usageOf({
    inputTokens: minus(minus(promptTokens, cached), written),
    cachedInputTokens: cached,
    cacheWriteTokens: written,
    outputTokens: minus(completionTokens, reasoning),
    reasoningTokens: reasoning,
    totalTokens: total,
  })
}

type Buckets = { readonly [Name in keyof Required<TokenUsage>]?: number | undefined }

/** Buckets without the unknown ones, so that "not said" is an absent key. */
function usageOf(buckets: Buckets): TokenUsage {
  return {
    ...(buckets.inputTokens === undefined ? {} : { inputTokens: buckets.inputTokens }),
    ...(buckets.cachedInputTokens === undefined ? {} : { cachedInputTokens: buckets.cachedInputTokens }),
    ...(buckets.cacheWriteTokens === undefined ? {} : { cacheWriteTokens: buckets.cacheWriteTokens }),
    ...(buckets.outputTokens === undefined ? {} : { outputTokens: buckets.outputTokens }),
    ...(buckets.reasoningTokens === undefined ? {} : { reasoningTokens: buckets.reasoningTokens }),
    ...(buckets.totalTokens === undefined ? {} : { totalTokens: buckets.totalTokens }),
  }
}

/** Whether an object says anything about tokens at all (`{}` does not). */
export function hasFigures(usage: JsonObject): boolean {
  return (
    countOf(usage['total_tokens']) !== undefined ||
    countOf(usage['prompt_tokens']) !== undefined ||
    countOf(usage['completion_tokens']) !== undefined
  )
}

/**
 * The newer of two running totals: figures replace each other and are never summed. A total that falls means that
 * the platform changed its basis (or reset to zeros on the last chunk); the larger one is kept.
 */
export function newerUsage(known: JsonObject | undefined, next: unknown): JsonObject | undefined {
  if (!isObject(next) || !hasFigures(next)) return known
  if (known === undefined) return next
  return totalOf(next) < totalOf(known) ? known : next
}

/** `usage` with the three figures every OpenAI client reads, as far as they are known; details stay as sent. */
export function openAiUsage(usage: JsonObject): MutableJson {
  const prompt = countOf(usage['prompt_tokens']) ?? countOf(usage['input_tokens'])
  const completion = countOf(usage['completion_tokens']) ?? countOf(usage['output_tokens'])
  const isSaid = prompt !== undefined || completion !== undefined
  const total = countOf(usage['total_tokens']) ?? (isSaid ? (prompt ?? 0) + (completion ?? 0) : undefined)
  const told: MutableJson = {
    ...usage,
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: total,
  }
  for (const name of figureNames) if (told[name] === undefined) delete told[name]
  return told
}

const figureNames = ['prompt_tokens', 'completion_tokens', 'total_tokens'] as const

/** Whether clients can read the figures as they are: numbers, and a total among them. */
export function isOpenAiUsage(usage: JsonObject): boolean {
  const isFigure = (value: unknown) => typeof value === 'number' && countOf(value) !== undefined
  return figureNames.every((name) =>
    name === 'total_tokens' || usage[name] !== undefined ? isFigure(usage[name]) : true,
  )
}

function totalOf(usage: JsonObject): number {
  return (
    countOf(usage['total_tokens']) ??
    (countOf(usage['prompt_tokens']) ?? 0) + (countOf(usage['completion_tokens']) ?? 0)
  )
}

function minus(whole: number | undefined, part: number | undefined): number | undefined {
  return whole === undefined ? undefined : whole - (part ?? 0)
}

function within(whole: number | undefined, part: number | undefined): number | undefined {
  return whole === undefined || part === undefined ? part : Math.min(whole, part)
}

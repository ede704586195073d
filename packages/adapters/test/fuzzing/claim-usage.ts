import type { TokenUsage } from '../../src/contract/index.ts'
import { isObject } from '../../src/wire/json.ts'
import { claim, isCount } from './claim.ts'

/** Buckets are counts or absent; "not said" is not a key. */
export function claimUsage(usage: TokenUsage | undefined): void {
  if (usage === undefined) return
  for (const [name, count] of Object.entries(usage)) {
    claim(buckets.has(name) && isCount(count), `${name} is a count`, count)
  }
}

/** The figures every client of OpenAI reads, as far as they are there. */
export function claimUsageObject(usage: unknown): void {
  claim(isObject(usage), 'usage is an object', usage)
  for (const name of ['prompt_tokens', 'completion_tokens', 'total_tokens']) {
    claim(usage[name] === undefined || isCount(usage[name]), `${name} is a count`, usage[name])
  }
}

const buckets: ReadonlySet<string> = new Set([
  'inputTokens',
  'cachedInputTokens',
  'cacheWriteTokens',
  'outputTokens',
  'reasoningTokens',
  'totalTokens',
])

/**
 * What a provider says one request used, in disjoint buckets: no token is counted in two of them.
 *
 * `undefined` means "the provider did not say" and is never the same as `0`, which is a value. A bucket
 * that a provider has no notion of (Baichuan and cached input, say) stays `undefined`.
 */
export interface TokenUsage {
  /** Input tokens charged at the full input price: without those in `cachedInputTokens` and `cacheWriteTokens`. */
  readonly inputTokens?: number
  /** Input tokens read from the provider's context cache. */
  readonly cachedInputTokens?: number
  /** Input tokens written to an explicit context cache. */
  readonly cacheWriteTokens?: number
  /** Output tokens of the answer: without those in `reasoningTokens`. */
  readonly outputTokens?: number
  /** Output tokens of the reasoning that came before the answer. */
  readonly reasoningTokens?: number
  /** The provider's own total. It may exceed the sum of the buckets (Qianfan adds tool tokens) and is what grants count. */
  readonly totalTokens?: number
}

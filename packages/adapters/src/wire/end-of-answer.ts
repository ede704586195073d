import { ProviderError, type TokenUsage } from '../contract/index.ts'

/**
 * Whether an answer that has ended is one at all. Platforms answer 200 with nothing in it: no choices, an empty
 * shell, a stream of no chunks (provider sheet of OpenAI-compatible upstreams, section 4.10; ModelScope, trap 1).
 *
 * Empty but believable: a finish reason that explains it (`length`, `content_filter`), or output tokens that the
 * provider counts and bills.
 */
export function faultOfEnd(end: {
  readonly hasOutput: boolean
  readonly finishReason: string | undefined
  readonly complete: boolean
  readonly usage: TokenUsage | undefined
}): ProviderError | undefined {
  if (end.finishReason === undefined && !end.complete) {
    return new ProviderError('upstream_error', {
      message: end.hasOutput
        ? 'The provider broke off the stream before the answer was complete'
        : 'The provider closed the stream without an answer',
      upstreamCode: 'stream_cut',
      concluded: true,
    })
  }
  if (end.hasOutput) return undefined
  if (end.finishReason !== undefined && end.finishReason !== 'stop') return undefined
  const billed = (end.usage?.outputTokens ?? 0) + (end.usage?.reasoningTokens ?? 0)
  if (end.finishReason === 'stop' && billed > 0) return undefined
  return new ProviderError('upstream_error', {
    message: 'The provider answered with an empty answer',
    upstreamCode: 'empty_answer',
    concluded: true,
  })
}

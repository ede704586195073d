import { ProviderError, type Call } from '../../src/contract/index.ts'
import { claim, isCount } from './claim.ts'

/** An error that can be acted on, shown and written down. */
export function claimError(error: unknown, call: Call): asserts error is ProviderError {
  claim(error instanceof ProviderError, 'a fault is a ProviderError', error)
  const { kind, message, upstreamCode, param, retryAfterMs } = error
  claim(kinds.has(kind), 'a kind of the contract', kind)
  claim(message.trim() !== '' && message.length <= 600, 'a message, of bounded length', message)
  claim(retryAfterMs === undefined || isCount(retryAfterMs), 'a wait in whole milliseconds', retryAfterMs)
  for (const text of [upstreamCode, param]) {
    claim(text === undefined || (typeof text === 'string' && text.length <= 200), 'a short code', text)
  }
  for (const secret of Object.values({ ...call.credentials, ...call.session })) {
    const told = [message, upstreamCode, param].find((text) => text?.includes(secret) === true)
    claim(told === undefined, 'no credentials are told', told)
  }
}

const kinds: ReadonlySet<string> = new Set([
  'invalid_request',
  'context_length_exceeded',
  'content_filter',
  'model_not_found',
  'invalid_credentials',
  'permission_denied',
  'rate_limited',
  'free_quota_exhausted',
  'balance_exhausted',
  'overloaded',
  'timeout',
  'upstream_error',
  'unreachable',
])

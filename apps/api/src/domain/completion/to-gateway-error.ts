import type { ProviderError } from '@tollgate/adapters/contract'
import { GatewayError } from '../errors.ts'

/**
 * What the caller is told of a provider's failure. The caller's own faults keep the provider's words. What only an
 * administrator can mend (a wrong credential, a model that is not opened) is a fault of the gateway's side: never a 401
 * or 403, which would tell the caller that its own key is wrong, and not worth sending again
 * (docs/decisions/0010-what-a-providers-refusal-becomes.md).
 */
export function toGatewayError(error: ProviderError): GatewayError {
  switch (error.kind) {
    case 'invalid_request':
      return new GatewayError(
        'invalid_request_error',
        error.message,
        error.param === undefined ? {} : { param: error.param },
      )
    case 'context_length_exceeded':
      return new GatewayError('context_length_exceeded', error.message, { param: 'messages' })
    case 'content_filter':
      return new GatewayError('content_filter', error.message)
    case 'rate_limited':
      return new GatewayError(
        'rate_limit_exceeded',
        `The provider's rate limit is reached: ${error.message}`,
        {
          retryAfterMs: error.retryAfterMs ?? 1_000,
        },
      )
    case 'free_quota_exhausted':
      return new GatewayError(
        'insufficient_quota',
        `The provider says that the free quota is used up: ${error.message}`,
      )
    case 'balance_exhausted':
      return new GatewayError(
        'insufficient_quota',
        `The provider account has no balance left: ${error.message}`,
      )
    case 'overloaded':
      return new GatewayError('overloaded', `The provider is overloaded: ${error.message}`, {
        retryAfterMs: error.retryAfterMs ?? 1_000,
      })
    case 'timeout':
      return new GatewayError('upstream_timeout', `The provider did not answer in time: ${error.message}`)
    case 'invalid_credentials':
      return new GatewayError(
        'account_unusable',
        `The provider refused the gateway's credentials; an administrator must check the account: ${error.message}`,
      )
    case 'permission_denied':
      return new GatewayError(
        'account_unusable',
        `The provider account may not use this model; an administrator must open it: ${error.message}`,
      )
    case 'model_not_found':
      return new GatewayError('model_not_found', `The provider does not serve the model: ${error.message}`, {
        param: 'model',
      })
    case 'unreachable':
      return new GatewayError('upstream_error', `The provider could not be reached: ${error.message}`)
    case 'upstream_error':
      return new GatewayError('upstream_error', `The provider failed: ${error.message}`)
  }
}

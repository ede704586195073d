import { ProviderError } from '../contract/index.ts'

/** Why a request can never be served here, told before anything is sent. */
export function invalidRequest(param: string, message: string): ProviderError {
  return new ProviderError('invalid_request', { message, param })
}

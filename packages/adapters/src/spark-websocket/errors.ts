import { ProviderError, type Call, type ResponseHead } from '../contract/index.ts'
import { readSparkError } from '../wire/spark-errors.ts'

/**
 * Reads the refusal of a signed call: a handshake that was answered with 401 or 403 (`HMAC signature …`), or an HTTP
 * answer of the embedding service. A date that is not believed looks like a wrong key and is none.
 */
export function readSignedRefusal(head: ResponseHead, body: Uint8Array, call: Call): ProviderError {
  const error = readSparkError(head, body, call)
  if (error.kind !== 'invalid_credentials' || !/\bdate\b|clock/i.test(error.message)) return error
  return new ProviderError(error.kind, {
    message: `${error.message} (the clock of this machine may be off by more than five minutes)`,
    status: head.status,
    ...(error.upstreamCode === undefined ? {} : { upstreamCode: error.upstreamCode }),
  })
}

import type { Incoming, WireReply } from '../../contract/platform.ts'
import type { Refusal } from '../../contract/refusal.ts'
import { jsonReply, q } from '../kit.ts'
import { idOf } from './wire.ts'

type Told = readonly [code: number, message: string]

/**
 * The old interface's errors (sheet 5.1, fixtures v1-error-*): always HTTP 200 and plain JSON, also where a stream was
 * asked for. Codes of Baidu's common gateway are small and come without an id. The content filter is no error but an
 * answer with `need_clear_history`.
 */
export function refuse(refusal: Refusal, request: Incoming): WireReply | undefined {
  const told = tell(refusal)
  return told === undefined ? undefined : jsonReply(200, errorBody(told, request))
}

/** An error inside a stream is a line of JSON without `data:`, after which the connection ends. */
export function streamError(request: Incoming): string {
  return `${q(errorBody(internal, request))}\n`
}

export function methodRefused(request: Incoming): WireReply {
  return jsonReply(200, errorBody([336_101, 'Invalid HTTP method'], request))
}

const internal: Told = [336_000, 'Internal error']

function errorBody([code, message]: Told, request: Incoming): unknown {
  return { error_code: code, error_msg: message, ...(code >= 336_000 ? { id: idOf(request) } : {}) }
}

function tell(refusal: Refusal): Told | undefined {
  switch (refusal.refused) {
    case 'missing-key':
      // A mock server of the vendor answers 110 instead.
      return [100, 'Invalid parameter']
    case 'bad-key':
      if (refusal.variant === 'token-expired') return [111, 'Access token expired']
      if (refusal.variant === 'token-unknown') return [110, 'Access token invalid or no longer valid']
      return [14, 'IAM Certification failed']
    case 'unknown-model':
      return [3, 'Unsupported openapi method']
    case 'malformed-json':
      return [336_002, 'Invalid JSON']
    case 'invalid-parameter':
      if (refusal.variant === 'type') return [336_001, refusal.message ?? 'Invalid argument']
      if (refusal.variant === 'system') return [336_104, refusal.message ?? 'Invalid argument system']
      return [336_003, refusal.message ?? 'Invalid parameter']
    case 'invalid-messages':
      return [336_003, refusal.message ?? 'Invalid parameter']
    case 'too-long':
      return [336_103, 'Prompt tokens too long']
    case 'rate-limit':
      return [18, 'Open api qps request limit reached']
    // One code for both: a free model's daily limit, and an account in arrears or without billing.
    case 'free-quota':
    case 'balance':
      return [17, 'Open api daily request limit reached']
    case 'overloaded':
      return [336_100, 'high load']
    case 'internal':
      return internal
    case 'content-filter':
      return undefined
  }
}

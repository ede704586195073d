import type { Incoming, WireReply } from '../../contract/platform.ts'
import type { Refusal } from '../../contract/refusal.ts'
import { jsonReply } from '../kit.ts'

type Body = readonly [status: number, code: string, message: string, type: string]

/** Qianfan V2's errors (fixtures v2-error-*). */
export function refuse(refusal: Refusal, request: Incoming): WireReply {
  const [status, code, message, type] = bodyOf(refusal)
  return jsonReply(status, errorBody(code, message, type, request))
}

export function errorBody(code: string, message: string, type: string, request: Incoming): unknown {
  return { error: { code, message, type }, id: `as-${request.id.replaceAll('-', '')}` }
}

function bodyOf(refusal: Refusal): Body {
  const invalid = 'invalid_request_error'
  switch (refusal.refused) {
    case 'bad-key':
    case 'missing-key':
      return refusal.variant === 'appid'
        ? [401, 'invalid_appid', 'No permission to use the appid', invalid]
        : [401, 'invalid_iam_token', 'IAM Certification failed', invalid]
    case 'unknown-model':
      return [400, 'invalid_model', 'No permission to use the model', invalid]
    case 'malformed-json':
      return [400, 'malformed_json', 'Invalid Argument', invalid]
    case 'invalid-parameter':
      if (refusal.variant === 'model') return [400, 'invalid_model', 'model is empty', invalid]
      // A parameter of the wrong type fails while the body is read, as a string for `stop` was seen to.
      if (refusal.variant === 'type') return [400, 'malformed_json', 'Invalid Argument', invalid]
      return [400, 'invalid_argument', refusal.message ?? 'Invalid Argument', invalid]
    case 'invalid-messages':
      return [400, 'invalid_messages', refusal.message ?? 'Invalid messages', invalid]
    case 'too-long':
      return [400, 'tokens_too_long', 'Prompt tokens too long', invalid]
    case 'rate-limit':
      return [429, 'rpm_rate_limit_exceeded', 'Rate limit reached for RPM', 'rate_limit_exceeded']
    // The status of an empty quota is not known; 403 goes with the type that is.
    case 'free-quota':
    case 'balance':
      return [403, 'account_overdue', 'account is in arrears', 'access_denied']
    case 'content-filter':
      return [403, 'system_unsafe', 'the content of system field is invalid', 'unsafe_request']
    case 'overloaded':
      return [500, 'dispatch_internal_error', 'Internal error', 'internal_error']
    case 'internal':
      return [500, 'internal_error', 'Internal error', 'internal_error']
  }
}

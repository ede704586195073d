import type { Incoming, WireReply } from '../../contract/platform.ts'
import type { Refusal } from '../../contract/refusal.ts'
import { jsonReply } from '../kit.ts'

type Body = readonly [
  status: number,
  type: string,
  code: string,
  message: string,
  source: string,
  upstream?: string,
]

/** TokenHub's errors (fixtures tokenhub-error-*, vendor page 1823/131595): who failed stands in `source`. */
export function refuse(refusal: Refusal, request: Incoming): WireReply {
  const [status, type, code, message, source, upstream] = bodyOf(refusal)
  return { status, body: errorText(type, code, message, source, request, upstream) }
}

export function errorText(
  type: string,
  code: string,
  message: string,
  source: string,
  request: Incoming,
  upstream?: string,
): string {
  const failed =
    upstream === undefined
      ? {}
      : { upstream_code: upstream, upstream_status: upstream === 'internal_error' ? 500 : 400 }
  return jsonReply(0, { error: { type, code, message, source, ...failed, request_id: request.id } }).body
}

function bodyOf(refusal: Refusal): Body {
  const invalid = 'invalid_request_error'
  switch (refusal.refused) {
    case 'bad-key':
    case 'missing-key':
      return [401, 'authentication_error', '401002', 'invalid api key', 'gateway']
    case 'unknown-model':
      return [400, invalid, '400002', `invalid parameter 'model': ${refusal.model ?? ''} not found`, 'client']
    case 'malformed-json':
      return [400, invalid, '400001', 'invalid request body', 'client']
    case 'invalid-parameter':
    case 'invalid-messages': {
      const message = `invalid parameter '${refusal.param ?? 'body'}': ${refusal.message ?? ''}`
      return [400, invalid, '400001', message, 'client']
    }
    case 'too-long':
      return [
        400,
        invalid,
        '400004',
        'input length exceeds the model limit',
        'upstream',
        'context_length_exceeded',
      ]
    case 'rate-limit':
      return [429, 'rate_limit_error', '429001', 'rate limit exceeded on dimension: rpm', 'gateway']
    case 'free-quota':
      return [402, 'permission_error', '403004', 'endpoint is inactive: FREE_QUOTA_EXHAUSTED', 'gateway']
    case 'balance':
      return [402, 'permission_error', '401008', 'billing is not available for this account', 'gateway']
    case 'content-filter':
      return [451, 'content_filter_error', '451001', 'content was filtered by safety policy', 'gateway']
    case 'overloaded':
      return [502, 'upstream_error', '502001', 'provider is overloaded', 'upstream', 'overloaded']
    case 'internal':
      return [502, 'upstream_error', '502001', 'provider error', 'upstream', 'internal_error']
  }
}

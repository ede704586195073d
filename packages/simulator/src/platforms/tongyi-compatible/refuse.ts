import type { Incoming, WireReply } from '../../contract/platform.ts'
import type { Refusal } from '../../contract/refusal.ts'
import { jsonReply } from '../kit.ts'

interface Body {
  readonly status: number
  readonly message: string
  readonly type: string
  readonly code: string
  /** Some errors carry an id beside the request id (recorded). */
  readonly id?: true
}

/** The compatible mode's error bodies (fixtures compat-error-*). */
export function refuse(refusal: Refusal, request: Incoming): WireReply {
  const { status, message, type, code, id } = bodyOf(refusal)
  return jsonReply(status, {
    error: { message, type, param: null, code },
    ...(id === true ? { id: `chatcmpl-${request.id}` } : {}),
    request_id: request.id,
  })
}

function bodyOf(refusal: Refusal): Body {
  switch (refusal.refused) {
    case 'bad-key':
    case 'missing-key':
      return {
        status: 401,
        // A key of a plan on the wrong host is told in other words.
        message:
          refusal.variant === 'plan'
            ? 'invalid access token or token expired'
            : 'Incorrect API key provided.',
        type: 'invalid_request_error',
        code: 'invalid_api_key',
      }
    case 'unknown-model':
      return {
        status: 404,
        message: `The model \`${refusal.model ?? ''}\` does not exist or you do not have access to it.`,
        type: 'invalid_request_error',
        code: 'model_not_found',
        id: true,
      }
    case 'invalid-messages':
      // The vendor's page: an empty list of messages is a 500.
      if (refusal.variant === 'empty') return same(500, 'list index out of range', 'internal_error')
      return parameter(`<400> InternalError.Algo.InvalidParameter: ${refusal.message ?? 'messages'}`)
    case 'malformed-json':
      return parameter('Required body invalid, please check the request body format.')
    case 'invalid-parameter':
      return { ...parameter(refusal.message ?? 'invalid parameter'), ...idWith(refusal) }
    case 'too-long':
      return parameter(
        `<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, ${refusal.allowed ?? 0}]`,
      )
    case 'rate-limit':
      return same(429, 'You exceeded your current requests list.', 'limit_requests')
    case 'free-quota':
      return same(
        403,
        'The free quota has been exhausted. Disable the use free tier only mode to go on.',
        'AllocationQuota.FreeTierOnly',
      )
    case 'balance':
      return {
        ...same(400, 'Access denied, please make sure your account is in good standing.', 'Arrearage'),
        id: true,
      }
    case 'content-filter':
      return {
        ...same(400, 'Input data may contain inappropriate content.', 'data_inspection_failed'),
        id: true,
      }
    case 'overloaded':
      return same(
        503,
        'The service is temporarily unavailable, please try again later.',
        'ServiceUnavailable',
      )
    case 'internal':
      return same(
        500,
        'An internal error has occured, please try again later or contact service support.',
        'internal_error',
      )
  }
}

function idWith(refusal: Refusal): { id: true } | object {
  return refusal.variant === 'thinking' ? { id: true } : {}
}

function parameter(message: string): Body {
  return { status: 400, message, type: 'invalid_request_error', code: 'invalid_parameter_error' }
}

/** Most of the platform's own codes stand in both fields. */
function same(status: number, message: string, code: string): Body {
  return { status, message, type: code, code }
}

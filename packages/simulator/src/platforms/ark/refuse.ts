import type { Incoming, WireReply } from '../../contract/platform.ts'
import type { Refusal } from '../../contract/refusal.ts'
import { jsonReply } from '../kit.ts'
import { arkId } from './wire.ts'

interface Body {
  readonly status: number
  readonly code: string
  readonly message: string
  readonly type: string
  readonly param?: string
}

/** Ark's error bodies (fixtures error-*): the request id stands inside the message. */
export function refuse(refusal: Refusal, request: Incoming): WireReply {
  const { status, ...body } = bodyOf(refusal)
  return jsonReply(status, errorBody(body, request))
}

export function errorBody(body: Omit<Body, 'status'>, request: Incoming): unknown {
  return {
    error: {
      code: body.code,
      message: `${body.message} Request id: ${arkId(request)}`,
      param: body.param ?? '',
      type: body.type,
    },
  }
}

function bodyOf(refusal: Refusal): Body {
  const param = refusal.param ?? ''
  switch (refusal.refused) {
    case 'bad-key':
      // What a temporary key is told that was asked for another endpoint is not verified.
      if (refusal.variant === 'resource') {
        return {
          status: 403,
          code: 'AccessDenied',
          message: `The request failed because the API key has no access to ${refusal.model ?? ''}.`,
          type: 'Forbidden',
        }
      }
      return unauthorized('The API key format is incorrect.')
    case 'missing-key':
      return unauthorized('The API key or AK/SK in the request is missing or invalid.')
    case 'unknown-model':
      return {
        status: 404,
        code: 'InvalidEndpointOrModel.NotFound',
        message: `The model or endpoint ${refusal.model ?? ''} does not exist or you do not have access to it.`,
        type: 'NotFound',
      }
    case 'malformed-json':
      return bad('InvalidParameter', 'A parameter specified in the request is not valid: body', 'body')
    case 'invalid-parameter':
    case 'invalid-messages':
      return refusal.variant === 'model' || refusal.variant === 'empty'
        ? bad('MissingParameter', `The request is missing a required parameter: ${param}`, param)
        : bad(
            'InvalidParameter',
            `A parameter specified in the request is not valid: ${refusal.message ?? param}`,
            param,
          )
    case 'too-long':
      return bad('OutofContextError', 'The input exceeds the maximum context length of the model.')
    case 'rate-limit':
      return busy(
        'ModelAccountTpmRateLimitExceeded',
        'TPM (Tokens Per Minute) limit of the model is exceeded.',
      )
    case 'free-quota':
      return busy(
        'QuotaExceeded',
        `Your account [2100000000] has exhausted its free trial quota for the [${familyOf(refusal.model)}] model.`,
      )
    case 'balance':
      return {
        status: 403,
        code: 'AccountOverdueError',
        message: 'The request failed because your account has an overdue balance.',
        type: 'Forbidden',
      }
    case 'overloaded':
      return busy(
        'ServerOverloaded',
        'The service is currently unable to handle additional requests due to server overload. Please retry later.',
      )
    case 'content-filter':
      return bad(
        'InputTextSensitiveContentDetected',
        'The request failed because the input text may contain sensitive information.',
      )
    case 'internal':
      return {
        status: 500,
        code: 'InternalServiceError',
        message: 'The service encountered an unexpected internal error.',
        type: 'InternalServerError',
      }
  }
}

/** The name of a model without its date. */
function familyOf(model: string | undefined): string {
  return (model ?? '').replace(/-\d{6}$/, '')
}

function unauthorized(message: string): Body {
  return { status: 401, code: 'AuthenticationError', message, type: 'Unauthorized' }
}

function bad(code: string, message: string, param = ''): Body {
  return { status: 400, code, message, param, type: 'BadRequest' }
}

function busy(code: string, message: string): Body {
  return { status: 429, code, message, type: 'TooManyRequests' }
}

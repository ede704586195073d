import type { Incoming, WireReply } from '../../contract/platform.ts'
import type { Refusal } from '../../contract/refusal.ts'
import { q } from '../kit.ts'
import { asksForStream } from './asks-for-stream.ts'

interface Body {
  readonly status: number
  readonly code: string
  readonly message: string
}

/**
 * The native error bodies (fixtures native-error-*). A call that asked for a stream gets a status of 200 and the error in
 * the first frame, with the real status in its comment (recorded: native-stream-error-first-frame).
 */
export function refuse(refusal: Refusal, request: Incoming): WireReply {
  const body = bodyOf(refusal)
  if (!asksForStream(request)) return { status: body.status, body: bodyText(body, request) }
  return {
    status: 200,
    body: errorFrame(1, body, request),
    contentType: 'text/event-stream;charset=utf-8',
  }
}

/** An error after text was sent: the same frame, counted on (fixture native-stream-error-mid, a guess). */
export function streamError(request: Incoming, framesBefore: number): string {
  const filtered = bad('DataInspectionFailed', 'Output data may contain inappropriate content.')
  return errorFrame(framesBefore + 1, filtered, request)
}

function errorFrame(id: number, body: Body, request: Incoming): string {
  return `id:${id}\nevent:error\n:HTTP_STATUS/${body.status}\ndata:${bodyText(body, request)}\n\n`
}

function bodyText({ code, message }: Body, request: Incoming): string {
  return q({ code, message, request_id: request.id })
}

function bodyOf(refusal: Refusal): Body {
  switch (refusal.refused) {
    case 'bad-key':
      // A key of a plan on the wrong host is told in other words.
      return key(
        refusal.variant === 'plan' ? 'invalid access token or token expired' : 'Invalid API-key provided.',
      )
    case 'missing-key':
      return key('No API-key provided.')
    case 'unknown-model':
      return { status: 404, code: 'ModelNotFound', message: 'Model can not be found.' }
    case 'invalid-messages':
      // One wording for wrong roles and empty contents, recorded.
      return parameter(
        /\.(role|content)$/.test(refusal.param ?? '')
          ? 'Role must be user or assistant and Content length must be greater than 0'
          : (refusal.message ?? 'messages'),
      )
    case 'malformed-json':
      return parameter('Required body invalid, please check the request body format.')
    case 'invalid-parameter':
      return refusal.variant === 'async'
        ? {
            status: 403,
            code: 'AccessDenied',
            message: 'current user api does not support asynchronous calls.',
          }
        : parameter(refusal.message ?? 'invalid parameter')
    case 'too-long':
      return parameter(`Range of input length should be [1, ${refusal.allowed ?? 0}]`)
    case 'rate-limit':
      return {
        status: 429,
        code: 'Throttling.RateQuota',
        message: 'Requests rate limit exceeded, please try again later.',
      }
    case 'free-quota':
      return {
        status: 403,
        code: 'AllocationQuota.FreeTierOnly',
        message: 'The free quota has been exhausted. Disable the use free tier only mode to go on.',
      }
    case 'balance':
      return bad('Arrearage', 'Access denied, please make sure your account is in good standing.')
    case 'content-filter':
      return bad('DataInspectionFailed', 'Input data may contain inappropriate content.')
    case 'overloaded':
      // Code and status are the vendor's, the words are not verified.
      return {
        status: 503,
        code: 'ModelServingError',
        message: 'Too many requests. Your requests are being throttled due to system capacity limits.',
      }
    case 'internal':
      return {
        status: 500,
        code: 'InternalError',
        message: 'An internal error has occured, please try again later or contact service support.',
      }
  }
}

function key(message: string): Body {
  return { status: 401, code: 'InvalidApiKey', message }
}

function parameter(message: string): Body {
  return bad('InvalidParameter', message)
}

function bad(code: string, message: string): Body {
  return { status: 400, code, message }
}

import type { Incoming, WireReply } from '../../contract/platform.ts'
import type { Refusal } from '../../contract/refusal.ts'
import { jsonReply, q } from '../kit.ts'
import { note } from './wire.ts'

/**
 * Tencent Cloud's errors (fixtures native-error-*, sheet section 5.1): always HTTP 200, always wrapped in `Response`,
 * told apart by the code alone. A refusal made by this platform carries its code as `variant`.
 */
export function refuse(refusal: Refusal, request: Incoming): WireReply {
  const [code, message] = codeOf(refusal)
  return jsonReply(200, {
    Response: {
      RequestId: request.id,
      Error: { Code: refusal.variant ?? code, Message: refusal.message ?? message },
    },
  })
}

/** The messages are guesses of the fixtures. */
function codeOf(refusal: Refusal): readonly [code: string, message: string] {
  switch (refusal.refused) {
    case 'bad-key':
    case 'missing-key':
      return ['AuthFailure.SecretIdNotFound', 'The SecretId is not found']
    case 'unknown-model':
      return ['InvalidParameterValue.Model', 'model does not exist']
    // Which code a body gets that is no JSON is not verified.
    case 'malformed-json':
      return ['InvalidParameter', 'the request body is not valid JSON']
    case 'invalid-messages':
      return ['InvalidParameterValue.ParameterValueError', 'Messages are not valid']
    case 'invalid-parameter':
    case 'too-long':
      return ['InvalidParameter', 'a parameter is not valid']
    case 'rate-limit':
      return ['RequestLimitExceeded', 'request frequency exceeds the limit']
    case 'free-quota':
      return ['FailedOperation.FreeResourcePackExhausted', 'free resource package exhausted']
    case 'balance':
      return ['FailedOperation.ServiceStopArrears', 'service stopped: arrears']
    case 'content-filter':
      return ['OperationDenied.TextIllegalDetected', 'text did not pass moderation']
    case 'overloaded':
      return ['FailedOperation.EngineServerLimitExceeded', 'engine request limit exceeded, retry later']
    case 'internal':
      return ['InternalError', 'internal error']
  }
}

/** An error in mid-stream is a frame like the others; its fields beside `ErrorMsg` are guesses of the fixture. */
export function streamError(request: Incoming): string {
  const usage = { PromptTokens: 0, CompletionTokens: 0, TotalTokens: 0 }
  const error = { Msg: '模型请求超时', Code: 4001 }
  return `data: ${q({ Note: note, Choices: [], Created: request.createdAt, Id: request.id, Usage: usage, ErrorMsg: error })}\n\n`
}

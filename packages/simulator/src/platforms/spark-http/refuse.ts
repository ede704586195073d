import type { Incoming, WireReply } from '../../contract/platform.ts'
import type { Refusal } from '../../contract/refusal.ts'
import { jsonReply } from '../kit.ts'
import { sidOf } from '../spark-kit.ts'

/**
 * Spark's errors (fixtures http-error-*, http-200-nonzero-code). Which HTTP status goes with which code is not
 * documented, and third parties saw 4xx and 500; so the statuses here are deliberately a mixture, among them a 200
 * whose `code` is not 0. A reader has to go by the code.
 */
export function refuse(refusal: Refusal, request: Incoming): WireReply {
  switch (refusal.refused) {
    case 'bad-key':
      return error(401, 'invalid user', null)
    case 'missing-key':
      return jsonReply(401, { message: 'Unauthorized' })
    case 'unknown-model':
      return coded(10404, `model ${refusal.model ?? ''} does not fit this address`, request)
    case 'malformed-json':
      return error(400, 'request body is not valid json', '10003')
    case 'invalid-parameter':
    case 'invalid-messages':
      return error(400, refusal.message ?? 'schema validation failed', '10163')
    case 'too-long':
      return error(400, 'token count exceeds the limit', '10907')
    case 'rate-limit':
      return error(500, 'AppIdQpsOverFlowError', '11202')
    case 'free-quota':
      return error(403, 'AppIdNoAuthError', '11200')
    case 'balance':
      return error(403, 'daily limit exceeded', '11201')
    case 'content-filter':
      return coded(10013, 'input content audit failed', request)
    case 'overloaded':
      return error(503, 'service is busy, please retry later', '10110')
    case 'internal':
      return error(500, 'engine internal error', '10012')
  }
}

/** An error inside a stream: a chunk whose code is not 0. */
export function streamError(request: Incoming): string {
  return `data:${coded(10012, 'engine internal error', request).body}\n\n`
}

function error(status: number, message: string, code: string | null): WireReply {
  return jsonReply(status, { error: { message, type: 'api_error', param: null, code } })
}

function coded(code: number, message: string, request: Incoming): WireReply {
  return jsonReply(200, { code, message, sid: sidOf('cha', request) })
}

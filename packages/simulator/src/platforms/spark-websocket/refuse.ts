import type { Incoming, WireReply } from '../../contract/platform.ts'
import type { Refusal } from '../../contract/refusal.ts'
import { jsonReply } from '../kit.ts'
import { sidOf } from '../spark-kit.ts'

type Coded = readonly [code: number, message: string]

/**
 * Spark's errors: of the signature an HTTP answer (fixtures ws-handshake-*), everything else a frame whose code is not 0
 * (fixtures ws-error-*), for embeddings the same as a body of status 200 (fixture embedding-error-11200).
 */
export function refuse(refusal: Refusal, request: Incoming): WireReply {
  return handshakeReply(refusal, request) ?? codedReply(codeOf(refusal, request), request)
}

/** An error inside an answer that has begun. */
export function streamError(request: Incoming): string {
  return codedReply(codeOf({ refused: 'internal' }, request), request).body
}

/** What the gateway in front of the service says; once a socket is open, it is out of the way. */
function handshakeReply(refusal: Refusal, request: Incoming): WireReply | undefined {
  if (request.inFrames === true || refusal.variant === 'app-id') return undefined
  const unverified = 'HMAC signature cannot be verified'
  if (refusal.refused === 'missing-key') return jsonReply(401, { message: 'Unauthorized' })
  if (refusal.refused !== 'bad-key') return undefined
  switch (refusal.variant) {
    case 'date': {
      const needed = 'a valid date or x-date header is required for HMAC Authentication'
      return jsonReply(403, { message: `${unverified}, ${needed}` })
    }
    case 'signature':
      // As reported in public by those who signed wrongly; no document of the vendor's was found.
      return jsonReply(401, { message: 'HMAC signature does not match' })
    default:
      return jsonReply(401, { message: `${unverified}: fail to retrieve credential` })
  }
}

function codedReply([code, message]: Coded, request: Incoming): WireReply {
  const header =
    request.inFrames === true
      ? { code, message, sid: sidOf('cht', request), status: 2 }
      : { code, message, sid: sidOf('emb', request) }
  return jsonReply(200, { header })
}

/** The table of the sheet's section 6. Only the messages of 11200 and 11202 are known; the others are guesses. */
function codeOf(refusal: Refusal, request: Incoming): Coded {
  switch (refusal.refused) {
    case 'bad-key':
    case 'missing-key':
      return refusal.variant === 'app-id' ? notAuthorised(request) : [10015, 'appid is in the blacklist']
    case 'unknown-model':
      return [10404, 'domain does not match the url']
    case 'malformed-json':
      return [10003, 'user message format error']
    case 'invalid-parameter':
      if (refusal.variant === 'schema') return [10004, refusal.message ?? 'user data schema error']
      if (refusal.variant === 'value') return [10005, refusal.message ?? 'user parameter value error']
      return [10163, refusal.message ?? 'engine schema validation failed']
    case 'invalid-messages':
      return [10163, refusal.message ?? 'engine schema validation failed']
    case 'too-long':
      return [10907, 'token count exceeds the limit']
    case 'rate-limit':
      return refusal.variant === 'user-busy'
        ? [10007, 'the previous question of this user is still being answered']
        : [11202, 'AppIdQpsOverFlowError']
    case 'free-quota':
      return notAuthorised(request)
    case 'balance':
      return [11201, 'daily limit exceeded']
    case 'content-filter':
      return [10013, 'input content audit failed']
    case 'overloaded':
      return [10110, 'service busy']
    case 'internal':
      return [10012, 'engine internal error']
  }
}

/** One code for "not opened", "used up" and an application that has no right here. */
function notAuthorised(request: Incoming): Coded {
  return [11200, request.inFrames === true ? 'AppIdNoAuthError' : 'licc failed']
}

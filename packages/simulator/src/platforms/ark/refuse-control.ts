import type { Incoming, WireReply } from '../../contract/platform.ts'
import type { Refusal } from '../../contract/refusal.ts'
import { jsonReply } from '../kit.ts'

/**
 * Errors of the control plane (fixture getapikey-error.json). The codes and statuses of signatures are those of the
 * vendor's common list (docs.byteplus.com/byteplus-platform/reference/common-error-codes); which codes GetApiKey has of
 * its own is not verified, so those of its parameters and resources are guesses. A refusal made by this platform
 * carries its code as `variant`.
 */
export function refuseControl(refusal: Refusal, request: Incoming): WireReply {
  const code = refusal.variant ?? codeOf(refusal)
  return jsonReply(statuses[code] ?? 400, {
    ResponseMetadata: {
      ...metadataOf(request),
      Error: { Code: code, Message: refusal.message ?? 'The request has failed.' },
    },
  })
}

export function metadataOf(request: Incoming): object {
  const query = new URLSearchParams(request.query)
  return {
    RequestId: requestIdOf(request),
    Action: query.get('Action') ?? '',
    Version: query.get('Version') ?? '',
    Service: 'ark',
    Region: 'cn-beijing',
  }
}

const statuses: Readonly<Record<string, number>> = {
  MissingAuthenticationToken: 401,
  MissingSignature: 401,
  InvalidAccessKey: 401,
  SignatureDoesNotMatch: 401,
  AccessDenied: 403,
  InvalidActionOrVersion: 404,
  ResourceNotFound: 404,
  APIAccountRpmRateLimitExceeded: 429,
  InternalServiceError: 500,
  ServiceUnavailableTemp: 503,
}

function codeOf(refusal: Refusal): string {
  switch (refusal.refused) {
    case 'bad-key':
    case 'missing-key':
      return 'InvalidAccessKey'
    // GetApiKey has a low limit of its own.
    case 'rate-limit':
      return 'APIAccountRpmRateLimitExceeded'
    case 'internal':
      return 'InternalServiceError'
    case 'overloaded':
      return 'ServiceUnavailableTemp'
    case 'balance':
    case 'free-quota':
    case 'content-filter':
      return 'AccessDenied'
    default:
      return 'InvalidParameter'
  }
}

/** The control plane's ids begin with the time in Beijing. */
function requestIdOf(request: Incoming): string {
  const beijing = new Date((request.createdAt + 8 * 3600) * 1000).toISOString()
  const hex = request.id.replaceAll('-', '').toUpperCase()
  return beijing.replaceAll(/\D/g, '').slice(0, 14) + hex.slice(-16)
}

import type { Incoming, WireReply } from '../../contract/platform.ts'
import type { Refusal } from '../../contract/refusal.ts'
import type { Session } from '../../contract/session.ts'
import { jsonReply, q } from '../kit.ts'

const lifetimeSeconds = 2_592_000

/**
 * Exchanges API Key and Secret Key, both in the query, for an access token of thirty days (sheet 4.1). Any key of
 * letters and digits that says `sim` is an account of its own; its secret is the key with `-secret` behind it.
 */
export function openSession(request: Incoming): Session | Refusal {
  const query = new URLSearchParams(request.query)
  if (query.get('grant_type') !== 'client_credentials') {
    return { refused: 'invalid-parameter', param: 'grant_type' }
  }
  const key = query.get('client_id') ?? ''
  if (!/^[A-Za-z0-9]+$/.test(key) || !key.includes('sim')) return { refused: 'bad-key', variant: 'id' }
  if (query.get('client_secret') !== secretOf(key)) return { refused: 'bad-key', variant: 'secret' }

  const hex = request.id.replaceAll('-', '')
  const expiresAt = request.createdAt + lifetimeSeconds
  const token = `24.${hex}.${lifetimeSeconds}.${expiresAt}-00000001`
  const reply = {
    refresh_token: `25.${hex}.315360000.${request.createdAt + 315_360_000}-00000001`,
    expires_in: lifetimeSeconds,
    session_key: `sim-session-key-${hex.slice(0, 8)}==`,
    access_token: token,
    scope: 'public ai_custom_yiyan_com ai_custom_yiyan_com_eb_instant',
    session_secret: hex,
  }
  return { account: key, token, expiresAt, reply: q(reply) }
}

export function secretOf(key: string): string {
  return `${key}-secret`
}

/**
 * The token path has words of its own (fixtures v1-token-bad-*). The status of a wrong key is not verified; it is 401 in
 * OAuth 2, and readers should go by the field `error`. The words for a wrong grant type and for a service that is down
 * are OAuth's, not verified either.
 */
export function refuseSession(refusal: Refusal): WireReply {
  switch (refusal.refused) {
    case 'bad-key':
    case 'missing-key':
      return refusal.variant === 'id'
        ? error(401, 'unknown client id', 'invalid_client')
        : error(401, 'Client authentication failed', 'invalid_client')
    case 'invalid-parameter':
      return error(400, 'The authorization grant type is not supported', 'unsupported_grant_type')
    default:
      return error(503, 'Service temporarily unavailable', 'temporarily_unavailable')
  }
}

function error(status: number, description: string, code: string): WireReply {
  return jsonReply(status, { error_description: description, error: code })
}

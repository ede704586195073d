import type { Outlet } from './outlet.ts'
import type { LoggedRequest } from './request-log.ts'
import type { Incoming, Platform, WireReply } from '../contract/platform.ts'
import type { Refusal } from '../contract/refusal.ts'

/** Sends a refusal and says so in the log; nothing is billed. */
export function refuse(
  parts: {
    readonly platform: Platform
    readonly request: Incoming
    readonly outlet: Outlet
    readonly entry: LoggedRequest
  },
  reply: WireReply,
): void {
  const { platform, request, outlet, entry } = parts
  entry.outcome = 'refused'
  entry.status = outlet.refuse(reply, platform.headers(request))
}

/** The platform's own words for a refusal, or its internal error where it has none. */
export function refusalReply(platform: Platform, refusal: Refusal, request: Incoming): WireReply {
  return (
    platform.refuse(refusal, request) ??
    platform.refuse({ refused: 'internal' }, request) ?? { status: 500, body: '' }
  )
}

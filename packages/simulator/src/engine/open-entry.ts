import type { Engine } from './engine.ts'
import type { Outlet } from './outlet.ts'
import { readTag } from './read-directives.ts'
import type { LoggedRequest } from './request-log.ts'
import type { Incoming, Platform } from '../contract/platform.ts'

/** Opens the log entry of a request and closes it with the connection. */
export function openEntry(
  engine: Engine,
  platform: Platform,
  request: Incoming,
  outlet: Outlet,
): LoggedRequest {
  const own = request.headers['x-client-request-id'] ?? request.headers['x-request-id']
  const tag = readTag(request.body)
  const entry: LoggedRequest = {
    id: request.id,
    provider: platform.provider,
    protocol: platform.protocol,
    stream: false,
    receivedAt: Date.now(),
    usageSent: false,
    ...(typeof own === 'string' ? { clientRequestId: own } : {}),
    ...(tag === undefined ? {} : { tag }),
  }
  engine.log.open(entry)
  outlet.onClose(() => {
    entry.closedAt = Date.now()
    // Everything was produced and billed, but the client did not stay to read it.
    if (entry.outcome === 'complete' && !outlet.delivered) entry.outcome = 'client-closed'
    entry.outcome ??= 'client-closed'
  })
  return entry
}

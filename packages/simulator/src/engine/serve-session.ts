import type { ServerResponse } from 'node:http'
import { after } from './after.ts'
import { deliverReply } from './deliver-reply.ts'
import type { Engine } from './engine.ts'
import { faultReply } from './fault-reply.ts'
import { httpOutlet } from './http-outlet.ts'
import { sendReply } from './send-reply.ts'
import type { Incoming, Platform, SessionOperation } from '../contract/platform.ts'
import { isRefusal } from '../contract/refusal.ts'

/** Exchanges credentials for a token: open, fault, count, hand out. */
export function serveSession(
  engine: Engine,
  platform: Platform,
  operation: SessionOperation,
  request: Incoming,
  response: ServerResponse,
): void {
  const session = operation.open(request)
  if (isRefusal(session)) {
    sendReply(response, operation.refuse(session, request))
    return
  }
  const fault =
    engine.faults.take({
      provider: platform.provider,
      protocol: platform.protocol,
      account: session.account,
      model: '',
      body: request.body,
      sessions: true,
    }) ?? {}
  const { reply } = faultReply(
    { refuse: (refusal) => operation.refuse(refusal, request), emptyReply: () => '{}' },
    request,
    fault,
    { model: '', stream: false },
  )
  const outlet = httpOutlet(response)
  after(fault.delayMs, outlet, () => {
    if (reply !== undefined) {
      sendReply(response, reply)
      return
    }
    deliverReply(outlet, {
      body: session.reply,
      headers: { ...fault.headers },
      durationMs: 0,
      fault,
      // Before the bytes go out: a client that has the token can use it.
      produced: () => engine.sessions.open(platform.protocol, session),
    })
  })
}

import type { ServerResponse } from 'node:http'
import { after } from './after.ts'
import type { Engine } from './engine.ts'
import { faultReply } from './fault-reply.ts'
import { httpOutlet } from './http-outlet.ts'
import { sendReply } from './send-reply.ts'
import type { Incoming, Platform, PlainOperation, WireReply } from '../contract/platform.ts'
import { isRefusal } from '../contract/refusal.ts'

/** Answers a request that generates nothing. Only a fault that names its action strikes it. */
export function servePlain(
  engine: Engine,
  platform: Platform,
  operation: PlainOperation,
  request: Incoming,
  response: ServerResponse,
): void {
  const send = (reply: WireReply) => sendReply(response, reply, platform.headers(request))
  const admitted = platform.admit(request, engine.books)
  if (isRefusal(admitted) && !operation.open) {
    send(platform.refuse(admitted, request) ?? { status: 401, body: '' })
    return
  }
  const account = isRefusal(admitted) ? undefined : admitted.account
  const { action } = operation
  const fault =
    action === undefined
      ? undefined
      : engine.faults.take({
          provider: platform.provider,
          protocol: platform.protocol,
          account: account ?? '',
          model: '',
          body: request.body,
          sessions: false,
          action,
        })
  const struck =
    fault === undefined ? undefined : faultReply(platform, request, fault, { model: '', stream: false }).reply
  after(fault?.delayMs, httpOutlet(response), () =>
    send(struck ?? operation.answer(request, account, engine.books)),
  )
}

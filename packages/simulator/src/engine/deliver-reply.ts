import { toBytes } from '../byte-string.ts'
import type { Fault } from './faults.ts'
import type { Outlet } from './outlet.ts'
import type { Outcome } from './request-log.ts'

interface ReplyDelivery {
  readonly body: string
  readonly headers: Record<string, string>
  /** How long the generation takes. */
  readonly durationMs: number
  readonly fault: Fault
  /** Called once, before the last bytes are written; `elapsedMs` is how long the generation ran. */
  readonly produced: (elapsedMs: number, outcome: Outcome) => void
}

/** Sends a whole answer as one JSON body when its generation is over, or breaks off as the fault says. */
export function deliverReply(outlet: Outlet, delivery: ReplyDelivery): void {
  if (delivery.durationMs === 0) {
    send(outlet, delivery)
    return
  }
  const startedAt = performance.now()
  const timer = setTimeout(() => {
    stay()
    send(outlet, delivery)
  }, delivery.durationMs)
  const stay = outlet.onClose(() => {
    clearTimeout(timer)
    delivery.produced(performance.now() - startedAt, 'client-closed')
  })
}

function send(outlet: Outlet, delivery: ReplyDelivery): void {
  const { fault, durationMs } = delivery
  const body = toBytes(delivery.body)
  const half = body.slice(0, Math.floor(body.length / 2))
  const headers = { 'content-type': 'application/json', ...delivery.headers }
  const sized = { 'content-length': String(body.length), ...headers }
  if (fault.stallAfterChunks !== undefined) {
    delivery.produced(durationMs, 'stalled')
    outlet.begin(sized)
    outlet.stall([])
  } else if (fault.cutAfterChunks !== undefined) {
    delivery.produced(durationMs, 'cut')
    outlet.begin(sized)
    outlet.cut([half])
  } else if (fault.garbageAfterChunks !== undefined) {
    delivery.produced(durationMs, 'error')
    outlet.begin(headers)
    outlet.end([half])
  } else {
    delivery.produced(durationMs, 'complete')
    outlet.begin(sized)
    outlet.end([body])
  }
}

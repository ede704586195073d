import type { ServerResponse } from 'node:http'
import type { Fault } from './faults.ts'
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
export function deliverReply(response: ServerResponse, delivery: ReplyDelivery): void {
  if (delivery.durationMs === 0) {
    send(response, delivery)
    return
  }
  const startedAt = performance.now()
  const timer = setTimeout(() => {
    response.off('close', closed)
    send(response, delivery)
  }, delivery.durationMs)
  const closed = () => {
    clearTimeout(timer)
    delivery.produced(performance.now() - startedAt, 'client-closed')
  }
  response.once('close', closed)
}

function send(response: ServerResponse, delivery: ReplyDelivery): void {
  const { fault, body, durationMs } = delivery
  const headers = {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    ...delivery.headers,
  }
  if (fault.stallAfterChunks !== undefined) {
    delivery.produced(durationMs, 'stalled')
    response.writeHead(200, headers).flushHeaders()
  } else if (fault.cutAfterChunks !== undefined) {
    delivery.produced(durationMs, 'cut')
    response.writeHead(200, headers)
    response.write(body.slice(0, Math.floor(body.length / 2)), () => response.destroy())
  } else if (fault.garbageAfterChunks !== undefined) {
    delivery.produced(durationMs, 'error')
    response.writeHead(200, { 'content-type': 'application/json', ...delivery.headers })
    response.end(body.slice(0, Math.floor(body.length / 2)))
  } else {
    delivery.produced(durationMs, 'complete')
    response.writeHead(200, headers).end(body)
  }
}

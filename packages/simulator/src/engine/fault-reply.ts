import type { Fault } from './faults.ts'
import type { Incoming, Platform, WireReply } from '../contract/platform.ts'

interface Struck {
  /** What is sent instead of an answer; nothing is generated and nothing billed. */
  readonly reply?: WireReply
  /** The platform tells its content filter inside an answer. */
  readonly filtered: boolean
}

const gatewayPage =
  '<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>\n'

const openaiEmptyReply = '{"choices":[],"object":"chat.completion"}'

/** The reply of a fault that strikes before anything is generated, if it is one; `platform` gives the words. */
export function faultReply(
  platform: Pick<Platform, 'refuse' | 'emptyReply'>,
  request: Incoming,
  fault: Fault,
  asked: { readonly model?: string; readonly stream: boolean },
): Struck {
  const withHeaders = (reply: WireReply): Struck => ({
    filtered: false,
    reply:
      fault.headers === undefined ? reply : { ...reply, headers: { ...reply.headers, ...fault.headers } },
  })
  const model = asked.model === undefined ? {} : { model: asked.model }
  if (fault.html502 === true) return withHeaders({ status: 502, body: gatewayPage, contentType: 'text/html' })
  if (fault.body !== undefined) return withHeaders({ status: fault.status ?? 500, ...bodyOf(fault.body) })
  if (fault.code !== undefined) {
    const reply = platform.refuse({ refused: fault.code, ...model }, request)
    if (reply === undefined) return { filtered: true }
    return withHeaders({ ...reply, status: fault.status ?? reply.status })
  }
  const broken =
    fault.status !== undefined || (fault.errorAfterChunks !== undefined && !asked.stream)
      ? platform.refuse({ refused: 'internal', ...model }, request)
      : undefined
  if (broken !== undefined) return withHeaders({ ...broken, status: fault.status ?? broken.status })
  if (fault.emptyStream === true) {
    return withHeaders(
      asked.stream
        ? { status: 200, body: '', contentType: 'text/event-stream' }
        : { status: 200, body: platform.emptyReply?.(request) ?? openaiEmptyReply },
    )
  }
  return { filtered: false }
}

function bodyOf(body: unknown): { body: string; contentType: string } {
  if (typeof body !== 'string') return { body: JSON.stringify(body), contentType: 'application/json' }
  const start = body.trimStart().at(0)
  const contentType = start === '<' ? 'text/html' : start === '{' ? 'application/json' : 'text/plain'
  return { body, contentType }
}

import type { FastifyReply, FastifyRequest } from 'fastify'
import type { CancelReason, ClientConnection } from '../../domain/completion/client-connection.ts'

/** The caller's socket behind the port of the domain. A stream takes the reply out of Fastify's hands with its first byte. */
export function connectClient(request: FastifyRequest, reply: FastifyReply): ClientConnection {
  const abort = new AbortController()
  const { raw } = reply
  let hungUp = false
  let cancelled: CancelReason | undefined
  // `close` without `finish` before it: the socket went away while an answer was still owed.
  raw.once('close', () => {
    if (raw.writableFinished) return
    hungUp = true
    abort.abort()
  })
  return {
    signal: abort.signal,
    get hungUp() {
      return hungUp
    },
    get cancelled() {
      return cancelled
    },
    cancel(reason) {
      cancelled ??= reason
      abort.abort()
    },
    startStream(headers) {
      if (raw.headersSent) return
      reply.hijack()
      raw.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-cache',
        // Nginx and its kind would hold events back.
        'x-accel-buffering': 'no',
        'x-request-id': String(reply.getHeader('x-request-id')),
        'access-control-allow-origin': '*',
        'access-control-expose-headers': String(reply.getHeader('access-control-expose-headers')),
        ...headers,
      })
      request.raw.socket.setNoDelay(true)
    },
    write: (events) => (raw.destroyed ? true : raw.write(events)),
    onDrain(listener) {
      raw.once('drain', listener)
    },
    endStream() {
      raw.end()
    },
  }
}

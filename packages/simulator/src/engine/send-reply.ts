import type { ServerResponse } from 'node:http'
import type { WireReply } from '../contract/platform.ts'

/** Sends one complete reply. */
export function sendReply(
  response: ServerResponse,
  reply: WireReply,
  headers: Record<string, string> = {},
): void {
  response
    .writeHead(reply.status, {
      'content-type': reply.contentType ?? 'application/json',
      'content-length': String(Buffer.byteLength(reply.body)),
      ...headers,
      ...reply.headers,
    })
    .end(reply.body)
}

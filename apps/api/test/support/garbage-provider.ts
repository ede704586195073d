import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { WebSocketServer, type WebSocket } from 'ws'

/** One answer of a provider that has lost its mind. */
export interface Garbage {
  readonly status: number
  readonly contentType: string | undefined
  /** Bodies cut anywhere; on a WebSocket, its frames. */
  readonly parts: readonly Buffer[]
  /** How it ends: properly, by tearing the connection, or never. */
  readonly ending: 'end' | 'tear' | 'stall'
  /** A WebSocket that is refused is answered over HTTP. */
  readonly refusesHandshake: boolean
}

export interface GarbageProvider {
  readonly url: string
  close(): Promise<void>
}

/**
 * A server that answers anything with whatever `next` gives, over HTTP and on WebSockets. Exchanges of credentials work,
 * so that the models' answers are reached.
 */
export async function garbageProvider(next: () => Garbage): Promise<GarbageProvider> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      const session = sessionFor(request.url ?? '')
      if (session === undefined) void answer(response, next())
      else response.end(session)
    })
  })
  const sockets = new WebSocketServer({ noServer: true })
  server.on('upgrade', (request, socket, head) => {
    const garbage = next()
    // The gateway may be gone before the answer is: that is its right.
    socket.on('error', () => {})
    if (garbage.refusesHandshake) {
      const body = Buffer.concat([...garbage.parts])
      socket.write(`HTTP/1.1 ${garbage.status} Refused\r\ncontent-length: ${body.length}\r\n\r\n`)
      socket.end(body)
      return
    }
    sockets.handleUpgrade(request, socket, head, (opened) => void converse(opened, garbage))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      for (const socket of sockets.clients) socket.terminate()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function sessionFor(url: string): string | undefined {
  if (url.startsWith('/oauth/')) return '{"access_token":"24.token","expires_in":2592000}'
  if (url.includes('Action=GetApiKey')) return '{"Result":{"ApiKey":"key","ExpiredTime":4102444800}}'
  return undefined
}

async function answer(response: ServerResponse, garbage: Garbage): Promise<void> {
  const { status, contentType, parts, ending } = garbage
  response.on('error', () => {})
  response.writeHead(status, contentType === undefined ? {} : { 'content-type': contentType })
  for (const part of parts) {
    if (response.destroyed) return
    response.write(part)
    // Another turn of the event loop, so that parts arrive as parts.
    await pause(0)
  }
  if (ending === 'end') response.end()
  else if (ending === 'tear') response.destroy()
  else response.flushHeaders()
}

async function converse(socket: WebSocket, garbage: Garbage): Promise<void> {
  socket.on('error', () => {})
  for (const part of garbage.parts) {
    if (socket.readyState !== socket.OPEN) return
    // Now and then a binary frame, and one that is no UTF-8, which a text frame must be.
    socket.send(part, { binary: part.length % 7 === 0 })
    await pause(0)
  }
  if (garbage.ending === 'end') socket.close()
  else if (garbage.ending === 'tear') socket.terminate()
}

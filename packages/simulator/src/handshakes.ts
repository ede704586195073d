import { type IncomingMessage, type Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { WebSocketServer } from 'ws'
import { httpOutlet } from './engine/http-outlet.ts'
import { report } from './report.ts'
import type { Handshake } from './engine/serve-conversation.ts'

/** Hands every request for a WebSocket to `take`. Sockets taken off an HTTP server are dropped here alone. */
export function acceptHandshakes(
  server: Server,
  take: (handshake: Pick<Handshake, 'refuse' | 'accept'>, request: IncomingMessage) => void,
): { drop(): void } {
  const sockets = new Set<Socket>()
  const upgrades = new WebSocketServer({ noServer: true })
  server.on('upgrade', (request, _stream, head: Buffer) => {
    const { socket } = request
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    // A client that vanishes in the middle of a handshake is no event of ours.
    socket.on('error', () => socket.destroy())
    try {
      take(
        {
          refuse: () => httpOutlet(responseOn(socket, request)),
          accept: (open) => upgrades.handleUpgrade(request, socket, head, open),
        },
        request,
      )
    } catch (error) {
      report(error)
      socket.destroy()
    }
  })
  return {
    drop() {
      for (const socket of sockets) socket.destroy()
    },
  }
}

/** An HTTP answer in place of the WebSocket that was asked for; the connection ends with it. */
function responseOn(socket: Socket, request: IncomingMessage): ServerResponse {
  const response = new ServerResponse(request)
  response.shouldKeepAlive = false
  response.assignSocket(socket)
  response.once('finish', () => socket.destroySoon())
  return response
}

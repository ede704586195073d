import type { WebSocket } from 'ws'
import { after } from './after.ts'
import type { Engine } from './engine.ts'
import { faultReply } from './fault-reply.ts'
import { type Fault, noFault } from './faults.ts'
import { openEntry } from './open-entry.ts'
import type { Outlet } from './outlet.ts'
import { refusalReply, refuse } from './refuse.ts'
import { serveGeneration } from './serve-generation.ts'
import { webSocketOutlet } from './websocket-outlet.ts'
import type { ConversationOperation, Incoming, Platform } from '../contract/platform.ts'
import { isRefusal } from '../contract/refusal.ts'
import { report } from '../report.ts'

/** A client that asks for a WebSocket and waits for the answer. */
export interface Handshake {
  readonly request: Incoming
  /** Says no: the outlet is an ordinary HTTP answer. */
  refuse(): Outlet
  /** Says yes; `open` is called with the socket. */
  accept(open: (socket: WebSocket) => void): void
}

/**
 * Takes one conversation from its handshake to its end. Who asks is checked in the handshake; the first text frame is
 * the request and goes the way of every other one. Frames after the first are not read: one request a connection.
 */
export function serveConversation(
  engine: Engine,
  platform: Platform,
  operation: ConversationOperation,
  handshake: Handshake,
): void {
  const { request } = handshake
  const admitted = platform.admit(request, engine.books)
  const fault = isRefusal(admitted) ? undefined : takeFault(engine, platform, admitted.account)
  const refused = isRefusal(admitted)
    ? refusalReply(platform, admitted, request)
    : faultReply(platform, request, fault ?? noFault, { stream: true }).reply
  if (refused !== undefined) {
    const outlet = handshake.refuse()
    const entry = openEntry(engine, platform, request, outlet)
    entry.stream = true
    if (!isRefusal(admitted)) entry.account = admitted.account
    after(fault?.delayMs, outlet, () => refuse({ platform, request, outlet, entry }, refused))
    return
  }
  handshake.accept((socket) => {
    // A client may close as badly as it likes; ours is to survive it.
    socket.on('error', () => socket.terminate())
    const patience = setTimeout(() => socket.terminate(), engine.requestWithinMs)
    socket.once('close', () => clearTimeout(patience))
    socket.once('message', (data, isBinary) => {
      clearTimeout(patience)
      const body = isBinary || !Buffer.isBuffer(data) ? '' : data.toString('utf8')
      const asked: Incoming = { ...request, body, inFrames: true }
      try {
        serveGeneration(engine, platform, operation, asked, webSocketOutlet(socket))
      } catch (error) {
        report(error)
        socket.terminate()
      }
    })
  })
}

/**
 * A fault that strikes the handshake. Only one that asks nothing about the request can: model and text come later, in
 * the frame, and what strikes then can only be told in frames.
 */
function takeFault(engine: Engine, platform: Platform, account: string): Fault | undefined {
  const { provider, protocol } = platform
  return engine.faults.takeUnread({ provider, protocol, account }, refusesHandshake)
}

function refusesHandshake(fault: Fault): boolean {
  return fault.html502 === true || fault.status !== undefined || fault.code === 'bad-key'
}

import type { WebSocket } from 'ws'
import { type ByteString, toBytes } from '../byte-string.ts'
import type { Outlet } from './outlet.ts'

/** Bytes that may wait in a socket before its reader counts as being behind. */
const waitingBytesMax = 64 * 1024

/** What the handshake was answered with. */
const switchedProtocols = 101

/** Normal closure (RFC 6455, section 7.4.1). */
const closedNormally = 1000

/** Answers on an open WebSocket: a text frame for each frame, and after the last one the server closes. */
export function webSocketOutlet(socket: WebSocket): Outlet {
  let delivered = false
  let drained: (() => void) | undefined

  /** Says whether the last frame has left, once that is known. */
  const send = (frames: readonly ByteString[], sent?: (left: boolean) => void) => {
    const told = (error?: Error | null) => sent?.(error === undefined || error === null)
    frames.forEach((frame, index) => {
      const isLast = index === frames.length - 1
      socket.send(Buffer.from(frame, 'latin1'), { binary: false }, isLast ? told : undefined)
    })
    if (frames.length === 0) told()
  }
  const end = (frames: readonly ByteString[]) => {
    send(frames, (left) => {
      delivered = left
    })
    socket.close(closedNormally)
  }

  return {
    status: switchedProtocols,
    get delivered() {
      return delivered
    },
    refuse(reply) {
      end(reply.body === '' ? [] : [toBytes(reply.body)])
      return switchedProtocols
    },
    // The handshake was the beginning.
    begin() {},
    write(frames) {
      send(frames, (left) => {
        // What has not left never will: the next thing to happen is the close.
        if (!left) return
        const go = drained
        drained = undefined
        go?.()
      })
      return socket.readyState === socket.OPEN && socket.bufferedAmount < waitingBytesMax
    },
    onceDrained(go) {
      drained = go
    },
    end,
    endBroken: (frames) => end([...frames, '{"broken":"']),
    cut: (frames) => send(frames, () => socket.terminate()),
    stall: (frames) => send(frames),
    onClose(go) {
      socket.once('close', go)
      return () => socket.off('close', go)
    },
  }
}

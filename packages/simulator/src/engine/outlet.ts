import type { ByteString } from '../byte-string.ts'
import type { WireReply } from '../contract/platform.ts'

/**
 * Where an answer goes: an HTTP response or an open WebSocket. What is sent, when, and which end it comes to is decided
 * by `deliver-stream.ts` and `deliver-reply.ts`; an outlet only knows how its transport does it.
 */
export interface Outlet {
  /** The HTTP status a caller has seen once an answer begins. */
  readonly status: number
  /** Everything handed over has left this machine, the regular end included. */
  readonly delivered: boolean
  /** Sends this instead of an answer and returns the HTTP status that the caller sees with it. */
  refuse(reply: WireReply, headers: Record<string, string>): number
  /** What comes before the first frame, if the transport has such a thing. */
  begin(headers: Record<string, string>): void
  /** False when the reader is behind; `onceDrained` tells when there is room again. */
  write(frames: readonly ByteString[]): boolean
  onceDrained(go: () => void): void
  /** The last frames and the regular end. */
  end(frames: readonly ByteString[]): void
  /** The last frames, one that nobody can read, and the regular end. */
  endBroken(frames: readonly ByteString[]): void
  /** The last frames, then the connection is destroyed. */
  cut(frames: readonly ByteString[]): void
  /** The last frames, then silence on an open connection. */
  stall(frames: readonly ByteString[]): void
  /** Calls `go` once the connection is over, whoever ended it. Returns what takes that back. */
  onClose(go: () => void): () => void
}

/** Why a request is ended from our side: it ran longer than any may, or the service stops. */
export type CancelReason = 'too-long' | 'stopping'

/** The caller's side of one request, as the domain sees it. */
export interface ClientConnection {
  /** Aborted when the caller hangs up, or when the request is cancelled. */
  readonly signal: AbortSignal
  /** The caller is gone: nothing need be said any more. */
  readonly hungUp: boolean
  /** Set once the request was cancelled; the first reason stays. */
  readonly cancelled: CancelReason | undefined
  /** Ends the request from our side. */
  cancel(reason: CancelReason): void
  /** Sends the head of a stream; the answer is committed from here on. */
  startStream(headers: Readonly<Record<string, string>>): void
  /** `false`: the caller reads slower than we write; `onDrain` is called when it has caught up. */
  write(events: Uint8Array | string): boolean
  onDrain(listener: () => void): void
  endStream(): void
}

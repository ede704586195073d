/** The caller's side of one request, as the domain sees it. */
export interface ClientConnection {
  /** Aborted when the caller hangs up, or when the request is cancelled. */
  readonly signal: AbortSignal
  /** The caller is gone: nothing need be said any more. */
  readonly hungUp: boolean
  /** Ends the request from our side: it took too long, or the service stops. */
  cancel(): void
  /** Sends the head of a stream; the answer is committed from here on. */
  startStream(headers: Readonly<Record<string, string>>): void
  /** `false`: the caller reads slower than we write; `onDrain` is called when it has caught up. */
  write(events: Uint8Array | string): boolean
  onDrain(listener: () => void): void
  endStream(): void
}

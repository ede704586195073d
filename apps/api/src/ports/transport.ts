import type { Exchange, ResponseHead } from '@tollgate/adapters/contract'

/** Why an exchange failed without the provider having said so. */
export type TransportFailureKind =
  | 'refused'
  | 'connect-timeout'
  | 'dns'
  | 'tls'
  | 'address-not-allowed'
  | 'closed'
  | 'first-byte-timeout'
  | 'idle-timeout'
  /** Our own caller does not take what came. */
  | 'reader-stalled'

export interface TransportFailure {
  readonly kind: TransportFailureKind
  /** For people; holds host and port, never a path with a secret. */
  readonly message: string
}

/**
 * Called in this order: `head` at most once, then any number of `data`, then exactly one of `end` and `fail`. What a
 * WebSocket tells as its head is in `WebSocketExchange`.
 */
export interface ExchangeHandlers {
  head(head: ResponseHead): void
  /**
   * Bytes of the body, cut anywhere; of a WebSocket, one whole text frame a call. They may be used again by the
   * transport when the call returns: copy what is kept.
   */
  data(chunk: Buffer): void
  end(): void
  fail(failure: TransportFailure): void
}

export interface ExchangeControl {
  /**
   * What came was the beginning of an answer, and no mere sign of life (a head, a comment, blanks): from now on silence
   * is measured against `idleMs`, until now the whole wait was against `firstByteMs`.
   */
  answerBegan(): void
  /** Back-pressure: the client reads slower than the provider sends. The pause itself is bounded by `idleMs`. */
  pause(): void
  resume(): void
  /** Closes the upstream connection at once. No handler is called afterwards. */
  abort(): void
}

export interface ExchangeOptions {
  /** Private and loopback addresses may be dialled: the operator named this upstream. Metadata addresses never. */
  readonly privateAllowed: boolean
  /** From the start to `answerBegan`. A platform that is thinking may be silent for long, or send comments. */
  readonly firstByteMs: number
  /** Between two signs of life afterwards; comments count as such. */
  readonly idleMs: number
}

/** Carries out what an adapter described. */
export interface Transport {
  open(exchange: Exchange, options: ExchangeOptions, handlers: ExchangeHandlers): ExchangeControl
  close(): Promise<void>
}

/**
 * A text frame as part of a JSON text sequence (RFC 7464), the form in which the frames of a whole answer are put
 * together: see `WebSocketExchange`.
 */
export function asTextSequence(frame: Uint8Array): Buffer {
  return Buffer.concat([recordSeparator, frame, lineFeed])
}

const recordSeparator = Buffer.of(0x1e)
const lineFeed = Buffer.of(0x0a)

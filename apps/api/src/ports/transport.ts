import type { Exchange, ResponseHead } from '@tollgate/adapters/contract'

/** Why an exchange failed without the provider having said so. */
export type TransportFailureKind =
  | 'refused'
  | 'dns'
  | 'tls'
  | 'address-not-allowed'
  | 'closed'
  | 'first-byte-timeout'
  | 'idle-timeout'
  /** Our own caller does not take what came. */
  | 'reader-stalled'
  | 'unsupported'

export interface TransportFailure {
  readonly kind: TransportFailureKind
  /** For people; holds host and port, never a path with a secret. */
  readonly message: string
}

/** Called in this order: `head` at most once, then any number of `data`, then exactly one of `end` and `fail`. */
export interface ExchangeHandlers {
  head(head: ResponseHead): void
  /** The bytes may be used again by the transport when the call returns: copy what is kept. */
  data(chunk: Buffer): void
  end(): void
  fail(failure: TransportFailure): void
}

export interface ExchangeControl {
  /** Back-pressure: the client reads slower than the provider sends. The pause itself is bounded by `idleMs`. */
  pause(): void
  resume(): void
  /** Closes the upstream connection at once. No handler is called afterwards. */
  abort(): void
}

export interface ExchangeOptions {
  /** Private and loopback addresses may be dialled: the operator named this upstream. Metadata addresses never. */
  readonly privateAllowed: boolean
  readonly firstByteMs: number
  readonly idleMs: number
}

/** Carries out what an adapter described. */
export interface Transport {
  open(exchange: Exchange, options: ExchangeOptions, handlers: ExchangeHandlers): ExchangeControl
  close(): Promise<void>
}

/**
 * How an adapter says what to send. An adapter never opens a connection: it describes the exchange, the
 * service carries it out and feeds back what arrived. So an adapter is a pure translation that can be tested
 * on recorded bytes, and the service keeps one connection pool, one set of time limits and one address guard.
 */

/** Header names are lower case. `content-length` and `host` are set by the transport. */
export type HeaderMap = Readonly<Record<string, string>>

export interface HttpExchange {
  readonly transport: 'http'
  readonly method: 'GET' | 'POST'
  /** Absolute URL. A signed URL (Spark's embeddings, Qianfan V1's access token) is one too; it is never logged. */
  readonly url: string
  readonly headers: HeaderMap
  /** The exact bytes to send; a signature over the body has been made over these bytes. */
  readonly body?: Uint8Array | string
}

/**
 * One conversation on a WebSocket: open, send these frames, read frames until the last one, close.
 *
 * An opened socket is told as a head of status 200 without headers; a refused handshake is told as the HTTP answer it
 * was, with its body. A stream's reader is given one frame a `push`. A whole answer (`ChatOperation.answer`,
 * `ProbeOperation.read`) is given all frames as a JSON text sequence (RFC 7464): each between a record separator
 * (0x1E), which no JSON text can contain, and a line feed; `framesOf` in `wire/` takes them apart.
 */
export interface WebSocketExchange {
  readonly transport: 'websocket'
  /** `ws:` or `wss:` URL, signed where the platform wants that (Spark). Never logged. */
  readonly url: string
  readonly headers: HeaderMap
  /** Text frames to send once the socket is open, in order. */
  readonly frames: readonly string[]
  /** Whether nothing that matters follows this frame: the service closes the socket without waiting for the platform. */
  isLast(frame: string): boolean
}

export type Exchange = HttpExchange | WebSocketExchange

/** The head of an HTTP answer. Header names are lower case; a repeated header is joined by `, `. */
export interface ResponseHead {
  readonly status: number
  readonly headers: HeaderMap
}

/**
 * Credentials and place of one account, and everything else an adapter may need to know about "now":
 * an adapter reads no clock, no environment and no randomness of its own.
 */
export interface Call {
  /** Secret fields of the account by the names in `ProtocolAdapter.credentials`, e.g. `{ apiKey: 'sk-…' }`. */
  readonly credentials: Readonly<Record<string, string>>
  /** Without a trailing slash, e.g. `https://dashscope.aliyuncs.com/compatible-mode/v1`. */
  readonly baseUrl: string
  /** Options of the account that are not secret, e.g. `{ streamOptions: 'false' }` for a server that refuses them. */
  readonly options: Readonly<Record<string, string>>
  /** Model id as the provider knows it, e.g. `qwen-plus` or `ep-2026…`. */
  readonly upstreamModel: string
  /** Our id of the request, UUIDv7; adapters pass it on where the platform takes a client request id. */
  readonly requestId: string
  /** Wall clock in milliseconds, for signatures, ids and `created` fields that a platform leaves out. */
  readonly nowMs: number
  /** Values of a live session minted by `ProtocolAdapter.session`; absent when the protocol has none. */
  readonly session?: Readonly<Record<string, string>>
}

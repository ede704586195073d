import type { ProviderError } from './errors.ts'
import type { TokenUsage } from './usage.ts'

/**
 * Where a stream reader puts what the client shall see: whole server-sent events in OpenAI's framing
 * (`data: {json}\n\n`, one or many a call). Never the usage-only chunk and never `data: [DONE]`: the service
 * sends those itself, after the books are written.
 *
 * A `Uint8Array` may be a view on the bytes just received: the sink has used it when the call returns.
 */
export type ChatStreamSink = (events: Uint8Array | string) => void

/** What has been seen of a stream so far. Facts only: what it means is decided above. */
export interface ChatStreamState {
  /** The provider's newest usage figures: running totals replace each other, they are never summed. */
  readonly usage: TokenUsage | undefined
  /**
   * The `usage` object as OpenAI would send it, with whatever details the provider gave, as JSON text;
   * the service wraps it in the final chunk for clients that asked for `include_usage`.
   */
  readonly usageJson: string | undefined
  /** OpenAI's finish reason, mapped: `stop`, `length`, `tool_calls`, `content_filter`, `function_call`. */
  readonly finishReason: string | undefined
  /** The provider said that the stream is complete (`[DONE]`, a last frame, `is_end` ...). */
  readonly complete: boolean
  /** Set when the provider reported an error inside the stream, or sent what cannot be read. Nothing more is forwarded. */
  readonly error: ProviderError | undefined
  /** Whether any text, reasoning or tool call has been handed to the sink. */
  readonly hasOutput: boolean
  /** UTF-8 bytes of text, reasoning and tool arguments seen: the basis of an estimate where no usage came. */
  readonly outputBytes: number
  /** `id` of the provider's answer, an attribute for support, never a key of ours. */
  readonly upstreamId: string | undefined
  /** `id`, `created` and `model` as they stand in the forwarded chunks, so that the final usage chunk matches them. */
  readonly chunkHead: { readonly id: string; readonly created: number; readonly model: string } | undefined
}

/** Reads one streamed answer. Not reusable. Calls are synchronous and never throw: faults are in `state.error`. */
export interface ChatStreamReader {
  readonly state: ChatStreamState
  /** Bytes of an HTTP body as they arrive, cut anywhere; for a WebSocket one whole text frame a call. */
  push(bytes: Uint8Array): void
  /**
   * The connection ended by itself. Flushes what is held back. Afterwards either `state.complete` or a finish
   * reason is set, or `state.error` says that the stream was cut.
   */
  end(): void
}

import { readFileSync } from 'node:fs'
import type {
  Call,
  ChatRequest,
  ChatStreamReader,
  Exchange,
  HttpExchange,
  ModelRequest,
  ProtocolAdapter,
  ProviderError,
  Refusal,
  ResponseHead,
} from '../src/contract/index.ts'

/** Bytes of a file below `fixtures/`. */
export function fixture(path: string): Buffer {
  return readFileSync(new URL(`../fixtures/${path}`, import.meta.url))
}

/** A call with credentials of any name, so that one helper serves every protocol. */
export function callOf(adapter: ProtocolAdapter, change: Partial<Call> = {}): Call {
  return {
    credentials: Object.fromEntries(adapter.credentials.map(({ name }) => [name, 'a-secret-key'])),
    baseUrl: 'https://provider.test/v1',
    options: {},
    upstreamModel: 'upstream-model',
    requestId: '0190b4a0-0000-7000-8000-000000000001',
    nowMs: Date.UTC(2026, 0, 1, 12),
    ...change,
  }
}

export function chatRequest(body: Record<string, unknown>, maxOutputTokens?: number): ChatRequest {
  return { ...modelRequest(body), stream: body['stream'] === true, maxOutputTokens }
}

export function modelRequest(body: Record<string, unknown>): ModelRequest {
  const whole = { model: 'public-name', ...body }
  return { body: whole, raw: Buffer.from(JSON.stringify(whole)) }
}

/** What an adapter sends for a chat request, parsed. */
export function sentChat(
  adapter: ProtocolAdapter,
  body: Record<string, unknown>,
  change: Partial<Call> & { readonly maxOutputTokens?: number } = {},
): { readonly exchange: HttpExchange; readonly body: Record<string, unknown> } {
  const { maxOutputTokens, ...call } = change
  const exchange = expectHttp(adapter.chat.request(chatRequest(body, maxOutputTokens), callOf(adapter, call)))
  return { exchange, body: bodyOf(exchange) }
}

export function expectHttp(exchange: Exchange | Refusal): HttpExchange {
  if ('ok' in exchange) throw exchange.error
  if (exchange.transport !== 'http') throw new Error('expected an HTTP exchange')
  return exchange
}

/** What the probe of an adapter sends, for those that probe over HTTP. */
export function probeOf(adapter: ProtocolAdapter, call: Call): HttpExchange {
  const exchange = adapter.probe.request(call)
  if (exchange === undefined) throw new Error(`${adapter.protocol} probes with its session alone`)
  return expectHttp(exchange)
}

function bodyOf(exchange: HttpExchange): Record<string, unknown> {
  return JSON.parse(Buffer.from(exchange.body ?? '').toString()) as Record<string, unknown>
}

/** The kind and details an adapter reads from a refused call. */
export function refusalOf(
  adapter: ProtocolAdapter,
  status: number,
  body: Uint8Array | string,
  change: Partial<Call> = {},
): ProviderError {
  return adapter.chat.refusal(jsonHead(status), Buffer.from(body), callOf(adapter, change))
}

export function jsonHead(status: number): ResponseHead {
  return { status, headers: { 'content-type': 'application/json' } }
}

export interface ReadStream {
  readonly reader: ChatStreamReader
  /** The client's events, parsed. */
  readonly chunks: readonly Chunk[]
  readonly text: string
}

export interface Chunk {
  readonly id: string
  readonly object: string
  readonly created: number
  readonly model: string
  readonly usage?: unknown
  readonly choices: readonly {
    readonly index: number
    readonly delta: {
      readonly role?: string
      readonly content?: string
      readonly reasoning_content?: string
      readonly tool_calls?: readonly Record<string, unknown>[]
    }
    readonly finish_reason: string | null
  }[]
}

/** Reads a streamed answer to the end, in pieces of `size` bytes. */
export function readStream(
  adapter: ProtocolAdapter,
  bytes: Uint8Array,
  options: {
    readonly size?: number
    readonly request?: ChatRequest
    readonly call?: Partial<Call>
  } = {},
): ReadStream {
  let sent = ''
  const size = options.size ?? bytes.length
  const reader = adapter.chat.stream(
    { status: 200, headers: { 'content-type': 'text/event-stream' } },
    (events) => (sent += Buffer.from(events).toString()),
    options.request ?? chatRequest({ messages: [], stream: true }),
    callOf(adapter, options.call),
  )
  for (let at = 0; at < bytes.length; at += size) {
    // A buffer of its own, wiped afterwards: the reader may keep no view on it.
    const piece = Buffer.from(bytes.subarray(at, at + size))
    reader.push(piece)
    piece.fill(0)
  }
  reader.end()
  const events = sent.split('\n\n').filter((event) => event !== '')
  const chunks = events.map((event) => JSON.parse(event.replace(/^data: /, '')) as Chunk)
  const text = chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')
  return { reader, chunks, text }
}

import type { IncomingHttpHeaders } from 'node:http'
import type { Refusal } from './refusal.ts'
import type { ChatCall } from './chat.ts'
import type { EmbeddingCall } from './embedding.ts'
import type { Session, Sessions } from './session.ts'

/**
 * One protocol of one provider, as seen from the provider's side. A platform knows wire shapes, credentials, models
 * and what its provider refuses; everything else (counting, generating, billing, faults, pacing) is the engine's.
 *
 * Adding a protocol is one folder or file under `platforms/` and one line in `platforms/index.ts`.
 */
export interface Platform {
  /** The gateway's name of the protocol, such as `tongyi-compatible`. */
  readonly protocol: string
  /** The gateway's name of the provider, such as `tongyi`. */
  readonly provider: string
  /** Path of the base URL on this server, such as `/tongyi/compatible-mode/v1`; `''` for its root. */
  readonly basePath: string
  /** Path of embeddings on this server, where the provider has them at a place of their own. */
  readonly embeddingPath?: string
  /** Further base paths of the protocol, with the models served there. */
  readonly alternatives?: readonly { readonly basePath: string; readonly models: readonly SimulatedModel[] }[]
  /** The well-known fake credentials of the default account, by the names the console of the platform uses. */
  readonly credentials: Readonly<Record<string, string>>
  /** The pair that signs requests, where a platform takes one in place of `credentials`. */
  readonly signedCredentials?: Readonly<Record<string, string>>
  readonly models: readonly SimulatedModel[]
  readonly operations: readonly Operation[]
  readonly metering: Metering
  /**
   * The account behind the credentials of a request, or this platform's refusal of them. `books.sessions` are the tokens
   * that `session` operations have handed out. A conversation is asked for twice: in its handshake, which has no body, and
   * with its first frame, which may name more of the credentials.
   */
  admit(request: Incoming, books: Books): { readonly account: string } | Refusal
  /**
   * The platform's own answer to a refusal. `undefined` means that this platform has no error for it and tells it
   * inside an ordinary answer instead (Baichuan's content filter is a `finish_reason`). In a conversation the body is
   * one frame, after which the socket is closed.
   */
  refuse(refusal: Refusal, request: Incoming): WireReply | undefined
  /** A limit of the platform's own that is looked at before a call starts, beside grants of tokens. */
  allow?(call: { readonly account: string; readonly model: string }, books: Books): Refusal | undefined
  /**
   * One frame that reports an error inside a stream that has begun, with whatever end mark follows it; `framesBefore` are
   * those already written.
   */
  streamError(request: Incoming, framesBefore: number): string
  /** The content type of streams, where readers look at more than its beginning. */
  readonly streamContentType?: string
  /** An answer without anything in it, for the fault `emptyStream`; OpenAI's form with no choices unless given. */
  emptyReply?(request: Incoming): string
  /** Headers of every answer: request ids, published limits. */
  headers(request: Incoming): Record<string, string>
}

/** What a platform tells and bills apart. What it does not tell apart, its bill does not show apart either. */
export interface Metering {
  /** Cached prompt tokens are reported. */
  readonly cached: boolean
  /** Reasoning tokens are reported apart from the rest of the completion. */
  readonly reasoning: boolean
  /** Tool calls count as output (Spark reports 0 for them). */
  readonly toolCalls: boolean
}

export interface SimulatedModel {
  readonly name: string
  readonly kind: 'chat' | 'embedding'
  /** Most prompt tokens; `undefined` where the provider states none. */
  readonly contextTokens?: number
  /** Largest accepted `max_tokens`. */
  readonly outputTokensMax?: number
  readonly vision?: boolean
  /** Embeddings: the offered sizes, the default first; the most inputs of one call; the most tokens of one input. */
  readonly dimensions?: readonly number[]
  readonly inputsMax?: number
  readonly inputTokensMax?: number
}

/** What a platform does at one path. */
export type Operation =
  ChatOperation | ConversationOperation | EmbeddingOperation | PlainOperation | SessionOperation

interface Place {
  /** Absolute on this server. With `/*` at its end it takes any one step there, such as a model named by the path. */
  readonly path: string
  /**
   * For platforms with one path for everything (Tencent Cloud, Volcengine): what `x-tc-action` or the query's `Action`
   * names. Several platforms may share a path if their actions differ.
   */
  readonly action?: string
}

export interface ChatOperation extends Place {
  readonly kind: 'chat'
  readonly method: 'POST'
  read(request: Incoming): ChatCall | Refusal
}

/**
 * A chat on a WebSocket. The handshake proves who asks; the first text frame is the request (`Incoming.body`), the
 * answer is always streamed, one text frame a frame, and after the last one the server closes.
 */
export interface ConversationOperation extends Place {
  readonly kind: 'conversation'
  readonly method: 'GET'
  read(request: Incoming): ChatCall | Refusal
}

export interface EmbeddingOperation extends Place {
  readonly kind: 'embedding'
  readonly method: 'POST'
  read(request: Incoming): EmbeddingCall | Refusal
}

/** A path that generates nothing: model lists, balances, counts. Never billed; struck only by faults that name its action. */
export interface PlainOperation extends Place {
  readonly kind: 'plain'
  readonly method: 'GET' | 'POST'
  /** Some platforms list their models to anybody. */
  readonly open: boolean
  answer(request: Incoming, account: string | undefined, books: Books): WireReply
}

/**
 * Exchanges credentials for a token that is valid for a time. Never billed or logged, but counted; struck only by faults
 * whose match says `sessions`.
 */
export interface SessionOperation extends Place {
  readonly kind: 'session'
  readonly method: 'GET' | 'POST'
  open(request: Incoming): Session | Refusal
  /** This path's own words for a refusal, which need not be those of the rest of the platform. */
  refuse(refusal: Refusal, request: Incoming): WireReply
}

/** What a plain operation may look up about an account: balances are derived from the bill. */
export interface Books {
  /** Billed calls of an account, by model. */
  billedRequests(protocol: string, account: string): ReadonlyMap<string, number>
  /** Calls being answered at this moment, by model. */
  runningRequests(protocol: string, account: string): ReadonlyMap<string, number>
  /** Daily allowance in magicubes set by `setGrant`, if any. */
  magicubes(provider: string, account: string): number | undefined
  /** Tokens and temporary keys the platforms have handed out. */
  readonly sessions: Sessions
}

export interface Incoming {
  /** This server's id of the request, in UUID form. */
  readonly id: string
  readonly method: string
  readonly path: string
  /** What stands after the `?`, undecoded, because signatures are made over it; `''` without one. */
  readonly query: string
  readonly headers: IncomingHttpHeaders
  /** Empty in the handshake of a WebSocket. */
  readonly body: string
  /** The body came as a frame of an open WebSocket, and so does the answer; a handshake is answered over HTTP. */
  readonly inFrames?: true
  /** Unix seconds, as the answers show it. */
  readonly createdAt: number
}

export interface WireReply {
  readonly status: number
  readonly body: string
  readonly contentType?: string
  readonly headers?: Readonly<Record<string, string>>
}

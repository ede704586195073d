import type { ByteString } from '../byte-string.ts'
import type { SimulatedModel } from './platform.ts'

/** A chat request after the platform has accepted it, in words that no platform owns. */
export interface ChatCall {
  readonly model: SimulatedModel
  /** The model as the answer names it. */
  readonly modelShown: string
  readonly promptTokens: number
  /** Text of the last user message: the seed of the answer and the place of directives. */
  readonly userText: string
  /** The last message is the user's, so tools may be called; after a tool result the answer is text. */
  readonly userSpokeLast: boolean
  readonly stream: boolean
  /** `end`: once, at the end; `every`: running totals in every chunk; `none`: not asked for. */
  readonly usage: 'none' | 'end' | 'every'
  /** Most tokens of the answer without reasoning, and of both together. */
  readonly answerTokensMax?: number
  readonly completionTokensMax?: number
  /** `forbidden` when the request switched thinking off: not even a directive brings it back. */
  readonly thinking: 'on' | 'off' | 'forbidden'
  readonly reasoningTokensMax?: number
  readonly tools: readonly ToolDefinition[]
  /** The only tool that may be called, when the request named one. */
  readonly toolNamed?: string
  readonly parallelTools: boolean
  /** The answer must be a JSON object, of this schema if one is given. */
  readonly json?: { readonly schema?: unknown }
  readonly stop: readonly string[]
  /** What the platform says in place of an answer that it filters; nothing unless given. */
  readonly filteredText?: string
  /** Hunyuan keeps the stop text in the answer. */
  readonly stopKept?: boolean
  /** Hunyuan says a sentence after its tool calls. */
  readonly textAfterTools?: boolean
  /**
   * Who asks, where the platform answers one call of a user at a time: while one runs, another is refused as a
   * `rate-limit` of the variant `user-busy`.
   */
  readonly user?: string
  readonly wire: ChatWire
}

export interface ToolDefinition {
  readonly name: string
  readonly parameters: unknown
}

/** How a platform writes an answer. Built per request, so that it may depend on what was asked. */
export interface ChatWire {
  /** The whole answer as one JSON body; absent where every answer is streamed. */
  reply?(answer: Answer): string
  stream(answer: Answer): StreamWriter
}

/**
 * Writes the frames of one stream, each as the exact bytes of one event (`jsonBytes` for whatever is not ASCII). Called in order: opening, reasoning
 * pieces, text pieces, tool calls, the text after them, closing. `used` is the usage up to and including the frame.
 */
export interface StreamWriter {
  opening?(used: Usage): ByteString
  reasoning(text: string, used: Usage): ByteString
  /** `last` is true for the last piece of an answer that is text only. */
  text(text: string, used: Usage, last: boolean): ByteString
  /** The piece that names the call, where arguments follow in pieces of their own. */
  toolStart?(call: ToolCall, used: Usage): ByteString
  /** `pieces`: arguments are cut up; `whole`: one frame a call. */
  readonly toolGrain: 'pieces' | 'whole'
  /** `first` and `last` of this call; `final` when nothing follows at all. */
  toolPiece(call: ToolCall, text: string, used: Usage, at: { first: boolean; final: boolean }): ByteString
  /** What follows the content: finish, usage, end mark; each string is one frame. */
  closing(used: Usage): ByteString[]
}

export interface Answer {
  /** Unique per request, hexadecimal with dashes. */
  readonly id: string
  readonly createdAt: number
  readonly model: string
  readonly reasoning: string
  readonly text: string
  readonly toolCalls: readonly ToolCall[]
  readonly finish: 'stop' | 'length' | 'tool_calls' | 'content_filter'
  readonly used: Usage
  /** What of the usage is told. A fault may silence it, or have it told as `null`, or in every frame. */
  readonly usageShown: 'none' | 'null' | 'end' | 'every'
}

export interface ToolCall {
  readonly index: number
  readonly id: string
  readonly name: string
  readonly arguments: string
}

/** Token counts by the published rule. `completion` = `answer` + `reasoning`; `cached` is part of `prompt`. */
export interface Usage {
  readonly prompt: number
  readonly cached: number
  readonly answer: number
  readonly reasoning: number
  readonly completion: number
  readonly total: number
}

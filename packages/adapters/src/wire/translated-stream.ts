import {
  ProviderError,
  type Call,
  type ChatStreamReader,
  type ChatStreamSink,
  type ChatStreamState,
  type TokenUsage,
} from '../contract/index.ts'
import { faultOfEnd } from './end-of-answer.ts'
import { EventOutput } from './event-output.ts'
import { finishReasonOf } from './finish-reason.ts'
import { framesOf } from './frames.ts'
import { isObject, nameOf, parseJson, type JsonObject, type MutableJson } from './json.ts'
import { SseReader, type SseEvent } from './sse.ts'
import { StreamRecord } from './stream-record.ts'
import { ToolCallPieces } from './tool-calls.ts'

/** What one event of the provider means. All fields are increments; absent ones say nothing. */
export interface StreamPiece {
  readonly text?: string | undefined
  readonly reasoning?: string | undefined
  /** Pieces in OpenAI's form, in any state of disorder: `ToolCallPieces` puts them right. They may be changed. */
  readonly toolCalls?: readonly MutableJson[] | undefined
  /** The provider's own word, or OpenAI's; `finishReasonOf` maps it. */
  readonly finishReason?: string | null | undefined
  /** In OpenAI's form, of the text of this piece. */
  readonly logprobs?: JsonObject | undefined
  /** In OpenAI's fields (`prompt_tokens` ...). Running totals: the newest replaces the others. */
  readonly usage?: JsonObject | undefined
  /** The provider's id of the answer. */
  readonly id?: string | undefined
  /** The id that the client is given, where that is not the provider's. */
  readonly chunkId?: string | undefined
  readonly model?: string | undefined
  /** The provider said that nothing follows. `[DONE]` is known without being told. */
  readonly complete?: boolean | undefined
}

export interface TranslatedRules {
  /**
   * One event of the provider: what it means, that it is an error, or `undefined` for nothing. `name` is the
   * `event:` field, `''` without one and for frames.
   */
  readonly translate: (event: JsonObject, name: string) => StreamPiece | ProviderError | undefined
  /**
   * What remains to be said when the stream is over without a finish reason: `complete` by the provider's own
   * word, otherwise because the connection ended. For protocols that never tell a finish reason (Spark).
   */
  readonly closing?: (complete: boolean) => StreamPiece | undefined
  /** `sse`: bytes cut anywhere. `frame`: every push is one frame of a WebSocket, or a sequence of whole ones (`framesOf`). */
  readonly framing: 'sse' | 'frame'
  readonly readUsage?: (usage: JsonObject) => TokenUsage
  /** SSE comments, without the colon (DashScope tells the status of a failed native stream there). */
  readonly comment?: (text: string) => void
}

/**
 * Reads a stream that must be translated event by event into OpenAI's chunks. The state is kept as the contract
 * wants it; `rules.translate` only says what an event means. Choices other than the first are not supported,
 * because no native protocol has them in streams.
 */
export function translatedStream(sink: ChatStreamSink, call: Call, rules: TranslatedRules): ChatStreamReader {
  return new TranslatedStream(sink, call, rules)
}

class TranslatedStream implements ChatStreamReader {
  readonly #record: StreamRecord
  readonly #reader: SseReader
  readonly #output: EventOutput
  readonly #call: Call
  readonly #rules: TranslatedRules
  readonly #calls: ToolCallPieces
  /** Everything of a chunk up to its delta, made once the id is known. */
  #head = ''
  #ended = false

  constructor(sink: ChatStreamSink, call: Call, rules: TranslatedRules) {
    this.#call = call
    this.#rules = rules
    this.#record = new StreamRecord(rules.readUsage)
    this.#output = new EventOutput(sink)
    this.#calls = new ToolCallPieces(`call_${call.requestId}_`)
    this.#reader = new SseReader({
      event: (event) => this.#event(event),
      tooLong: () => this.#fail('The provider sent an event that is too large'),
      ...(rules.comment === undefined ? {} : { comment: rules.comment }),
    })
  }

  get state(): ChatStreamState {
    return this.#record
  }

  push(bytes: Uint8Array): void {
    if (this.#rules.framing === 'sse') this.#reader.push(bytes)
    else for (const frame of framesOf(bytes)) this.#frame(frame)
    this.#output.flush()
  }

  end(): void {
    this.#reader.end()
    if (!this.#record.complete) this.#close(false)
    this.#output.flush()
    const fault = this.#record.error === undefined ? faultOfEnd(this.#record) : undefined
    if (fault !== undefined) this.#record.fail(fault)
  }

  #frame(text: string): void {
    if (this.#record.error !== undefined || this.#record.complete) return
    const frame = parseJson(text)
    if (isObject(frame)) this.#translate(frame, '')
    else this.#fail('The provider sent a frame that is not JSON')
  }

  #event(event: SseEvent): void {
    if (event.json !== undefined) this.#translate(event.json, event.name)
    else if (event.data.trim() === '[DONE]') this.#finish()
    else this.#fail('The provider sent an event that is not JSON')
  }

  #translate(event: MutableJson, name: string): void {
    const piece = this.#rules.translate(event, name)
    if (piece === undefined) return
    if (piece instanceof ProviderError) {
      this.#record.fail(piece)
      this.#reader.stop()
      return
    }
    this.#record.upstreamId ??= nameOf(piece.id)
    this.#record.noteUsage(piece.usage)
    this.#emit(piece)
    if (piece.complete === true) this.#finish()
  }

  #emit(piece: StreamPiece): void {
    let delta = ''
    const add = (field: string) => {
      delta = delta === '' ? field : `${delta},${field}`
    }
    if (piece.reasoning) {
      add(`"reasoning_content":${JSON.stringify(piece.reasoning)}`)
      this.#record.noteOutput(Buffer.byteLength(piece.reasoning))
    }
    if (piece.text) {
      add(`"content":${JSON.stringify(piece.text)}`)
      this.#record.noteOutput(Buffer.byteLength(piece.text))
    }
    const pieces = piece.toolCalls === undefined ? [] : [...piece.toolCalls]
    for (const toolCall of pieces) this.#record.noteOutput(this.#calls.repair(toolCall).textBytes)
    let reason = finishReasonOf(piece.finishReason)
    if (reason !== null) {
      if (reason === 'stop' && this.#calls.count > 0) reason = 'tool_calls'
      pieces.push(...this.#calls.missingArguments())
      this.#record.finishReason = reason
    }
    if (pieces.length > 0) add(`"tool_calls":${JSON.stringify(pieces)}`)
    if (delta === '' && reason === null) return
    if (this.#ended) return
    this.#ended = reason !== null
    const logprobs = piece.logprobs === undefined ? '' : `"logprobs":${JSON.stringify(piece.logprobs)},`
    const finish = reason === null ? 'null' : `"${reason}"`
    this.#output.text(`${this.#headFor(piece)}${delta}},${logprobs}"finish_reason":${finish}}]}\n\n`)
  }

  /** The first chunk carries the role, like OpenAI's. */
  #headFor(piece: StreamPiece): string {
    if (this.#head !== '') return this.#head
    const head = (this.#record.chunkHead = {
      id: nameOf(piece.chunkId) ?? nameOf(piece.id) ?? `chatcmpl-${this.#call.requestId}`,
      created: Math.floor(this.#call.nowMs / 1000),
      model: nameOf(piece.model) ?? this.#call.upstreamModel,
    })
    this.#head =
      `data: {"id":${JSON.stringify(head.id)},"object":"chat.completion.chunk","created":${head.created},` +
      `"model":${JSON.stringify(head.model)},"choices":[{"index":0,"delta":{`
    this.#output.text(`${this.#head}"role":"assistant"},"finish_reason":null}]}\n\n`)
    return this.#head
  }

  #close(complete: boolean): void {
    if (this.#record.error !== undefined || this.#record.finishReason !== undefined) return
    const piece = this.#rules.closing?.(complete)
    if (piece !== undefined) this.#emit(piece)
  }

  #finish(): void {
    this.#close(true)
    this.#record.complete = true
    this.#reader.stop()
  }

  #fail(message: string): void {
    this.#record.fail(
      new ProviderError('upstream_error', { message, upstreamCode: 'unreadable_event', concluded: true }),
    )
    this.#reader.stop()
  }
}

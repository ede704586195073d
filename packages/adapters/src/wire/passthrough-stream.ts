import { isUtf8 } from 'node:buffer'
import {
  ProviderError,
  type Call,
  type ChatStreamReader,
  type ChatStreamSink,
  type ChatStreamState,
  type ResponseHead,
  type TokenUsage,
} from '../contract/index.ts'
import { ChunkRepair } from './chunk-repair.ts'
import { learnTemplate, type ChunkTemplate, type TemplateHit } from './chunk-template.ts'
import { faultOfEnd } from './end-of-answer.ts'
import type { ErrorRule } from './error-rules.ts'
import { EventOutput } from './event-output.ts'
import { failureOf } from './finish-reason.ts'
import { arrayOf, isObject, parseJson, type JsonObject, type MutableJson } from './json.ts'
import { errorInAnswer } from './read-error.ts'
import { SseReader, type SseEvent, type SseHandler } from './sse.ts'
import { StreamRecord } from './stream-record.ts'

/** What differs between platforms whose stream is OpenAI's. */
export interface PassthroughRules {
  readonly errors: readonly ErrorRule[]
  /** Usage that stands elsewhere than in `usage`, `choices[].usage` (e.g. Ark's `bot_usage`). */
  readonly findUsage?: (chunk: JsonObject) => JsonObject | undefined
  /**
   * Sees every chunk, and every whole answer, before anything else does and may change it in place; returns whether
   * it did. Must depend on nothing but what it has been shown, because chunks that repeat an earlier one in all but
   * the text are not shown again.
   */
  readonly adapt?: (chunkOrAnswer: MutableJson) => boolean
  /** Default: `readUsage`, OpenAI's fields and the known dialects of them. */
  readonly readUsage?: (usage: JsonObject) => TokenUsage
}

/**
 * Reads a stream that already speaks OpenAI's dialect, more or less, and passes it on: unchanged events as views on
 * the received bytes, odd ones repaired. Usage never reaches the sink, nor do `[DONE]`, chunks without choices,
 * comments, or anything after an error.
 *
 * See `chunk-template.ts` for why most events are not parsed.
 */
export function passthroughStream(
  head: ResponseHead,
  sink: ChatStreamSink,
  call: Call,
  rules: PassthroughRules,
): ChatStreamReader {
  return new PassthroughStream(head, sink, call, rules)
}

/** Content, reasoning and two tool calls alternate in one stream at most. */
const templatesMax = 4
/** Learning costs as much as parsing a few events; servers whose events never repeat are given up after this many. */
const lessonsMax = 8
/** Of `data:`. */
const firstByte = 0x64
const lineFeed = 0x0a

class PassthroughStream implements ChatStreamReader, SseHandler {
  readonly #record: StreamRecord
  readonly #repair: ChunkRepair
  readonly #reader: SseReader
  readonly #output: EventOutput
  readonly #head: ResponseHead
  readonly #call: Call
  readonly #rules: PassthroughRules
  #templates: ChunkTemplate[] = []
  #latest = 0
  #lessons = 0
  /** Whether the whole lines of this push are UTF-8; asked once, when the first template is tried. */
  #isUtf8: boolean | undefined
  readonly #hit: TemplateHit = { end: 0, textStart: 0, textEnd: 0, hasEscapes: false, totalTokens: -1 }

  constructor(head: ResponseHead, sink: ChatStreamSink, call: Call, rules: PassthroughRules) {
    this.#head = head
    this.#call = call
    this.#rules = rules
    this.#record = new StreamRecord(rules.readUsage)
    this.#repair = new ChunkRepair(this.#record, call)
    this.#output = new EventOutput(sink)
    this.#reader = new SseReader(this)
  }

  get state(): ChatStreamState {
    return this.#record
  }

  push(bytes: Uint8Array): void {
    this.#isUtf8 = undefined
    this.#reader.push(bytes)
    this.#output.flush()
  }

  end(): void {
    this.#isUtf8 = undefined
    this.#reader.end()
    this.#output.flush()
    const fault = this.#record.error === undefined ? faultOfEnd(this.#record) : undefined
    if (fault !== undefined) this.#record.fail(fault)
  }

  tooLong(): void {
    this.#fail(
      new ProviderError('upstream_error', {
        message: 'The provider sent an event that is too large',
        concluded: true,
      }),
    )
  }

  consume(bytes: Buffer, start: number, end: number): number {
    if (this.#templates.length === 0 || bytes[start] !== firstByte) return start
    // What no decoder has looked at must not reach clients that decode strictly.
    this.#isUtf8 ??= isUtf8(
      bytes[end - 1] === lineFeed ? bytes : bytes.subarray(0, bytes.lastIndexOf(lineFeed) + 1),
    )
    if (!this.#isUtf8) return start
    const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const hit = this.#hit
    let usageStart = -1
    let usageEnd = -1
    let usageTotal = -1
    let at = start
    while (at < end) {
      const template = this.#matching(bytes, words, at, end)
      if (template === undefined) break
      const textBytes = hit.hasEscapes ? decodedBytes(bytes, hit) : hit.textEnd - hit.textStart
      // An escape that no parser accepts: let the slow path say so.
      if (textBytes < 0) break
      this.#record.noteOutput(textBytes)
      const { rewrite, place } = template
      if (place.callIndex !== undefined && textBytes > 0) {
        this.#repair.addedArguments(place.choiceIndex, place.callIndex)
      }
      if (rewrite === undefined) this.#output.view(bytes, at, hit.end)
      else this.#output.pieces(rewrite.before, bytes, hit.textStart, hit.textEnd, rewrite.after, end - at)
      if (hit.totalTokens >= 0 && hit.totalTokens >= usageTotal) {
        usageTotal = hit.totalTokens
        usageStart = at
        usageEnd = hit.end
      }
      at = hit.end
      this.#lessons = 0
    }
    if (usageTotal >= 0)
      this.#record.noteRunningUsage(usageTotal, bytes.toString('utf8', usageStart, usageEnd))
    return at
  }

  /** The template of the event at `at`; the one that fitted last is tried first. */
  #matching(bytes: Buffer, words: DataView, at: number, end: number): ChunkTemplate | undefined {
    const templates = this.#templates
    const latest = templates[this.#latest]
    if (latest?.match(bytes, words, at, end, this.#hit) === true) return latest
    for (let index = 0; index < templates.length; index++) {
      const template = templates[index]
      if (template === latest || template?.match(bytes, words, at, end, this.#hit) !== true) continue
      this.#latest = index
      return template
    }
    return undefined
  }

  event(event: SseEvent): void {
    const chunk = event.json
    if (chunk === undefined) {
      const data = event.data.trim()
      if (data === '[DONE]') {
        this.#record.complete = true
        this.#reader.stop()
      } else this.#failUnreadable(data, event.name)
      return
    }
    const given = arrayOf(chunk['choices'])
    const choices = given?.filter(isObject)
    const isOdd = choices !== undefined && choices.length !== given?.length
    if (isOdd) chunk['choices'] = choices
    if (event.name === 'error' || choices === undefined || chunk['error'] || chunk['object'] === 'error') {
      const error = errorInAnswer(chunk, this.#head, this.#call, this.#rules.errors)
      if (error !== undefined) return this.#fail(error)
      if (event.name === 'error') return this.#failUnreadable(event.data, event.name)
    }
    const adapted = choices !== undefined && this.#rules.adapt?.(chunk) === true
    this.#record.noteUsage(chunk['usage'])
    if (this.#rules.findUsage !== undefined) this.#record.noteUsage(this.#rules.findUsage(chunk))
    if (choices === undefined || choices.length === 0) return

    for (const choice of choices) {
      this.#record.noteUsage(choice['usage'])
      const failure = failureOf(choice['finish_reason'])
      if (failure !== undefined) {
        const code = String(choice['finish_reason'])
        const message = `The provider ended the answer early (${code})`
        return this.#fail(new ProviderError(failure, { message, upstreamCode: code, concluded: true }))
      }
    }
    const repaired = this.#repair.repair(chunk, choices)
    const changed = isOdd || adapted || repaired.changed
    const { turned } = repaired
    const raw = event.raw
    if (!changed && raw?.canonical === true) this.#output.view(raw.bytes, raw.start, raw.end)
    else
      this.#output.text(
        `data: ${changed ? JSON.stringify(chunk) : event.data.trim().replaceAll(/[\r\n]/g, ' ')}\n\n`,
      )
    // A new tool call may take over the index of another: what was learned about arguments is void then.
    if (turned) this.#templates = this.#templates.filter(({ place }) => place.callIndex === undefined)
    else if (raw !== undefined) this.#learn(raw, chunk, changed)
  }

  #learn(raw: NonNullable<SseEvent['raw']>, chunk: Record<string, unknown>, changed: boolean): void {
    if (this.#lessons > lessonsMax) return
    if (++this.#lessons > lessonsMax) {
      this.#templates = []
      return
    }
    const template = learnTemplate(raw, chunk, changed)
    if (template === undefined) return
    this.#templates = [template, ...this.#templates.slice(0, templatesMax - 1)]
    this.#latest = 0
  }

  #failUnreadable(data: string, name: string): void {
    const error =
      name === 'error'
        ? errorInAnswer({ error: data }, this.#head, this.#call, this.#rules.errors)
        : undefined
    this.#fail(
      error ??
        new ProviderError('upstream_error', {
          message: 'The provider sent an event that is not JSON',
          upstreamCode: 'unreadable_event',
          concluded: true,
        }),
    )
  }

  #fail(error: ProviderError): void {
    this.#record.fail(error)
    this.#reader.stop()
  }
}

/** UTF-8 bytes of a text with escapes, -1 when the escapes are wrong. */
function decodedBytes(bytes: Buffer, hit: TemplateHit): number {
  const text = parseJson(`"${bytes.toString('utf8', hit.textStart, hit.textEnd)}"`)
  return typeof text === 'string' ? Buffer.byteLength(text) : -1
}

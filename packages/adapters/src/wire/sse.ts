import { bufferOf } from './bytes.ts'
import { isObject, parseJson, type MutableJson } from './json.ts'

/** One server-sent event, or one line that stands for one. */
export interface SseEvent {
  /** What stood after `data:`, lines joined by LF. For a bare JSON line without `data:`, that line. */
  readonly data: string
  /** `data` parsed, when it is a JSON object. Nobody else holds it: the handler may change it. */
  readonly json: MutableJson | undefined
  /** The `event:` name, `''` when there was none. */
  readonly name: string
  /**
   * Where the event stands with everything up to the next one, when it is a single data line in one piece.
   * `canonical`: the bytes are exactly `data: {…}\n\n`, in UTF-8 and without a CR (which ends a line to the client),
   * so that a view on them can be passed on.
   * `bytes` belong to the current `push`.
   */
  readonly raw: RawEvent | undefined
}

export interface RawEvent {
  readonly bytes: Buffer
  readonly start: number
  readonly end: number
  readonly canonical: boolean
}

export interface SseHandler {
  event(event: SseEvent): void
  /** A line or event grew past `maxEventBytes`; nothing more is read. */
  tooLong(): void
  /** Comment lines, without the colon. DashScope's native stream tells the HTTP status in one. */
  comment?(text: string): void
  /**
   * Tries to consume whole events from `start`, which is the first byte of a line outside any event. Returns where
   * it stopped: again the first byte of a line outside any event, `start` itself when it knows none of them.
   */
  consume?(bytes: Buffer, start: number, end: number): number
}

/** An event larger than this is not believed. Real ones stay below 64 KB, base64 pictures excepted. */
const eventBytesMax = 1_048_576

/**
 * Reads server-sent events from bytes cut anywhere, as real platforms send them: `data:` with and without a space,
 * LF and CRLF, no blank line between events, an event over several `data:` lines, comments, a byte order mark, a
 * last line without its end, bare JSON lines (Qianfan's errors). Multi-byte characters never break, because only
 * whole lines are decoded. CR alone ends no line: no platform has been seen to write so, and such a stream ends as
 * one event that is not JSON.
 *
 * An event is delivered as soon as its data is whole JSON (or `[DONE]`), without waiting for the blank line.
 * Never throws, holds at most one event.
 */
export class SseReader {
  readonly #handler: SseHandler
  readonly #bytesMax: number
  /** Room for the unfinished line, as a copy: the caller may reuse its buffer after `push`. */
  #held: Buffer = nothing
  #heldBytes = 0
  /** Data lines of an event that is not whole yet. */
  #data = ''
  #name = ''
  #atStart = true
  #stopped = false

  constructor(handler: SseHandler, bytesMax: number = eventBytesMax) {
    this.#handler = handler
    this.#bytesMax = bytesMax
  }

  /** Delivers nothing more, e.g. after `[DONE]` or an error. */
  stop(): void {
    this.#stopped = true
    this.#held = nothing
    this.#heldBytes = 0
  }

  push(input: Uint8Array): void {
    if (this.#stopped || input.length === 0) return
    let bytes = bufferOf(input)
    if (this.#heldBytes > 0) {
      if (bytes.indexOf(0x0a) < 0) return this.#hold(bytes)
      bytes = this.#takeHeld(bytes)
    }
    this.#read(bytes)
  }

  /** The connection ended: a last line without its end counts as whole. */
  end(): void {
    if (this.#stopped) return
    if (this.#heldBytes > 0) {
      this.#read(this.#takeHeld(lineEnd))
    }
    this.#deliverRest()
  }

  #hold(bytes: Buffer): void {
    const size = this.#heldBytes + bytes.length
    if (size + this.#data.length > this.#bytesMax) return this.#giveUp()
    if (size > this.#held.length) {
      const room = Buffer.allocUnsafe(Math.max(heldBytesMin, 2 * size))
      this.#held.copy(room, 0, 0, this.#heldBytes)
      this.#held = room
    }
    bytes.copy(this.#held, this.#heldBytes)
    this.#heldBytes = size
  }

  /** The held bytes and those after them, in memory that nothing is held in again: views on it may be handed over. */
  #takeHeld(after: Buffer): Buffer {
    const whole = Buffer.concat([this.#held.subarray(0, this.#heldBytes), after])
    this.#heldBytes = 0
    return whole
  }

  #giveUp(): void {
    this.stop()
    this.#handler.tooLong()
  }

  #read(bytes: Buffer): void {
    const end = bytes.length
    let at = 0
    if (this.#atStart) {
      if (bytes[0] === 0xef && end < 3) return this.#hold(bytes)
      if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) at = 3
      this.#atStart = false
    }
    while (at < end && !this.#stopped) {
      if (this.#data === '' && this.#name === '' && this.#handler.consume !== undefined) {
        at = this.#handler.consume(bytes, at, end)
        if (at >= end || this.#stopped) return
      }
      const feed = bytes.indexOf(0x0a, at)
      if (feed < 0) return this.#hold(bytes.subarray(at))
      at = this.#line(bytes, at, feed)
    }
  }

  /** Reads the line from `start` to the line feed; returns where the next line begins. */
  #line(bytes: Buffer, start: number, feed: number): number {
    const next = feed + 1
    if (feed - start > this.#bytesMax) {
      this.#giveUp()
      return next
    }
    const end = feed > start && bytes[feed - 1] === 0x0d ? feed - 1 : feed
    if (end === start) {
      this.#deliverRest()
      return next
    }
    switch (bytes[start]) {
      case 0x3a: // a comment
        this.#handler.comment?.(bytes.toString('utf8', start + 1, end))
        return next
      case 0x64: // d
        if (bytes.toString('latin1', start, start + 5) !== 'data:') return next
        return this.#dataLine(bytes, start, end, next)
      case 0x65: // e
        if (bytes.toString('latin1', start, start + 6) === 'event:') {
          this.#deliverRest()
          this.#name = bytes.toString('utf8', start + 6, end).trim()
        }
        return next
      case 0x7b: // a bare JSON line, the way some platforms report an error on a stream
        this.#deliverRest()
        this.#data = bytes.toString('utf8', start, end)
        this.#deliverRest()
        return next
      default:
        return next
    }
  }

  #dataLine(bytes: Buffer, start: number, end: number, next: number): number {
    const spaced = bytes[start + 5] === 0x20
    const text = bytes.toString('utf8', start + (spaced ? 6 : 5), end)
    if (this.#data !== '') {
      this.#data += '\n' + text
      if (this.#data.length > this.#bytesMax) this.#giveUp()
      else if (wholeJson(this.#data) !== undefined) this.#deliverRest()
      return next
    }
    const json = wholeJson(text)
    if (json === undefined && text.trim() !== '[DONE]') {
      this.#data = text
      return next
    }
    // The blank line belongs to the event; where it has not arrived yet, the form of the event is not known.
    const blank = bytes[next] === 0x0a ? 1 : bytes[next] === 0x0d && bytes[next + 1] === 0x0a ? 2 : 0
    const rawEnd = next + blank
    const canonical = spaced && blank === 1 && end === next - 1 && isPlain(text)
    const isKnown = this.#name === '' && (blank > 0 || next + 1 < bytes.length)
    this.#deliver(text, json, isKnown ? { bytes, start, end: rawEnd, canonical } : undefined)
    return rawEnd
  }

  #deliverRest(): void {
    const data = this.#data
    if (data.trim() !== '') this.#deliver(data, wholeJson(data), undefined)
    this.#data = ''
    this.#name = ''
  }

  #deliver(data: string, json: MutableJson | undefined, raw: RawEvent | undefined): void {
    const name = this.#name
    this.#data = ''
    this.#name = ''
    if (!this.#stopped) this.#handler.event({ data, json, name, raw })
  }
}

const lineEnd = Buffer.from('\n')
const nothing = Buffer.alloc(0)
/** Most held lines fit: the room is made once for a stream. */
const heldBytesMin = 1024

/** Whether JSON text can go on as the bytes it came in: `\ufffd` is what the decoder makes of what is not UTF-8. */
function isPlain(text: string): boolean {
  return text.startsWith('{') && text.endsWith('}') && !text.includes('\r') && !text.includes('\ufffd')
}

/**
 * The object, when data stands on its own. A data line that is not whole JSON may go on in the next `data:` line,
 * while two whole ones are two events even where the blank line between them is missing.
 */
function wholeJson(data: string): MutableJson | undefined {
  // Cheap first: an event cut over several lines nearly never ends in a brace.
  const trimmed = data.trim()
  if (trimmed.charCodeAt(0) !== 0x7b || !trimmed.endsWith('}')) return undefined
  const value = parseJson(data)
  return isObject(value) ? value : undefined
}

import type { ChatStreamSink } from '../contract/index.ts'

/**
 * Gathers what one `push` gives the client into as few calls of the sink as possible: neighbouring events of the
 * network chunk become one view on it, rewritten ones share one new buffer. Memory that has been handed over is
 * never written again, because a socket may still hold it.
 */
export class EventOutput {
  readonly #sink: ChatStreamSink
  #text = ''
  #view: Buffer | undefined
  #viewStart = 0
  #viewEnd = 0
  #room: Buffer = none
  #roomStart = 0
  #roomEnd = 0

  constructor(sink: ChatStreamSink) {
    this.#sink = sink
  }

  text(events: string): void {
    if (this.#text === '') this.flush()
    this.#text += events
  }

  view(bytes: Buffer, start: number, end: number): void {
    if (this.#view === bytes && this.#viewEnd === start) {
      this.#viewEnd = end
      return
    }
    this.flush()
    this.#view = bytes
    this.#viewStart = start
    this.#viewEnd = end
  }

  /** An event made of `before`, `bytes[start, end)` and `after`. `expected`: how many bytes may follow in this push. */
  pieces(before: Buffer, bytes: Buffer, start: number, end: number, after: Buffer, expected: number): void {
    const size = before.length + end - start + after.length
    if (this.#roomEnd === this.#roomStart) this.flush()
    if (this.#roomEnd + size > this.#room.length) {
      this.flush()
      this.#room = Buffer.allocUnsafe(size + expected)
      this.#roomStart = 0
      this.#roomEnd = 0
    }
    const room = this.#room
    let at = this.#roomEnd
    room.set(before, at)
    at += before.length
    for (let from = start; from < end; from++) room[at++] = bytes[from] ?? 0
    room.set(after, at)
    this.#roomEnd = at + after.length
  }

  /** Hands over what is gathered. At the latest at the end of a push, because views live no longer. */
  flush(): void {
    if (this.#view !== undefined) {
      const view = this.#view
      this.#view = undefined
      this.#sink(
        this.#viewStart === 0 && this.#viewEnd === view.length
          ? view
          : view.subarray(this.#viewStart, this.#viewEnd),
      )
    } else if (this.#text !== '') {
      const text = this.#text
      this.#text = ''
      this.#sink(text)
    } else if (this.#roomEnd > this.#roomStart) {
      const events = this.#room.subarray(this.#roomStart, this.#roomEnd)
      this.#roomStart = this.#roomEnd
      this.#sink(events)
    }
  }
}

const none = Buffer.alloc(0)

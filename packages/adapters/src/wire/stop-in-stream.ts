import type { ChatStreamReader, ChatStreamSink, ChatStreamState } from '../contract/index.ts'
import { bytesOf } from './bytes.ts'
import { isObject, parseJson, type MutableJson } from './json.ts'
import { withFinishReason } from './stream-record.ts'
import { createStopCutter, type StopCutter } from './stop-cutter.ts'

/**
 * Puts the cutting of stop texts behind another reader of the same stream. `read` makes that reader on the sink it is
 * given; what it writes there are whole events in OpenAI's form. Every event is parsed, so use this only for
 * requests that have stop texts.
 *
 * The stream is read to its end after a stop text too: the platform goes on and bills it, and says how much only at
 * the end. `outputBytes` therefore counts what was generated, not what was shown.
 */
export function stopInStream(
  stops: readonly string[],
  sink: ChatStreamSink,
  read: (sink: ChatStreamSink) => ChatStreamReader,
): ChatStreamReader {
  const filter = new StopFilter(stops, sink)
  const reader = read((events) => filter.pass(events))
  const flushIfOver = () => {
    if (reader.state.complete || reader.state.finishReason !== undefined) filter.flush(reader.state)
  }
  return {
    get state() {
      const { state } = reader
      // The limit of the platform came after ours: to the client the answer ended at the stop text.
      return filter.met && state.finishReason === 'length' ? withFinishReason(state, 'stop') : state
    },
    push(bytes) {
      reader.push(bytes)
      flushIfOver()
    },
    end() {
      reader.end()
      filter.flush(reader.state)
    },
  }
}

class StopFilter {
  readonly #stops: readonly string[]
  readonly #sink: ChatStreamSink
  readonly #cutters = new Map<number, StopCutter>()

  constructor(stops: readonly string[], sink: ChatStreamSink) {
    this.#stops = stops
    this.#sink = sink
  }

  get met(): boolean {
    return this.#cutters.values().some((cutter) => cutter.met)
  }

  pass(events: Uint8Array | string): void {
    let out = ''
    for (const event of bytesOf(events).toString('utf8').split('\n\n')) {
      const chunk = parseJson(event.replace(/^data: ?/, ''))
      if (isObject(chunk)) out += this.#cut(chunk)
    }
    if (out !== '') this.#sink(out)
  }

  /** Gives what was held back because a stop text might have begun, in chunks of its own. */
  flush(state: ChatStreamState): void {
    const head = state.chunkHead
    if (head === undefined || state.error !== undefined) return
    for (const [index, cutter] of this.#cutters) {
      const content = cutter.flush()
      if (content === '') continue
      const choices = [{ index, delta: { content }, finish_reason: null }]
      this.#sink(`data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', choices })}\n\n`)
    }
  }

  #cut(chunk: MutableJson): string {
    const choices: readonly unknown[] = Array.isArray(chunk['choices']) ? chunk['choices'] : []
    let says = false
    for (const choice of choices) {
      if (isObject(choice) && isObject(choice['delta'])) this.#cutChoice(choice, choice['delta'])
      says ||= !isObject(choice) || saysAnything(choice)
    }
    return says ? `data: ${JSON.stringify(chunk)}\n\n` : ''
  }

  #cutChoice(choice: MutableJson, delta: MutableJson): void {
    const cutter = this.#cutterOf(Number(choice['index'] ?? 0))
    if (typeof delta['content'] === 'string') delta['content'] = cutter.push(delta['content'])
    if (typeof choice['finish_reason'] !== 'string') return
    const rest = cutter.flush()
    if (rest !== '')
      delta['content'] = `${typeof delta['content'] === 'string' ? delta['content'] : ''}${rest}`
    if (cutter.met && choice['finish_reason'] === 'length') choice['finish_reason'] = 'stop'
  }

  #cutterOf(index: number): StopCutter {
    const known = this.#cutters.get(index)
    if (known !== undefined) return known
    const cutter = createStopCutter(this.#stops)
    this.#cutters.set(index, cutter)
    return cutter
  }
}

/** A chunk whose text is held back or cut away has nothing left to say. */
function saysAnything(choice: MutableJson): boolean {
  if (typeof choice['finish_reason'] === 'string' || !isObject(choice['delta'])) return true
  return Object.entries(choice['delta']).some(([name, value]) => name !== 'content' || value !== '')
}

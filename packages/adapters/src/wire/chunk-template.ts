import { locateHoles, type ByteHole } from './chunk-holes.ts'
import { isObject, type MutableJson } from './json.ts'
import type { RawEvent } from './sse.ts'

/** What a template has recognised. */
export interface TemplateHit {
  /** First byte after the event. */
  end: number
  /** The text's place: the inside of a JSON string literal. */
  textStart: number
  textEnd: number
  hasEscapes: boolean
  /** `usage.total_tokens` of the event, where the template has usage; -1 otherwise. */
  totalTokens: number
}

/** Where in a chunk the text stands. `callIndex` is set for arguments of a tool call. */
export interface TextPlace {
  readonly choiceIndex: number
  readonly callIndex: number | undefined
}

/**
 * The neighbouring chunks of a stream differ in nothing but one text (the content, the reasoning or the arguments of
 * a tool call), and perhaps in running usage figures, the time, or padding against eavesdroppers. A template is such
 * a chunk with holes. Bytes that agree with it everywhere else need no parser: whatever was right or wrong with the
 * first one is right or wrong with them in the same way.
 *
 * This is what makes passing on cheap: comparing 200 bytes by words costs a tenth of parsing them.
 */
export class ChunkTemplate {
  readonly place: TextPlace
  /** Bytes to send around the text instead; `undefined`: the event is right as it came. */
  readonly rewrite: { readonly before: Buffer; readonly after: Buffer } | undefined
  readonly #fixed: readonly FixedBytes[]
  /** `#holes[n]` stands between `#fixed[n]` and `#fixed[n + 1]`. */
  readonly #holes: readonly ByteHole['kind'][]

  constructor(
    event: Buffer,
    holes: readonly ByteHole[],
    place: TextPlace,
    rewrite: ChunkTemplate['rewrite'],
  ) {
    this.place = place
    this.rewrite = rewrite
    this.#holes = holes.map((hole) => hole.kind)
    const words = new DataView(event.buffer, event.byteOffset, event.byteLength)
    const fixed: FixedBytes[] = []
    let from = 0
    for (const { start, end } of holes) {
      fixed.push(new FixedBytes(words, from, start))
      from = end
    }
    fixed.push(new FixedBytes(words, from, event.length))
    this.#fixed = fixed
  }

  /** Whether an event of this form starts at `start`; fills `hit` if so. `words` is a view on `bytes`. */
  match(bytes: Buffer, words: DataView, start: number, end: number, hit: TemplateHit): boolean {
    hit.totalTokens = -1
    let at = start
    let index = 0
    for (const fixed of this.#fixed) {
      if (at + fixed.length > end || !fixed.stand(words, at)) return false
      at += fixed.length
      const hole = this.#holes[index++]
      if (hole === undefined) break
      const from = at
      if (hole === 'text' || hole === 'padding') {
        let hasEscapes = false
        for (;;) {
          if (at >= end) return false
          const byte = bytes[at] ?? 0
          if (byte === 0x22) break
          if (byte < 0x20) return false
          if (byte === 0x5c) {
            hasEscapes = true
            at++
          }
          at++
        }
        if (hole === 'text') {
          hit.textStart = from
          hit.textEnd = at
          hit.hasEscapes = hasEscapes
        }
      } else {
        let value = 0
        for (; at < end; at++) {
          const digit = (bytes[at] ?? 0) - 0x30
          if (digit < 0 || digit > 9) break
          value = value * 10 + digit
        }
        // Nothing but digits is a count. A number that may go on beyond the bytes at hand is no match: the fixed
        // bytes behind it are missing then.
        if (at === from || at - from > 12) return false
        if (hole === 'total') hit.totalTokens = value
      }
    }
    hit.end = at
    return true
  }
}

/**
 * Learns a template from an event that has been read and repaired. `undefined` when the event is not of the kind:
 * exactly one choice that goes on, exactly one non-empty text in it, and all of it findable in the bytes.
 *
 * @param chunk the repaired chunk; it is changed for a moment and put back
 * @param changed whether it is no longer what the bytes say
 */
export function learnTemplate(
  raw: RawEvent,
  chunk: MutableJson,
  changed: boolean,
): ChunkTemplate | undefined {
  const slot = slotOf(chunk)
  if (slot === undefined) return undefined
  const isAsIs = !changed && raw.canonical
  // A copy: the bytes belong to the current push.
  const event = Buffer.from(raw.bytes.subarray(raw.start, raw.end))
  const holes = locateHoles(event, slot.names, slot.place.callIndex !== undefined, isAsIs)
  if (holes === undefined) return undefined
  if (isAsIs) return new ChunkTemplate(event, holes, slot.place, undefined)

  slot.put(marker)
  const [before, after, rest] = `data: ${JSON.stringify(chunk)}\n\n`.split(marker)
  slot.put(slot.text)
  if (before === undefined || after === undefined || rest !== undefined) return undefined
  const rewrite = { before: Buffer.from(before), after: Buffer.from(after) }
  return new ChunkTemplate(event, holes, slot.place, rewrite)
}

/** The one text of a chunk. */
interface TextSlot {
  readonly text: string
  /** Names the text may have in the provider's bytes. */
  readonly names: readonly string[]
  readonly place: TextPlace
  readonly put: (text: string) => void
}

function slotOf(chunk: MutableJson): TextSlot | undefined {
  const choices = chunk['choices']
  if (!Array.isArray(choices) || choices.length !== 1) return undefined
  const choice: unknown = choices[0]
  if (!isObject(choice) || choice['finish_reason'] !== null || !isObject(choice['delta'])) return undefined
  const delta = choice['delta']
  const choiceIndex = Number(choice['index'])
  const slots: TextSlot[] = []
  for (const [key, names] of textNames) {
    const text = delta[key]
    if (typeof text !== 'string' || text === '') continue
    const place = { choiceIndex, callIndex: undefined }
    slots.push({ text, names, place, put: (value) => void (delta[key] = value) })
  }
  for (const piece of Array.isArray(delta['tool_calls']) ? delta['tool_calls'] : []) {
    const fn: unknown = isObject(piece) ? piece['function'] : undefined
    if (!isObject(piece) || !isObject(fn) || typeof fn['arguments'] !== 'string') return undefined
    const place = { choiceIndex, callIndex: Number(piece['index']) }
    const put = (value: string) => void (fn['arguments'] = value)
    slots.push({ text: fn['arguments'], names: ['arguments'], place, put })
  }
  const [slot, second] = slots
  return second === undefined && slot?.text !== '' ? slot : undefined
}

const textNames = [
  ['content', ['content']],
  ['reasoning_content', ['reasoning_content', 'reasoning']],
] as const

/** Stands for the text while the rest is serialised. No provider sends it; if one does, nothing is learned. */
const marker = 'tollgate-text-goes-here'

/** Bytes to compare with, eight at a time. */
class FixedBytes {
  readonly length: number
  /**
   * Doubles, because their reads are unaligned and cheap. JSON has no zero bytes and no 0xFF, so that two of them are
   * equal exactly when their bytes are; what reads as NaN (some UTF-8) never matches and is parsed instead.
   */
  readonly #words: number[] = []
  readonly #rest: number[] = []

  constructor(source: DataView, start: number, end: number) {
    this.length = end - start
    let at = start
    for (; at + 8 <= end; at += 8) this.#words.push(source.getFloat64(at, true))
    for (; at < end; at++) this.#rest.push(source.getUint8(at))
  }

  /** Whether they stand at `start` of `words`, which must be long enough. */
  stand(words: DataView, start: number): boolean {
    const expected = this.#words
    let at = start
    for (let index = 0; index < expected.length; index++) {
      if (words.getFloat64(at, true) !== expected[index]) return false
      at += 8
    }
    const rest = this.#rest
    for (let index = 0; index < rest.length; index++) {
      if (words.getUint8(at++) !== rest[index]) return false
    }
    return true
  }
}

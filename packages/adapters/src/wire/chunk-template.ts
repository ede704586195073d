import { isObject, parseJson, type MutableJson } from './json.ts'
import type { RawEvent } from './sse.ts'

/** What a template has recognised. */
export interface TemplateHit {
  /** First byte after the event. */
  end: number
  /** The text's place: the inside of a JSON string literal. */
  textStart: number
  textEnd: number
  hasEscapes: boolean
}

/**
 * The neighbouring chunks of a stream differ in nothing but one text: the content, the reasoning or the arguments
 * of a tool call. A template is such a chunk with a hole. Bytes that agree with it on both sides of a JSON string
 * need no parser: whatever was right or wrong with the first one is right or wrong with them in the same way.
 *
 * This is what makes passing on cheap: comparing 200 bytes by words costs a tenth of parsing them.
 */
export class ChunkTemplate {
  readonly before: Buffer
  readonly after: Buffer
  /** Bytes to send around the text instead; `undefined`: the event is right as it came. */
  readonly rewrite: { readonly before: Buffer; readonly after: Buffer } | undefined
  readonly place: HolePlace
  readonly #beforeWords: DataView
  readonly #afterWords: DataView

  constructor(before: Buffer, after: Buffer, rewrite: ChunkTemplate['rewrite'], place: HolePlace) {
    this.before = before
    this.after = after
    this.rewrite = rewrite
    this.place = place
    this.#beforeWords = wordsOf(before)
    this.#afterWords = wordsOf(after)
  }

  /** Whether an event of this form starts at `start`; fills `hit` if so. `words` is a view on `bytes`. */
  match(bytes: Buffer, words: DataView, start: number, end: number, hit: TemplateHit): boolean {
    const textStart = start + this.before.length
    if (textStart + this.after.length > end) return false
    if (!equalWords(words, start, this.#beforeWords)) return false
    let at = textStart
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
    if (at + this.after.length > end || !equalWords(words, at, this.#afterWords)) return false
    hit.end = at + this.after.length
    hit.textStart = textStart
    hit.textEnd = at
    hit.hasEscapes = hasEscapes
    return true
  }
}

/** Where in a chunk the text stands. `callIndex` is set for arguments of a tool call. */
export interface HolePlace {
  readonly choiceIndex: number
  readonly callIndex: number | undefined
}

/**
 * Learns a template from an event that has been read and repaired. `undefined` when the event is not of the kind:
 * exactly one choice that goes on, exactly one non-empty text in it, and that text findable in the bytes.
 */
export function learnTemplate(
  raw: RawEvent,
  chunk: MutableJson,
  changed: boolean,
): ChunkTemplate | undefined {
  const hole = holeOf(chunk)
  if (hole === undefined) return undefined
  const event = raw.bytes.subarray(raw.start, raw.end)
  for (const key of hole.sourceKeys) {
    const cut = cutAt(event, key, hole)
    if (cut === undefined) continue
    const [before, after] = cut
    // The bytes may be the provider's, and the chunk in hand the repaired one; both must have the hole.
    if (!changed && raw.canonical) return new ChunkTemplate(before, after, undefined, hole.place)
    hole.put(marker)
    const [outBefore, outAfter, rest] = `data: ${JSON.stringify(chunk)}\n\n`.split(marker)
    hole.put(hole.text)
    if (outBefore === undefined || outAfter === undefined || rest !== undefined) return undefined
    const rewrite = { before: Buffer.from(outBefore), after: Buffer.from(outAfter) }
    return new ChunkTemplate(before, after, rewrite, hole.place)
  }
  return undefined
}

interface Hole {
  readonly text: string
  /** Names the text may have in the provider's bytes. */
  readonly sourceKeys: readonly string[]
  readonly place: HolePlace
  readonly put: (text: string) => void
}

function holeOf(chunk: MutableJson): Hole | undefined {
  const choices = chunk['choices']
  if (!Array.isArray(choices) || choices.length !== 1) return undefined
  const choice: unknown = choices[0]
  if (!isObject(choice) || choice['finish_reason'] !== null || !isObject(choice['delta'])) return undefined
  const delta = choice['delta']
  const choiceIndex = Number(choice['index'])
  const holes: Hole[] = []
  for (const [key, sourceKeys] of textKeys) {
    const text = delta[key]
    if (typeof text !== 'string' || text === '') continue
    const place = { choiceIndex, callIndex: undefined }
    holes.push({ text, sourceKeys, place, put: (value) => void (delta[key] = value) })
  }
  const pieces = Array.isArray(delta['tool_calls']) ? delta['tool_calls'] : []
  for (const piece of pieces) {
    const fn: unknown = isObject(piece) ? piece['function'] : undefined
    if (!isObject(piece) || !isObject(fn) || typeof fn['arguments'] !== 'string') return undefined
    const place = { choiceIndex, callIndex: Number(piece['index']) }
    holes.push({
      text: fn['arguments'],
      sourceKeys: ['"arguments"'],
      place,
      put: (value) => void (fn['arguments'] = value),
    })
  }
  const [hole, second] = holes
  return second === undefined && hole !== undefined && hole.text !== '' ? hole : undefined
}

const textKeys = [
  ['content', ['"content"']],
  ['reasoning_content', ['"reasoning_content"', '"reasoning"']],
] as const

/** Stands for the text while the rest is serialised or checked. No provider sends it. */
const marker = 'tollgate-text-goes-here'

/** Cuts the event around the text that follows `key`; proven by putting the marker there and reading it back. */
function cutAt(event: Buffer, key: string, hole: Hole): [before: Buffer, after: Buffer] | undefined {
  let at = event.indexOf(key)
  for (let tries = 0; at >= 0 && tries < 3; tries++) {
    const start = openingQuote(event, at + key.length)
    if (start > 0) {
      const end = closingQuote(event, start)
      const before = event.subarray(0, start)
      const after = event.subarray(end)
      if (isHole(`${before.toString()}${marker}${after.toString()}`, hole)) {
        return [Buffer.from(before), Buffer.from(after)]
      }
    }
    at = event.indexOf(key, at + key.length)
  }
  return undefined
}

function openingQuote(event: Buffer, from: number): number {
  const match = /^[ \t]*:[ \t]*"/.exec(event.toString('latin1', from, from + 16))
  return match === null ? -1 : from + match[0].length
}

function closingQuote(event: Buffer, from: number): number {
  let at = from
  while (at < event.length && event[at] !== 0x22) at += event[at] === 0x5c ? 2 : 1
  return at
}

function isHole(event: string, hole: Hole): boolean {
  const chunk = parseJson(event.slice(event.indexOf('{')))
  const choice: unknown = isObject(chunk) && Array.isArray(chunk['choices']) ? chunk['choices'][0] : undefined
  const delta = isObject(choice) ? choice['delta'] : undefined
  if (!isObject(delta)) return false
  if (hole.place.callIndex === undefined) {
    return hole.sourceKeys.some((key) => delta[key.slice(1, -1)] === marker)
  }
  const piece: unknown = Array.isArray(delta['tool_calls']) ? delta['tool_calls'][0] : undefined
  const fn = isObject(piece) ? piece['function'] : undefined
  return isObject(fn) && fn['arguments'] === marker
}

function wordsOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** `expected` stands at `start` of `words`, which is known to be long enough. */
function equalWords(words: DataView, start: number, expected: DataView): boolean {
  const length = expected.byteLength
  let at = 0
  for (; at + 4 <= length; at += 4) {
    if (words.getInt32(start + at, true) !== expected.getInt32(at, true)) return false
  }
  for (; at < length; at++) {
    if (words.getUint8(start + at) !== expected.getUint8(at)) return false
  }
  return true
}

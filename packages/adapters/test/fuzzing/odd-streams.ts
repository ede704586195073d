import fc from 'fast-check'
import { isObject, parseJson } from '../../src/wire/json.ts'
import { linesOf, type Corpus, type KnownStream } from './corpus.ts'
import { byteDamage, damaged } from './odd-bytes.ts'
import { editedJson, jsonEdit, textOfJson, type JsonEdit } from './odd-json.ts'

/** One event of a stream: its lines as they came, and what stood behind `data:`. */
interface StreamEvent {
  readonly lines: readonly string[]
  readonly data: string | undefined
}

/** How the same events may be written in another way, which must make no difference. */
export interface Framing {
  readonly crlf: boolean
  readonly byteOrderMark: boolean
  readonly blankLines: number
  readonly lastLineEnds: boolean
  /** Between two lines, wherever they stand; `at` counts the lines, modulo their number. */
  readonly insertions: readonly { readonly at: number; readonly line: string }[]
  /** JSON goes on in the next `data:` line after so many of its tokens. */
  readonly splits: readonly { readonly event: number; readonly at: number }[]
  readonly spaces: string
}

export const framing: fc.Arbitrary<Framing> = fc.record({
  crlf: fc.boolean(),
  byteOrderMark: fc.boolean(),
  blankLines: fc.constantFrom(1, 1, 0, 2),
  lastLineEnds: fc.boolean(),
  insertions: fc.array(
    fc.record({
      at: fc.nat(100),
      line: fc.constantFrom(': ping', ':', ': 中文 {"a":1}', 'id: 7', 'retry: 3000', 'data', 'x'),
    }),
    { maxLength: 4 },
  ),
  splits: fc.array(fc.record({ event: fc.nat(30), at: fc.nat(60) }), { maxLength: 3 }),
  spaces: fc.constantFrom('', ' ', ' ', ' ', '  ', ' \t'),
})

export function framed(
  text: string,
  { crlf, byteOrderMark, blankLines, lastLineEnds, insertions, splits, spaces }: Framing,
): string {
  const events = eventsOf(text)
  const blanks = Array.from({ length: blankLines }, () => '')
  const lines = events.flatMap((event, index) => {
    if (!isObject(parseJson(event.data ?? ''))) return [...event.lines, '']
    const data = splits
      .filter((split) => split.event % events.length === index)
      .reduce((json, { at }) => brokenBetweenTokens(json, at), event.data ?? '')
    const others = event.lines.filter((line) => !line.startsWith('data:'))
    return [...others, ...data.split('\n').map((part) => `data:${spaces}${part}`), ...blanks]
  })
  for (const { at, line } of insertions) lines.splice(at % (lines.length + 1), 0, line)
  const end = crlf ? '\r\n' : '\n'
  const whole = lines.join(end)
  return (byteOrderMark ? '\ufeff' : '') + (lastLineEnds ? whole + end : whole.trimEnd())
}

/** A known stream, edited event by event and then damaged byte by byte. */
export interface OddStream {
  readonly stream: KnownStream
  readonly parts: readonly Buffer[]
}

export function oddStream({ streams, bodies, words }: Corpus): fc.Arbitrary<OddStream> {
  const strangers = [...streams.flatMap(({ parts }) => parts.flatMap(linesOf)), ...bodies, ...oddEvents]
  const damages = fc.oneof(fc.constant([]), fc.array(byteDamage, { minLength: 1, maxLength: 3 }))
  return fc
    .tuple(fc.constantFrom(...streams), fc.array(streamEdit(words, strangers), { maxLength: 4 }), damages)
    .map(([stream, edits, done]) => {
      if (!stream.isFrames) {
        const [bytes = nothing] = stream.parts
        return { stream, parts: [damaged(Buffer.from(editedStream(bytes.toString(), edits)), done)] }
      }
      const events = stream.parts.map((frame) => `data: ${frame.toString()}\n\n`).join('')
      const frames = eventsOf(editedStream(events, edits)).map(({ lines, data }) => data ?? lines.join('\n'))
      return { stream, parts: frames.map((frame, at) => damaged(Buffer.from(frame), at === 0 ? done : [])) }
    })
}

const nothing = Buffer.alloc(0)

/** Lines that some platform has sent, or might. */
const oddEvents = [
  'data:',
  'data: null',
  'data: [DONE]',
  'data: "x"',
  'data: []',
  'data: {',
  'data: {"error":{}}',
  'event: error',
  '{}',
  '{"error":',
  ': x',
  ':HTTP_STATUS/429',
  'id: 1',
]

/** What may happen to the events of a stream. `event` counts them, modulo their number. */
type StreamEdit =
  | { readonly how: 'json'; readonly event: number; readonly edit: JsonEdit }
  | { readonly how: 'drop' | 'double' | 'swap' | 'fuse' | 'name'; readonly event: number }
  | { readonly how: 'insert'; readonly event: number; readonly text: string }

function streamEdit(words: readonly string[], strangers: readonly string[]): fc.Arbitrary<StreamEdit> {
  const event = fc.nat(30)
  return fc.oneof(
    { weight: 6, arbitrary: fc.record({ how: fc.constant('json'), event, edit: jsonEdit(words) }) },
    {
      weight: 3,
      arbitrary: fc.record({ how: fc.constantFrom('drop', 'double', 'swap', 'fuse', 'name'), event }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ how: fc.constant('insert'), event, text: fc.constantFrom(...strangers) }),
    },
  )
}

function editedStream(text: string, edits: readonly StreamEdit[]): string {
  const events = eventsOf(text)
  for (const edit of edits) {
    const at = edit.event % Math.max(1, events.length)
    const event = events[at]
    if (event === undefined) continue
    if (edit.how === 'drop') events.splice(at, 1)
    else if (edit.how === 'double') events.splice(at, 0, event)
    else if (edit.how === 'swap') events.splice(0, 2, ...events.slice(0, 2).toReversed())
    else if (edit.how === 'fuse') events.splice(at, 2, ...fused(event, events[at + 1]))
    else if (edit.how === 'name') events[at] = { ...event, lines: ['event: error', ...event.lines] }
    else if (edit.how === 'insert') events.splice(at, 0, { lines: edit.text.split('\n'), data: undefined })
    else if (edit.how === 'json') events[at] = withJson(event, edit.edit)
  }
  return events.map(({ lines }) => `${lines.join('\n')}\n\n`).join('')
}

/** Places to cut bytes at. */
export const cuts: fc.Arbitrary<number[]> = fc.array(fc.nat(20_000), { maxLength: 5 })

/** The bytes in parts; places count bytes, modulo their number. */
export function partsOf(bytes: Buffer, at: readonly number[]): Buffer[] {
  const places = at.map((cut) => (bytes.length === 0 ? 0 : cut % bytes.length)).sort((a, b) => a - b)
  return [0, ...places].map((start, index) => bytes.subarray(start, places[index] ?? bytes.length))
}

function eventsOf(text: string): StreamEvent[] {
  const events: StreamEvent[] = []
  for (const block of text.split(/\r?\n\r?\n/)) {
    const lines = block.split(/\r?\n/).filter((line) => line !== '')
    // Fixtures without blank lines: every whole `data:` line is an event.
    for (const group of grouped(lines)) {
      const data = group.filter((line) => line.startsWith('data:')).map((line) => line.slice(5).trim())
      events.push({ lines: group, data: data.length === 0 ? undefined : data.join('\n') })
    }
  }
  return events
}

function grouped(lines: readonly string[]): string[][] {
  const groups: string[][] = []
  let open: string[] = []
  for (const line of lines) {
    open.push(line)
    if (line.startsWith('data:') && isObject(parseJson(line.slice(5)))) {
      groups.push(open)
      open = []
    }
  }
  return open.length === 0 ? groups : [...groups, open]
}

function withJson(event: StreamEvent, edit: JsonEdit): StreamEvent {
  const json = parseJson(event.data ?? '')
  if (json === undefined) return event
  const data = textOfJson(editedJson(json, edit))
  return { lines: [...event.lines.filter((line) => !line.startsWith('data:')), `data: ${data}`], data }
}

function fused(first: StreamEvent, second: StreamEvent | undefined): StreamEvent[] {
  if (second === undefined) return [first]
  return [{ lines: [...first.lines, ...second.lines], data: undefined }]
}

/** A line feed after so many of the JSON's tokens, where JSON allows one. */
function brokenBetweenTokens(json: string, count: number): string {
  const places = [...json.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]/g)].map(
    (token) => token.index + token[0].length,
  )
  const place = places[count % Math.max(1, places.length - 1)] ?? 0
  return place === 0 ? json : `${json.slice(0, place)}\n${json.slice(place)}`
}

import { bufferOf } from './bytes.ts'

/**
 * Changes to the top level of a JSON object. They apply as if the body were parsed, then `drop` removed, then
 * `rename` moved, then `set` assigned: a name in `set` wins over everything, and a name that was absent is appended.
 */
export interface BodyEdits {
  /** New values by name. They are serialised with `JSON.stringify`; `undefined` sets nothing. */
  readonly set?: Readonly<Record<string, unknown>>
  readonly drop?: readonly string[]
  /** Old name to new name. A field that already has the new name gives way, if the old one is there. */
  readonly rename?: Readonly<Record<string, string>>
}

/**
 * The body with its top-level fields edited and every other byte as the client sent it: numbers of any size, key
 * order, spacing and escapes survive. Values are jumped over, not parsed, so a 100 KB message costs microseconds.
 *
 * `raw` must be a valid JSON object in UTF-8 (the caller has parsed it). Returns `raw` itself when nothing changes.
 * Of a repeated name all occurrences are edited, because servers differ in which one they believe.
 */
export function spliceBody(raw: Uint8Array, edits: BodyEdits): Uint8Array {
  const values = new Map<string, string>()
  for (const [name, value] of Object.entries(edits.set ?? {})) {
    const text = value === undefined ? undefined : JSON.stringify(value)
    if (text !== undefined) values.set(name, text)
  }
  const dropped = new Set(edits.drop)
  const drop = new Set(dropped)
  const rename = new Map(Object.entries(edits.rename ?? {}))
  if (values.size === 0 && drop.size === 0 && rename.size === 0) return raw

  const source = bufferOf(raw)
  const members = scanMembers(source)
  for (const [from, to] of rename) {
    // As with assignment, the moved value replaces one that already stands there.
    if (members.some((member) => member.name === from)) drop.add(to)
  }

  const pieces: (string | Buffer)[] = []
  const written = new Set<string>()
  let keepFrom = -1
  let keepTo = -1
  let keptAll = true
  const endRun = () => {
    if (keepFrom >= 0) pieces.push(source.subarray(keepFrom, keepTo))
    keepFrom = -1
  }
  for (const member of members) {
    const edit = editOf(member)
    if (edit === 'keep') {
      if (keepFrom < 0) keepFrom = member.keyStart
      keepTo = member.valueEnd
    } else {
      keptAll = false
      endRun()
      if (edit !== 'drop') pieces.push(edit)
    }
  }
  endRun()
  for (const [name, text] of values) {
    if (!written.has(name)) pieces.push(`${quote(name)}:${text}`)
  }
  return keptAll && written.size === values.size ? raw : joinMembers(pieces)

  function editOf({ name, valueStart, valueEnd }: Member): 'keep' | 'drop' | `"${string}` {
    const value = values.get(name)
    if (value !== undefined) {
      if (written.has(name)) return 'drop'
      written.add(name)
      return `${quote(name)}:${value}`
    }
    const moved = dropped.has(name) ? undefined : rename.get(name)
    if (moved !== undefined) {
      return values.has(moved) ? 'drop' : `${quote(moved)}:${source.toString('utf8', valueStart, valueEnd)}`
    }
    return drop.has(name) ? 'drop' : 'keep'
  }
}

function quote(name: string): `"${string}` {
  return `"${JSON.stringify(name).slice(1)}`
}

function joinMembers(pieces: readonly (string | Buffer)[]): Buffer {
  let size = 2 + Math.max(0, pieces.length - 1)
  for (const piece of pieces) size += typeof piece === 'string' ? Buffer.byteLength(piece) : piece.length
  const out = Buffer.allocUnsafe(size)
  let at = 0
  out[at++] = 0x7b
  pieces.forEach((piece, index) => {
    if (index > 0) out[at++] = 0x2c
    at += typeof piece === 'string' ? out.write(piece, at) : piece.copy(out, at)
  })
  out[at] = 0x7d
  return out
}

interface Member {
  readonly name: string
  readonly keyStart: number
  readonly valueStart: number
  readonly valueEnd: number
}

function scanMembers(source: Buffer): Member[] {
  const members: Member[] = []
  // Bytes before the brace are blanks or a byte order mark, which decoders remove before JSON is parsed.
  let at = source.indexOf(0x7b) + 1
  for (;;) {
    const keyStart = skipBlanks(source, at)
    if (keyStart >= source.length || source[keyStart] === 0x7d) return members
    const keyEnd = endOfString(source, keyStart)
    const valueStart = skipBlanks(source, skipBlanks(source, keyEnd) + 1)
    const valueEnd = endOfValue(source, valueStart)
    members.push({ name: nameOf(source, keyStart, keyEnd), keyStart, valueStart, valueEnd })
    at = skipBlanks(source, valueEnd) + 1
    if (source[at - 1] !== 0x2c) return members
  }
}

function nameOf(source: Buffer, start: number, end: number): string {
  const text = source.toString('utf8', start + 1, end - 1)
  return text.includes('\\') ? String(JSON.parse(`"${text}"`)) : text
}

function skipBlanks(source: Buffer, from: number): number {
  let at = from
  for (;;) {
    const byte = source[at]
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return at
    at++
  }
}

/** Index after the closing quote of the string that opens at `start`. */
function endOfString(source: Buffer, start: number): number {
  // Short strings end within a few steps; the native search pays only for the long ones.
  const near = Math.min(source.length, start + 48)
  let at = start + 1
  for (; at < near; at++) {
    const byte = source[at]
    if (byte === 0x22) return at + 1
    if (byte === 0x5c) at++
  }
  for (;;) {
    const quote = source.indexOf(0x22, at)
    if (quote < 0) return source.length
    let slash = quote
    while (slash > start && source[slash - 1] === 0x5c) slash--
    if ((quote - slash) % 2 === 0) return quote + 1
    at = quote + 1
  }
}

function endOfValue(source: Buffer, start: number): number {
  const first = source[start]
  if (first === 0x22) return endOfString(source, start)
  let depth = 0
  let at = start
  while (at < source.length) {
    const byte = source[at]
    if (byte === 0x22) {
      at = endOfString(source, at)
      continue
    }
    if (byte === 0x7b || byte === 0x5b) depth++
    else if (byte === 0x7d || byte === 0x5d) {
      if (depth === 0) return at
      depth--
      if (depth === 0) return at + 1
    } else if (
      depth === 0 &&
      (byte === 0x2c || byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09)
    ) {
      return at
    }
    at++
  }
  return at
}

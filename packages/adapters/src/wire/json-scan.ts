/** One member of a JSON object, by its place in the bytes. */
export interface Member {
  readonly name: string
  readonly keyStart: number
  readonly valueStart: number
  readonly valueEnd: number
}

/**
 * The members of the first object at or after `from`, in order, values jumped over and not parsed. The bytes must be
 * valid JSON in UTF-8; what comes before the brace (blanks, a byte order mark, `data: `) is skipped.
 */
export function scanMembers(source: Buffer, from = 0): Member[] {
  const members: Member[] = []
  let at = source.indexOf(0x7b, from) + 1
  for (;;) {
    const keyStart = skipBlanks(source, at)
    if (keyStart >= source.length || source[keyStart] === 0x7d) return members
    const keyEnd = endOfString(source, keyStart)
    const valueStart = skipBlanks(source, skipBlanks(source, keyEnd) + 1)
    const valueEnd = endOfValue(source, valueStart)
    members.push({ name: nameOf(source, keyStart, keyEnd), keyStart, valueStart, valueEnd })
    at = skipBlanks(source, valueEnd)
    if (source[at] !== 0x2c) return members
    at++
  }
}

function nameOf(source: Buffer, start: number, end: number): string {
  const text = source.toString('utf8', start + 1, end - 1)
  return text.includes('\\') ? String(JSON.parse(`"${text}"`)) : text
}

function skipBlanks(source: Buffer, from: number): number {
  let at = from
  while (isBlank(source[at])) at++
  return at
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
}

/** So many bytes without a quote or a backslash, and the native search is worth its call. */
const dullBytes = 64

/**
 * Index after the closing quote of the string that opens at `start`. Looks at single bytes where quotes and escapes
 * are near each other (code, JSON in JSON), and leaps natively through plain text.
 */
function endOfString(source: Buffer, start: number): number {
  const length = source.length
  let at = start + 1
  for (;;) {
    const dullEnd = Math.min(length, at + dullBytes)
    let byte: number | undefined
    while (at < dullEnd) {
      byte = source[at]
      if (byte === 0x22 || byte === 0x5c) break
      at++
    }
    if (at >= length) return length
    if (at === dullEnd) {
      const quote = source.indexOf(0x22, at)
      if (quote < 0) return length
      let slash = quote
      while (source[slash - 1] === 0x5c) slash--
      // An even number of backslashes are escaped backslashes. Counting may go back over bytes already seen: harmless,
      // a run of backslashes is never entered half way.
      if ((quote - slash) % 2 === 0) return quote + 1
      at = quote + 1
    } else if (byte === 0x22) return at + 1
    else at += 2
  }
}

function endOfValue(source: Buffer, start: number): number {
  const first = source[start]
  if (first === 0x22) return endOfString(source, start)
  if (first === 0x7b || first === 0x5b) return endOfNested(source, start)
  let at = start
  while (at < source.length) {
    const byte = source[at]
    if (byte === 0x2c || byte === 0x7d || isBlank(byte)) break
    at++
  }
  return at
}

function endOfNested(source: Buffer, start: number): number {
  const length = source.length
  let depth = 0
  let at = start
  while (at < length) {
    const byte = source[at++]
    if (byte === 0x22) at = endOfString(source, at - 1)
    else if (byte === 0x7b || byte === 0x5b) depth++
    else if (byte === 0x7d || byte === 0x5d) {
      depth--
      if (depth === 0) return at
    }
  }
  return length
}

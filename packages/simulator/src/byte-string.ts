/**
 * A text as a string of its UTF-8 bytes, one character a byte. Streams are put together from such strings: joining and
 * writing them copies bytes, where Chinese text would be encoded anew for every frame (a stream of 64 frames costs a
 * tenth).
 */
export type ByteString = string

const known = new Map<string, ByteString>()

/** The JSON text of a value as a byte string. Short texts recur in every answer and are kept. */
export function jsonBytes(value: unknown): ByteString {
  if (typeof value !== 'string' || value.length > 16) return toBytes(JSON.stringify(value))
  let bytes = known.get(value)
  if (bytes === undefined) {
    bytes = toBytes(JSON.stringify(value))
    if (known.size > 20_000) known.clear()
    known.set(value, bytes)
  }
  return bytes
}

export function toBytes(text: string): ByteString {
  return Buffer.from(text, 'utf8').toString('latin1')
}

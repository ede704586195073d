import { isUtf8 } from 'node:buffer'

/** A `Buffer` over the same memory, for the native `indexOf`, `copy` and decoders. No copy is made. */
export function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

export function bytesOf(body: Uint8Array | string): Buffer {
  return typeof body === 'string' ? Buffer.from(body) : bufferOf(body)
}

export function textOfBytes(body: Uint8Array): string {
  const text = bufferOf(body).toString('utf8')
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
}

/**
 * The bytes of a JSON text that a client can be given as they are: without blanks before it (DeepSeek sends blank lines
 * while it thinks) and without a byte order mark. `undefined` when they are not UTF-8, which some clients die of.
 */
export function jsonBytes(body: Uint8Array): Uint8Array | undefined {
  if (!isUtf8(body)) return undefined
  let start = 0
  while (start < body.length && (body[start] ?? 0) <= 0x20) start++
  if (body[start] === 0xef) start += 3
  return start === 0 ? body : body.subarray(start)
}

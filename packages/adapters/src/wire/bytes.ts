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

import { textOfBytes } from './bytes.ts'

/**
 * The frames of a WebSocket conversation, taken out of a JSON text sequence (RFC 7464; see `WebSocketExchange`). A body
 * without a record separator is one text: the HTTP answer of a refused handshake.
 */
export function framesOf(body: Uint8Array): string[] {
  return textOfBytes(body)
    .split('\u001e')
    .map((frame) => frame.trim())
    .filter((frame) => frame !== '')
}

import { createHmac } from 'node:crypto'
import { WebSocket } from 'ws'
import type { Simulator } from '../simulator.ts'
import type { JsonObject } from '../json.ts'
import { endpointOf, objectIn } from './client.ts'

/** How to sign a URL of Spark; whatever is not given is right. */
export interface Signing {
  readonly apiKey?: string
  readonly apiSecret?: string
  readonly method?: string
  readonly date?: string
  /** The host that is signed and sent. */
  readonly host?: string
  readonly path?: string
  readonly keyName?: 'api_key' | 'hmac username'
}

/** The URL with the signature of the vendor's document, written anew here: a second opinion on the server's. */
export function signed(simulator: Simulator, url: string, signing: Signing = {}): string {
  const { host, pathname } = new URL(url)
  const { credentials } = endpointOf(simulator, 'spark-websocket')
  const apiKey = signing.apiKey ?? credentials['apiKey'] ?? ''
  const date = signing.date ?? new Date().toUTCString()
  const lines = [
    `host: ${signing.host ?? host}`,
    `date: ${date}`,
    `${signing.method ?? 'GET'} ${signing.path ?? pathname} HTTP/1.1`,
  ]
  const signature = createHmac('sha256', signing.apiSecret ?? `${apiKey}-secret`)
    .update(lines.join('\n'))
    .digest('base64')
  const authorization = `${signing.keyName ?? 'api_key'}="${apiKey}", algorithm="hmac-sha256", headers="host date request-line", signature="${signature}"`
  const query = new URLSearchParams({
    authorization: Buffer.from(authorization).toString('base64'),
    date,
    host: signing.host ?? host,
  })
  return `${url}?${query.toString()}`
}

/** A call that goes on. */
export interface Talk {
  readonly socket: WebSocket
  /** What has been heard so far. */
  readonly frames: string[]
  /** Resolves with the next frame. */
  next(): Promise<string>
  /** Resolves when it is over, with the close code; a refused handshake has the HTTP answer instead. */
  readonly over: Promise<{ code?: number; refused?: { status: number; body: string } }>
}

/** Opens a WebSocket and sends the frame, if there is one, as soon as it is open. */
export function talk(url: string, frame?: string | Buffer): Talk {
  const socket = new WebSocket(url.replace(/^http/, 'ws'))
  const frames: string[] = []
  if (frame !== undefined) socket.once('open', () => socket.send(frame))
  socket.on('message', (data) => frames.push(String(data)))
  // A connection that breaks is told by its closing.
  socket.on('error', () => undefined)
  const over = new Promise<Awaited<Talk['over']>>((resolve) => {
    socket.once('close', (code) => resolve({ code }))
    socket.once('unexpected-response', (_request, response) => {
      let body = ''
      response.on('data', (part: Buffer) => (body += part.toString()))
      response.once('end', () => resolve({ refused: { status: response.statusCode ?? 0, body } }))
    })
  })
  const next = () => new Promise<string>((resolve) => socket.once('message', (data) => resolve(String(data))))
  return { socket, frames, next, over }
}

/** The URL of a version's conversations. */
export function socketUrl(simulator: Simulator, path: string, signing?: Signing): string {
  return signed(simulator, endpointOf(simulator, 'spark-websocket').baseUrl + path, signing)
}

let asked = 0

/** A request that Max-32K accepts, which makes no web search; every one is of a user of its own. */
export function question(simulator: Simulator, text: string, changes: QuestionChanges = {}): JsonObject {
  const { appId } = endpointOf(simulator, 'spark-websocket').credentials
  return {
    header: { app_id: appId, uid: `user-${(asked += 1)}`, ...changes.header },
    parameter: { chat: { domain: 'max-32k', ...changes.chat } },
    payload: { message: { text: changes.messages ?? [{ role: 'user', content: text }] }, ...changes.payload },
  }
}

export interface QuestionChanges {
  readonly header?: JsonObject
  readonly chat?: JsonObject
  readonly messages?: unknown
  readonly payload?: JsonObject
}

/** Asks at a URL and listens to the end. */
export async function ask(
  url: string,
  body: unknown,
): Promise<{ frames: JsonObject[]; code: number | undefined }> {
  const call = talk(url, typeof body === 'string' ? body : JSON.stringify(body))
  const { code, refused } = await call.over
  if (refused !== undefined) throw new Error(`refused with ${refused.status}: ${refused.body}`)
  return { frames: call.frames.map(objectIn), code }
}

import { createHash, createHmac } from 'node:crypto'
import type { Simulator } from '../simulator.ts'
import { type JsonObject } from '../json.ts'
import { type Sent, endpointOf, objectIn } from './client.ts'

/** What a test wants different from a good TC3 request. */
export interface Signing {
  readonly secretId?: string
  readonly secretKey?: string
  /** Seconds that the caller's clock is ahead. */
  readonly aheadSeconds?: number
  readonly service?: string
  /** The day in the scope, where it is not the one of the timestamp. */
  readonly date?: string
  readonly contentType?: string
  /** Signed beside content-type and host. */
  readonly signedToo?: readonly string[]
  /** Set or, with `undefined`, left out after everything was signed. */
  readonly headers?: Readonly<Record<string, string | undefined>>
  /** Sent instead of the body that was signed. */
  readonly bodySent?: string
  readonly signal?: AbortSignal
}

/** Starts a signed Tencent Cloud request without reading its answer; written apart from the verifier. */
export function openTencent(
  simulator: Simulator,
  action: string,
  body: unknown,
  signing: Signing = {},
): Promise<Response> {
  const { credentials, baseUrl } = endpointOf(simulator, 'hunyuan-native')
  const secretId = signing.secretId ?? credentials['secretId'] ?? ''
  const secretKey =
    signing.secretKey ??
    (signing.secretId === undefined ? (credentials['secretKey'] ?? '') : `${secretId}-secret`)
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const timestamp = String(Math.floor(Date.now() / 1000) + (signing.aheadSeconds ?? 0))
  const date = signing.date ?? new Date(Number(timestamp) * 1000).toISOString().slice(0, 10)
  const service = signing.service ?? 'hunyuan'
  const sent: Record<string, string> = {
    'content-type': signing.contentType ?? 'application/json',
    'x-tc-action': action,
    'x-tc-version': '2023-09-01',
    'x-tc-timestamp': timestamp,
  }
  const values: Record<string, string> = { ...sent, host: new URL(baseUrl).host }
  const names = ['content-type', 'host', ...(signing.signedToo ?? [])].sort()
  const lines = names.map((name) => `${name}:${(values[name] ?? '').toLowerCase()}\n`).join('')
  const canonical = `POST\n/\n\n${lines}\n${names.join(';')}\n${hash(text)}`
  const scope = `${date}/${service}/tc3_request`
  const key = [date, service, 'tc3_request'].reduce<string | Buffer>(mac, `TC3${secretKey}`)
  const signature = Buffer.from(
    mac(key, `TC3-HMAC-SHA256\n${timestamp}\n${scope}\n${hash(canonical)}`),
  ).toString('hex')
  const authorization = `TC3-HMAC-SHA256 Credential=${secretId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`
  const headers = Object.entries({ ...sent, authorization, ...signing.headers }).filter(
    (header): header is [string, string] => header[1] !== undefined,
  )
  return fetch(`${baseUrl}/`, {
    method: 'POST',
    headers,
    body: signing.bodySent ?? text,
    ...(signing.signal === undefined ? {} : { signal: signing.signal }),
  })
}

/** Sends a signed request and reads the whole answer. */
export async function sendTencent(...parameters: Parameters<typeof openTencent>): Promise<Sent> {
  const response = await openTencent(...parameters)
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, json: objectIn(text) }
}

/** A ChatCompletions body that the platform accepts. */
export function tencentChat(text: string, more: JsonObject = {}): JsonObject {
  return { Model: 'hunyuan-turbos-latest', Messages: [{ Role: 'user', Content: text }], ...more }
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function mac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

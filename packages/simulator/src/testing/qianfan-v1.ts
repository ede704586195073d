import type { JsonObject } from '../json.ts'
import type { Simulator } from '../simulator.ts'
import { type Sent, endpointOf, objectIn } from './client.ts'

/** The paths of the old Qianfan interface, with the token in the query. */
const base = '/rpc/2.0/ai_custom/v1/wenxinworkshop'

/** Exchanges credentials, the well-known ones unless told otherwise, and reads the answer. */
export async function exchange(
  simulator: Simulator,
  { key, secret, grant = 'client_credentials' }: { key?: string; secret?: string; grant?: string } = {},
): Promise<Sent> {
  const { apiKey = '', secretKey = '' } = endpointOf(simulator, 'qianfan-v1').credentials
  const query = new URLSearchParams({
    grant_type: grant,
    client_id: key ?? apiKey,
    client_secret: secret ?? secretKey,
  })
  return read(await fetch(`${simulator.url}/oauth/2.0/token?${query.toString()}`, { method: 'POST' }))
}

export async function tokenOf(simulator: Simulator, key?: string): Promise<string> {
  const { json } = await exchange(simulator, key === undefined ? {} : { key, secret: `${key}-secret` })
  return String(json['access_token'])
}

/** Starts a request at a path such as `chat/completions` without reading its answer. */
export function openPath(
  simulator: Simulator,
  token: string | undefined,
  path: string,
  body: unknown,
): Promise<Response> {
  const query = token === undefined ? '' : `?access_token=${token}`
  return fetch(`${simulator.url}${base}/${path}${query}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
}

export async function sendPath(...parameters: Parameters<typeof openPath>): Promise<Sent> {
  return read(await openPath(...parameters))
}

/** A body of one user message. */
export function asked(text: string, more: JsonObject = {}): JsonObject {
  return { messages: [{ role: 'user', content: text }], ...more }
}

async function read(response: Response): Promise<Sent> {
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, json: objectIn(text) }
}

import { Agent, request } from 'undici'
import type { StormRequest } from './draw-request.ts'

/** What a client has seen of its request. */
export interface Seen {
  readonly tag: string
  /** `undefined`: no answer began. */
  readonly status: number | undefined
  /** No process listened there: the request never left the client. */
  readonly unheard: boolean
  /** Code of the gateway's error. */
  readonly code: string | undefined
  /** The answer came to its end: the whole body, or `[DONE]`. */
  readonly whole: boolean
  readonly requestId: string | undefined
}

/** One socket for each running request, as many clients have. */
export function newClients(): Agent {
  return new Agent({ connections: null, pipelining: 1, headersTimeout: 120_000, bodyTimeout: 120_000 })
}

/** Sends a request to a process and reads its answer for as long as the client stays. Never rejects. */
export async function send(
  clients: Agent,
  url: string,
  sender: { readonly secret: string },
  storm: StormRequest,
): Promise<Seen> {
  const hangUp = new AbortController()
  const timer =
    storm.hangUpAfterMs === undefined ? undefined : setTimeout(() => hangUp.abort(), storm.hangUpAfterMs)
  const seen: { -readonly [Name in keyof Seen]: Seen[Name] } = {
    tag: storm.tag,
    status: undefined,
    unheard: false,
    code: undefined,
    whole: false,
    requestId: undefined,
  }
  try {
    const answer = await request(`${url}/v1/${storm.endpoint}`, {
      method: 'POST',
      dispatcher: clients,
      signal: hangUp.signal,
      headers: { authorization: `Bearer ${sender.secret}`, 'content-type': 'application/json' },
      body: storm.body,
    })
    seen.status = answer.statusCode
    seen.requestId = String(answer.headers['x-request-id'])
    let text = ''
    let chunks = 0
    for await (const chunk of answer.body) {
      text += Buffer.from(chunk).toString('latin1')
      chunks += 1
      if (chunks === storm.hangUpAfterChunks) hangUp.abort()
    }
    if (answer.statusCode === 200) seen.whole = !storm.stream || text.endsWith('data: [DONE]\n\n')
    else seen.code = /"code":\s*"(\w+)"/.exec(text)?.[1]
  } catch (error) {
    // Else the client hung up, or the process or the provider went away: the books are to tell which.
    seen.unheard = error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED'
  } finally {
    clearTimeout(timer)
  }
  return seen
}

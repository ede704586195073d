/** What a client has seen of one request. */
export interface Seen {
  readonly status: number
  /** Code of the gateway's error. */
  readonly code: string | undefined
  readonly text: string
}

export async function ask(url: string, secret: string, body: object): Promise<Seen> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const text = await response.text()
  return { status: response.status, code: /"code":\s*"(\w+)"/.exec(text)?.[1], text }
}

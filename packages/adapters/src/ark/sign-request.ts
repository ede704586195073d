import { createHash, createHmac } from 'node:crypto'

export interface RequestToSign {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly region: string
  readonly service: string
  readonly method: string
  readonly host: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  /** Lower-case names; `host` is added. All of them are signed. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly atMs: number
}

/**
 * Volcengine's signature V4 (provider sheet of Ark, section 4): AWS's, but the algorithm is called `HMAC-SHA256`, the
 * secret is used as the text it is without a prefix, the scope ends in `request`, and the date stands in `X-Date`.
 * Returns the headers to send besides `host`, which the transport sets, and the query as it was signed.
 */
export function signVolcengineRequest(request: RequestToSign): {
  readonly headers: Readonly<Record<string, string>>
  readonly query: string
} {
  // 2026-01-15T08:30:00.000Z -> 20260115T083000Z
  const date = new Date(request.atMs).toISOString().replace(/[-:]|\.\d{3}/g, '')
  const bodyHash = sha256(request.body)
  const sent = {
    ...request.headers,
    ...(request.body === '' ? {} : { 'x-content-sha256': bodyHash }),
    'x-date': date,
  }
  const signed = Object.entries({ ...sent, host: request.host }).sort(byName)
  const names = signed.map(([name]) => name).join(';')
  const query = Object.entries(request.query)
    .sort(byName)
    .map(([name, value]) => `${escaped(name)}=${escaped(value)}`)
    .join('&')
  const canonical = [
    request.method,
    request.path,
    query,
    ...signed.map(([name, value]) => `${name}:${value}`),
    '',
    names,
    bodyHash,
  ].join('\n')
  const day = date.slice(0, 8)
  const scope = `${day}/${request.region}/${request.service}/request`
  const key = [day, request.region, request.service, 'request'].reduce<string | Buffer>(
    (secret, part) => hmac(secret, part).digest(),
    request.secretAccessKey,
  )
  const signature = hmac(key, `HMAC-SHA256\n${date}\n${scope}\n${sha256(canonical)}`).digest('hex')
  const authorization = `HMAC-SHA256 Credential=${request.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`
  return { headers: { ...sent, authorization }, query }
}

function byName([first]: readonly [string, string], [second]: readonly [string, string]): number {
  return first < second ? -1 : 1
}

/** Nothing stays but letters, digits and `-_.~`. */
function escaped(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function hmac(key: string | Buffer, text: string) {
  return createHmac('sha256', key).update(text)
}

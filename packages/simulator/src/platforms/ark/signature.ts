import { createHash, createHmac } from 'node:crypto'

/** What a Volcengine signature is made over. Sheet: ark, section 4. */
export interface SignedRequest {
  readonly method: string
  readonly path: string
  /** As it stands in the URL. */
  readonly query: string
  readonly body: string
  /** The signed ones with the values that were sent. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** `YYYYMMDDTHHMMSSZ`. */
  readonly date: string
  readonly region: string
  readonly service: string
}

/** The signature that Volcengine would calculate. */
export function signVolcengine(request: SignedRequest, secretAccessKey: string): string {
  const day = request.date.slice(0, 8)
  const scope = `${day}/${request.region}/${request.service}/request`
  const toSign = `HMAC-SHA256\n${request.date}\n${scope}\n${sha256(canonicalRequest(request))}`
  // The secret is taken as the text it is, even where it looks like base64.
  const key = [day, request.region, request.service, 'request'].reduce<string | Buffer>(hmac, secretAccessKey)
  return hmac(key, toSign).toString('hex')
}

export function canonicalRequest(request: SignedRequest): string {
  const headers = request.headers
    .map(([name, value]) => [name.toLowerCase(), value.trim().replaceAll(/\s+/g, ' ')] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return [
    request.method,
    request.path,
    canonicalQuery(request.query),
    ...headers.map(([name, value]) => `${name}:${value}`),
    '',
    headers.map(([name]) => name).join(';'),
    sha256(request.body),
  ].join('\n')
}

export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex')
}

/** Sorted by name; nothing but letters, digits and `-_.~` stays as it is. */
function canonicalQuery(query: string): string {
  return [...new URLSearchParams(query)]
    .map(([name, value]) => `${escape(name)}=${escape(value)}`)
    .sort()
    .join('&')
}

function escape(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text, 'utf8').digest()
}

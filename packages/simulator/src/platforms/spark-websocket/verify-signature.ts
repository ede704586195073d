import { createHmac } from 'node:crypto'
import type { Incoming } from '../../contract/platform.ts'
import type { Refusal } from '../../contract/refusal.ts'

/** What a signature is made over. */
interface Signed {
  readonly host: string
  readonly date: string
  readonly method: string
  readonly path: string
}

const skewSecondsMax = 300

/** `api_key="..."` is the vendor's form, `hmac username="..."` one that is used in the wild and works too. */
const authorizationForm =
  /^(?:api_key|hmac username)="([^"]+)", ?algorithm="hmac-sha256", ?headers="host date request-line", ?signature="([^"]+)"$/

/**
 * Who signed the URL of a request, or why it is refused (sheet, section 3.5). Beside the body of the missing key, the
 * variants tell apart what was wrong: `date`, `credential`, `signature`.
 */
export function verifySignature(
  request: Pick<Incoming, 'method' | 'path' | 'query' | 'headers' | 'createdAt'>,
  secretOf: (apiKey: string) => string | undefined,
): { readonly apiKey: string } | Refusal {
  const query = new URLSearchParams(request.query)
  const authorization = query.get('authorization') ?? ''
  const date = query.get('date') ?? ''
  const host = query.get('host') ?? ''
  if (authorization === '') return { refused: 'missing-key' }
  if (!isCurrent(date, request.createdAt)) return { refused: 'bad-key', variant: 'date' }
  const [, apiKey = '', signature = ''] = authorizationForm.exec(fromBase64(authorization)) ?? []
  const secret = secretOf(apiKey)
  if (secret === undefined) return { refused: 'bad-key', variant: 'credential' }
  const expected = signatureOf(secret, { host, date, method: request.method, path: request.path })
  const good = host === request.headers.host && signature === expected
  return good ? { apiKey } : { refused: 'bad-key', variant: 'signature' }
}

/** The secret is used as it stands; that it looks like base64 means nothing. */
export function signatureOf(secret: string, { host, date, method, path }: Signed): string {
  const text = `host: ${host}\ndate: ${date}\n${method} ${path} HTTP/1.1`
  return createHmac('sha256', secret).update(text).digest('base64')
}

/** RFC 1123 in GMT, at most so far from the server's clock, either way. */
function isCurrent(date: string, nowSeconds: number): boolean {
  const millis = Date.parse(date)
  return (
    !Number.isNaN(millis) &&
    new Date(millis).toUTCString() === date &&
    Math.abs(millis / 1000 - nowSeconds) <= skewSecondsMax
  )
}

/** A `+` that was not percent-encoded has become a space on its way here, and the text is none any more. */
function fromBase64(text: string): string {
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? bytes.toString('utf8') : ''
}

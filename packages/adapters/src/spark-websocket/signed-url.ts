import { createHmac } from 'node:crypto'
import type { Call } from '../contract/index.ts'

/**
 * The address with iFlytek's signature in its query (provider sheet, section 3.5; vendor page
 * general_url_authentication.html). Host, date and request line are signed, never the query; the path with whatever
 * prefix the base URL has. The secret is the key as it stands: it looks like base64 and is not to be decoded.
 * The platform believes a clock that is off by up to 300 seconds.
 */
export function signedUrl(method: 'GET' | 'POST', url: URL, call: Call): string {
  const date = new Date(call.nowMs).toUTCString()
  const signed = `host: ${url.host}\ndate: ${date}\n${method} ${url.pathname} HTTP/1.1`
  const signature = createHmac('sha256', call.credentials['apiSecret'] ?? '')
    .update(signed)
    .digest('base64')
  const proof =
    `api_key="${call.credentials['apiKey'] ?? ''}", algorithm="hmac-sha256", ` +
    `headers="host date request-line", signature="${signature}"`
  const query = { authorization: Buffer.from(proof).toString('base64'), date, host: url.host }
  const pairs = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
  return `${url.protocol}//${url.host}${url.pathname}?${pairs.join('&')}`
}

import type { FastifyRequest } from 'fastify'
import { HttpError } from './errors.ts'

/**
 * Whether a browser's request comes from our own pages. Cookies are `SameSite=Lax` already; this also stops sibling
 * subdomains, which count as the same site.
 *
 * A browser says so itself in `Sec-Fetch-Site`, which scripts cannot set and which stays right behind a proxy that
 * rewrites `Host`. Without it (plain http) `Origin` is compared with `Host` and with `TOLLGATE_PUBLIC_URL`. Nothing else
 * ever rests on `Host`.
 */
export function checkOrigin(
  request: FastifyRequest,
  publicUrl: string | undefined,
  origin: 'required' | 'if-present',
): void {
  const given = request.headers.origin
  const site = request.headers['sec-fetch-site']
  if (given === undefined) {
    if (origin === 'if-present' && (site === undefined || site === 'same-origin' || site === 'none')) return
    throw new HttpError(
      403,
      'forbidden',
      'A request with a session cookie must carry the Origin of the dashboard.',
    )
  }
  if (site === undefined) {
    if (isOwnHost(given, request.headers.host) || isOrigin(given, publicUrl)) return
  } else if (site === 'same-origin') return
  throw new HttpError(403, 'forbidden', `Requests from ${given.slice(0, 200)} are not accepted here.`)
}

function isOwnHost(origin: string, host: string | undefined): boolean {
  if (host === undefined || !URL.canParse(origin)) return false
  const from = new URL(origin)
  // Both through the same parser: it lowers letters and leaves default ports out.
  const own = `${from.protocol}//${host}`
  return URL.canParse(own) && new URL(own).host === from.host
}

function isOrigin(origin: string, url: string | undefined): boolean {
  return url !== undefined && URL.canParse(origin) && new URL(origin).origin === new URL(url).origin
}

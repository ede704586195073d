import type { FastifyReply, FastifyRequest } from 'fastify'

/** Passes cookies on, for https only where the browser came by https. */
export function setCookies(request: FastifyRequest, reply: FastifyReply, cookies: readonly string[]): void {
  if (cookies.length === 0) return
  reply.header('set-cookie', isHttps(request) ? cookies.map((cookie) => `${cookie}; Secure`) : [...cookies])
}

/** Behind a proxy its word is taken: a browser that lies about this only makes its own cookie stricter. */
export function isHttps(request: FastifyRequest): boolean {
  return request.protocol === 'https' || request.headers['x-forwarded-proto'] === 'https'
}

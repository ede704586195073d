import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'

/**
 * The dashboard's files, and its one page for every address that is a page of it. Scripts come from here alone; styles
 * may be inline because charts set them so.
 */
export async function dashboardFiles(
  app: FastifyInstance,
  options: { readonly directory: string },
): Promise<void> {
  await app.register(fastifyStatic, {
    root: options.directory,
    wildcard: false,
    // Assets carry a hash in their names; the page that names them must always be fresh.
    setHeaders: (response, path) => {
      response.header(
        'cache-control',
        path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      )
      if (path.endsWith('.html')) for (const [name, value] of pageHeaders) response.header(name, value)
    },
  })
  app.setNotFoundHandler((request, reply) => {
    const isPage =
      (request.method === 'GET' || request.method === 'HEAD') &&
      !request.url.startsWith('/assets/') &&
      request.headers.accept?.includes('text/html') === true
    if (isPage) return reply.sendFile('index.html')
    return reply
      .code(404)
      .send({ error: { code: 'not_found', message: `There is nothing at ${request.url.split('?')[0]}.` } })
  })
}

const pageHeaders = [
  [
    'content-security-policy',
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'",
  ],
  ['x-content-type-options', 'nosniff'],
  ['referrer-policy', 'same-origin'],
] as const

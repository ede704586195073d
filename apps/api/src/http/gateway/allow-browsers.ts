import type { FastifyInstance } from 'fastify'

/**
 * Chat clients that run in a page call `/v1` from an origin of their own. A key in a header is all that opens anything
 * here, no cookie ever does, so any origin may ask.
 */
export function allowBrowsers(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('access-control-allow-origin', '*')
    reply.header('access-control-expose-headers', exposed)
    if (request.method !== 'OPTIONS') return
    return reply
      .code(204)
      .headers({
        'access-control-allow-methods': 'GET, POST, OPTIONS',
        'access-control-allow-headers': request.headers['access-control-request-headers'] ?? '*',
        'access-control-max-age': '86400',
      })
      .send()
  })
  app.options('/*', async (_request, reply) => reply.code(204).send())
}

const exposed =
  'x-request-id, retry-after, retry-after-ms, x-should-retry, x-tollgate-provider, x-tollgate-account, x-tollgate-model, x-tollgate-attempts'

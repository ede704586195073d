import type { FastifyInstance } from 'fastify'
import { pruneComponents } from './prune-components.ts'
import { renderReference } from './render-reference.ts'

/** `/openapi.json` for tools and `/docs` for people: one page, no script, nothing loaded from elsewhere. */
export function documentationRoutes(app: FastifyInstance): void {
  let document: object | undefined
  const read = () => (document ??= pruneComponents(app.swagger()))
  app.get('/openapi.json', { schema: { hide: true } }, async (_request, reply) =>
    reply
      .header('cache-control', 'no-cache')
      .type('application/json; charset=utf-8')
      .send(JSON.stringify(read())),
  )
  app.get('/docs', { schema: { hide: true } }, async (_request, reply) =>
    reply
      .header('cache-control', 'no-cache')
      .header('content-security-policy', pagePolicy)
      .type('text/html; charset=utf-8')
      .send(renderReference(read())),
  )
}

const pagePolicy =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

import type { FastifyInstance } from 'fastify'
import type { Registry } from 'prom-client'

export interface OperationsOptions {
  readonly registry: Registry
  /** What stands between this process and serving; empty: it can serve. */
  readonly obstacles: () => Promise<readonly string[]>
}

/** For orchestrators and monitors: `/healthz` (the process lives), `/readyz` (it can serve), `/metrics`. */
export async function operations(app: FastifyInstance, options: OperationsOptions): Promise<void> {
  app.get('/healthz', async () => ({ status: 'ok' }))
  app.get('/readyz', async (_request, reply) => {
    const obstacles = await options.obstacles()
    return reply
      .code(obstacles.length === 0 ? 200 : 503)
      .send({ status: obstacles.length === 0 ? 'ready' : 'not_ready', obstacles })
  })
  app.get('/metrics', async (_request, reply) =>
    reply.type(options.registry.contentType).send(await options.registry.metrics()),
  )
}

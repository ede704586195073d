import { createServer } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { ConfigurationError } from './infra/config/configuration-error.ts'
import type { ServiceConfig } from './infra/config/environment.ts'

/** Before anything else is started: the commonest mistake should not cost a database start to find. */
export function assertPortFree(config: ServiceConfig): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) => reject(portError(config, error)))
    probe.listen(config.port, config.host, () => probe.close(() => resolve()))
  })
}

export async function listen(app: FastifyInstance, config: ServiceConfig): Promise<number> {
  try {
    await app.listen({ port: config.port, host: config.host })
  } catch (error) {
    throw error instanceof Error ? portError(config, error) : error
  }
  const address = app.server.address()
  return typeof address === 'object' && address !== null ? address.port : config.port
}

function portError(config: ServiceConfig, error: NodeJS.ErrnoException): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new ConfigurationError(
        `Port ${config.port} on ${config.host} is in use by another program. Stop it, or set PORT to a free one.`,
      )
    case 'EACCES':
      return new ConfigurationError(`This user may not open port ${config.port}. Set PORT to one above 1023.`)
    case 'EADDRNOTAVAIL':
      return new ConfigurationError(`HOST=${config.host} is not an address of this machine.`)
    default:
      return error
  }
}

/** A connection that idles after its last answer would keep the server open for as long as clients like to keep it. */
export async function closeConnections(app: FastifyInstance, closed: Promise<void>): Promise<void> {
  const idle = setInterval(() => app.server.closeIdleConnections(), 20)
  const all = setTimeout(() => app.server.closeAllConnections(), lastBytesMs)
  app.server.closeIdleConnections()
  await closed
  clearInterval(idle)
  clearTimeout(all)
}

/** For the last bytes of the last answers. */
const lastBytesMs = 2_000

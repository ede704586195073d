import Fastify from 'fastify'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { dashboardRoutes } from './http/dashboard/dashboard-api.ts'

/** `node apps/api/src/openapi.ts`: prints the reference of the dashboard API, without a database. */
const manifest: unknown = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8'))
const version =
  typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : ''

const app = Fastify({ logger: false })
await app.register(async (scope) => {
  await dashboardRoutes(scope, {
    version,
    use: () => {
      throw new Error('this process writes the reference and serves nothing')
    },
  })
})
await app.ready()
const answer = await app.inject({ url: '/openapi.json' })
if (answer.statusCode !== 200) throw new Error(answer.body)
process.stdout.write(`${JSON.stringify(answer.json(), null, 2)}\n`)
await app.close()

import Fastify from 'fastify'
import { dashboardRoutes } from './http/dashboard/dashboard-api.ts'
import { readVersion } from './read-version.ts'

/** `node apps/api/src/openapi.ts`: prints the reference of the dashboard API, without a database. */
const app = Fastify({ logger: false })
await app.register(async (scope) => {
  await dashboardRoutes(scope, {
    version: readVersion(),
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

/**
 * A service in miniature, run by tests as a process of its own: starts the embedded PostgreSQL on the directory given,
 * prints one line of JSON, stops on SIGTERM.
 */
import { startEmbeddedPostgres } from '../../src/infra/postgres/embedded-postgres.ts'
import { EmbeddedPostgresError } from '../../src/infra/postgres/embedded-postgres-error.ts'

const [dataDirectory = '', sharedHome = ''] = process.argv.slice(2)
const say = (level: string) => (fields: object, message: string) => {
  console.error(level, message, JSON.stringify(fields))
}

try {
  const postgres = await startEmbeddedPostgres({
    dataDirectory,
    sharedHome,
    log: { info: say('info'), warn: say('warn'), error: say('error') },
  })
  const alive = setInterval(() => {}, 60_000)
  process.once('SIGTERM', () => {
    clearInterval(alive)
    void postgres.stop()
  })
  console.log(JSON.stringify({ url: postgres.url, directory: postgres.directory }))
} catch (error) {
  if (!(error instanceof EmbeddedPostgresError)) throw error
  console.log(JSON.stringify({ code: error.code, message: error.message }))
}

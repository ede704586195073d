import { readArguments, type Role } from './infra/config/arguments.ts'
import { ConfigurationError } from './infra/config/configuration-error.ts'
import { readEnvironment } from './infra/config/environment.ts'
import { createLogger } from './infra/logger.ts'
import { MigrationError } from './infra/migrations/migration-error.ts'
import { EmbeddedPostgresError } from './infra/postgres/embedded-postgres-error.ts'
import { readVersion } from './read-version.ts'
import { startService, type RunningService } from './service.ts'

const version = readVersion()

try {
  const { demo, role } = readArguments(process.argv.slice(2))
  const config = readEnvironment(process.env, role)
  const terminal = process.stdout.isTTY
  const log = createLogger({ level: config.logLevel, terminal })
  const starting = startService(config, { demo, version, log })
  stopOnSignal(starting)
  process.stdout.write(greeting(await starting, role))
} catch (error) {
  fail(error)
}

function greeting(service: RunningService, role: Role): string {
  const served =
    role === 'worker'
      ? [`  Worker     ${service.url}/readyz`]
      : [`  Dashboard  ${service.url}`, `  API        ${service.url}/v1`]
  const lines = [
    '',
    `  Tollgate ${version} is running.`,
    '',
    ...served,
    `  Data       ${service.dataDirectory}`,
    '',
  ]
  if (service.setupLink !== undefined) {
    lines.push(
      '  Nobody can sign in yet. Make the owner account (this link works once):',
      `  ${service.setupLink}`,
      '',
    )
  }
  if (service.demo !== undefined) {
    lines.push(
      '  This is the demo: simulated providers, a seeded month, nothing leaves this machine.',
      `  Sign in    ${service.demo.login.email} / ${service.demo.login.password}`,
      ...service.demo.keys.map(({ team, secret }) => `  Key        ${secret}  (team ${team})`),
      '',
    )
  }
  return `${lines.join('\n')}\n`
}

/**
 * The first signal stops in order, as soon as the start is through; the second one at once: the journal carries over what
 * was not drained.
 */
function stopOnSignal(starting: Promise<RunningService>): void {
  let stopping = false
  const stop = () => {
    if (stopping) process.exit(1)
    stopping = true
    starting
      .then((service) => service.stop())
      .then(
        () => process.exit(0),
        (error: unknown) => fail(error),
      )
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}

/** What the operator can mend is said without a stack; anything else is ours, with one. */
function fail(error: unknown): never {
  const expected =
    error instanceof ConfigurationError ||
    error instanceof EmbeddedPostgresError ||
    error instanceof MigrationError
  const text = expected
    ? error.message
    : error instanceof Error
      ? (error.stack ?? error.message)
      : String(error)
  process.stderr.write(`\nTollgate cannot start.\n\n${text}\n\n`)
  process.exit(1)
}

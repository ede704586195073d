import { startSimulator } from './simulator.ts'

const port = Number(process.env['PORT'] ?? 9100)
const host = process.env['HOST'] ?? '127.0.0.1'

if (!Number.isInteger(port) || port < 0 || port > 65_535) {
  fail(`PORT must be a number from 0 to 65535, not "${process.env['PORT'] ?? ''}".`)
}

try {
  const simulator = await startSimulator({ port, host })
  const lines = Object.entries(simulator.endpoints).map(([protocol, endpoint]) => {
    const credentials = Object.entries({ ...endpoint.credentials, ...endpoint.signedCredentials }).map(
      ([name, value]) => `${name}=${value}`,
    )
    const line = `  ${protocol.padEnd(18)} ${endpoint.baseUrl.padEnd(52)} ${credentials.join(' ')}`
    const others = endpoint.alternatives.map(
      ({ baseUrl, models }) => `${' '.repeat(21)}${baseUrl} (${models.join(', ')})`,
    )
    if (endpoint.embeddingUrl !== undefined)
      others.push(`${' '.repeat(21)}${endpoint.embeddingUrl} (embeddings)`)
    return [line, ...others].join('\n')
  })
  process.stdout.write(
    `Simulated providers at ${simulator.url} (control: ${simulator.url}/_sim/bill)\n${lines.join('\n')}\n`,
  )
  const stop = () => {
    void simulator.close().then(() => process.exit(0))
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
} catch (error) {
  const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
  fail(taken ? `Port ${port} on ${host} is in use. Set PORT to a free one.` : String(error))
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}

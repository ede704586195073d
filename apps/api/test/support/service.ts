import { spawn, type ChildProcess } from 'node:child_process'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { until } from './until.ts'

const repository = join(import.meta.dirname, '../../../..')
const main = join(import.meta.dirname, '../../src/main.ts')

const adminKey = 'test-admin-key-0123456789'

export interface ServiceProcess {
  readonly url: string
  readonly child: ChildProcess
  /** Everything it has printed so far. */
  output(): string
  /** The dashboard API as owner. */
  api<Answer = unknown>(method: string, path: string, body?: unknown): Promise<Answer>
  kill(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>
  /** Resolves with the exit code however it ends; null: by a signal. */
  readonly ended: Promise<number | null>
}

/** The real service in a process of its own, as `npm start` runs it. Resolves when it is ready. */
export async function startServiceProcess(options: {
  readonly dataDirectory: string
  readonly env?: Readonly<Record<string, string>>
  readonly arguments?: readonly string[]
  readonly port?: number
  /** Hears what it prints, also before it is ready. */
  readonly onOutput?: (text: string) => void
}): Promise<ServiceProcess> {
  const port = options.port ?? (await freePort())
  const service = spawnService({ ...options, port })
  const url = `http://127.0.0.1:${port}`
  try {
    await until(async () => {
      if (service.child.exitCode !== null || service.child.signalCode !== null)
        throw new Error(`the service ended:\n${service.output()}`)
      const response = await fetch(`${url}/readyz`).catch(() => undefined)
      return response?.ok === true
    }, 60_000)
  } catch (error) {
    // Nobody would know of it any more, and it would have the port.
    service.child.kill('SIGKILL')
    await service.ended
    throw error
  }
  return {
    ...service,
    url,
    api: (method, path, body) => callService(url, method, path, body),
    async kill(signal) {
      service.child.kill(signal)
      return service.ended
    },
  }
}

/** The dashboard API of a process, as owner. Rejects for every answer that is no success. */
export async function callService<Answer = unknown>(
  url: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answer> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${adminKey}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
  return text === '' ? (undefined as Answer) : (JSON.parse(text) as Answer)
}

/** A start that is expected to fail: resolves with the exit code and what was printed. */
export async function failToStart(options: {
  readonly dataDirectory: string
  readonly env?: Readonly<Record<string, string>>
  readonly arguments?: readonly string[]
  readonly port?: number
}): Promise<{ readonly code: number | null; readonly output: string }> {
  const service = spawnService({ ...options, port: options.port ?? (await freePort()) })
  const code = await service.ended
  return { code, output: service.output() }
}

function spawnService(options: {
  readonly dataDirectory: string
  readonly env?: Readonly<Record<string, string>>
  readonly arguments?: readonly string[]
  readonly port: number
  readonly onOutput?: (text: string) => void
}) {
  const child = spawn(process.execPath, [main, ...(options.arguments ?? [])], {
    cwd: repository,
    env: {
      PATH: process.env['PATH'],
      // As `npm start` has it: types are stripped once, not at every start.
      NODE_COMPILE_CACHE: join(repository, 'node_modules/.cache/node'),
      PORT: String(options.port),
      TOLLGATE_DATA_DIR: options.dataDirectory,
      TOLLGATE_ADMIN_KEY: adminKey,
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
      options.onOutput?.(text)
    })
  }
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)))
  return { child, output: () => output, ended }
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (typeof address !== 'object' || address === null) throw new Error('no port')
  return address.port
}

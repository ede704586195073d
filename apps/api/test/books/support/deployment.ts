import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readPointer, usualDatabaseDirectory } from '../../../src/infra/postgres/choose-place.ts'
import { startEmbeddedPostgres } from '../../../src/infra/postgres/embedded-postgres.ts'
import { readPostmasterFile } from '../../../src/infra/postgres/postmaster-file.ts'
import { startRedisServer, type RedisServer } from '../../support/redis-server.ts'
import { callService, startServiceProcess, type ServiceProcess } from '../../support/service.ts'
import { until } from '../../support/until.ts'
import { steadyPort } from './steady-port.ts'

/** Embedded: one process with everything in it. Distributed: so many processes on one PostgreSQL and one Redis. */
export type Mode =
  | { readonly name: string; readonly kind: 'embedded' }
  | { readonly name: string; readonly kind: 'distributed'; readonly apis: number; readonly workers: number }

export const embedded: Mode = { name: 'embedded', kind: 'embedded' }

export function distributed(apis: number, workers = 1): Mode {
  const name = `${apis} api and ${workers} worker ${apis + workers === 1 ? 'process' : 'processes'}`
  return { name, kind: 'distributed', apis, workers }
}

export interface DeploymentOptions {
  /** For every process. */
  readonly env?: Readonly<Record<string, string>>
  /** A PostgreSQL that others own; then it cannot be killed. Default, in distributed mode: one of the deployment's own. */
  readonly databaseUrl?: string
}

/** The product as it runs somewhere: real processes that can be killed, and what they stand on. */
export interface Deployment {
  readonly mode: Mode
  /** Of the processes that answer `/v1`, whether they live or not: an address stays the same through restarts. */
  readonly urls: readonly string[]
  /** The dashboard API as owner, on the first api process that lives. */
  api<Answer = unknown>(method: string, path: string, body?: unknown): Promise<Answer>
  /** Resolves when the process is gone. */
  killApi(index: number): Promise<void>
  /** Starts it again, with these variables beside those of the deployment. Resolves when it is ready. */
  startApi(index: number, env?: Readonly<Record<string, string>>): Promise<void>
  /** Resolves when the process has ended, by itself or not. */
  apiEnded(index: number): Promise<unknown>
  killWorker(index: number): Promise<void>
  startWorker(index: number): Promise<void>
  /** Kills the server, if it runs at this moment; resolves when it is up again, which its supervisor sees to. */
  killPostgres(): Promise<void>
  /** Kills the server and starts another in its place, on the data of the first or on none. */
  killRedis(options: { readonly keepData: boolean }): Promise<void>
  /** What the processes printed last, through all their lives. */
  output(): string
  stop(): Promise<void>
}

export async function startDeployment(mode: Mode, options: DeploymentOptions = {}): Promise<Deployment> {
  const folder = await mkdtemp(join(tmpdir(), 'tollgate-books-'))
  // The user that PostgreSQL runs as must be able to pass through.
  await chmod(folder, 0o711)
  const undo: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })]
  try {
    const stores = mode.kind === 'embedded' ? embeddedStores(folder) : await ownStores(folder, options, undo)
    const env = { ...options.env, ...stores.env }
    const roles = mode.kind === 'embedded' ? ['all'] : rolesOf(mode)
    const processes = await Promise.all(
      roles.map(
        async (role, index) =>
          new ManagedProcess(role, join(folder, `data-${index}`), await steadyPort(), env),
      ),
    )
    undo.push(() => Promise.all(processes.map((managed) => managed.stop())))
    // The first one makes the tables; the others would only wait for it.
    const [first, ...others] = processes
    await first?.start()
    await Promise.all(others.map((managed) => managed.start()))
    const apis = processes.filter((managed) => managed.role !== 'worker')
    const workers = processes.filter((managed) => managed.role === 'worker')
    const one = (of: readonly ManagedProcess[], index: number) => {
      const found = of[index]
      if (found === undefined) throw new Error(`${mode.name} has no process ${index} of this kind`)
      return found
    }
    return {
      mode,
      urls: apis.map((managed) => managed.url),
      api(method, path, body) {
        const alive = apis.find((managed) => managed.lives)
        if (alive === undefined) return Promise.reject(new Error('no api process lives'))
        return callService(alive.url, method, path, body)
      },
      killApi: (index) => one(apis, index).kill(),
      startApi: (index, more) => one(apis, index).start(more),
      apiEnded: (index) => one(apis, index).ended,
      killWorker: (index) => one(workers, index).kill(),
      startWorker: (index) => one(workers, index).start(),
      killPostgres: stores.killPostgres,
      killRedis: stores.killRedis,
      output: () => processes.map((managed) => managed.output()).join('\n'),
      stop: () => unwind(undo),
    }
  } catch (error) {
    await unwind(undo)
    throw error
  }
}

function rolesOf(mode: { readonly apis: number; readonly workers: number }): string[] {
  return [
    ...Array.from({ length: mode.apis }, () => 'api'),
    ...Array.from({ length: mode.workers }, () => 'worker'),
  ]
}

/** One process of the product through its lives: its port and its data directory stay, as with any supervisor. */
class ManagedProcess {
  readonly role: string
  readonly url: string
  readonly #dataDirectory: string
  readonly #port: number
  readonly #env: Readonly<Record<string, string>>
  #running: ServiceProcess | undefined
  #output = ''

  constructor(role: string, dataDirectory: string, port: number, env: Readonly<Record<string, string>>) {
    this.role = role
    this.url = `http://127.0.0.1:${port}`
    this.#dataDirectory = dataDirectory
    this.#port = port
    this.#env = env
  }

  get lives(): boolean {
    const child = this.#running?.child
    return child !== undefined && child.exitCode === null && child.signalCode === null
  }

  get ended(): Promise<unknown> {
    return this.#running?.ended ?? Promise.resolve()
  }

  async start(env: Readonly<Record<string, string>> = {}): Promise<void> {
    this.#running = undefined
    this.#running = await startServiceProcess({
      dataDirectory: this.#dataDirectory,
      port: this.#port,
      env: { ...this.#env, ...env },
      arguments: this.role === 'all' ? [] : ['--role', this.role],
      onOutput: (text) => (this.#output = (this.#output + text).slice(-outputMax)),
    })
  }

  async kill(): Promise<void> {
    await this.#running?.kill('SIGKILL')
  }

  /** Whatever it went through before, it stops when it is told to. */
  async stop(): Promise<void> {
    const running = this.#running
    if (running === undefined) return
    const ended = running.kill('SIGTERM').then(() => true)
    if (await Promise.race([ended, after(stopMsMax, false)])) return
    await running.kill('SIGKILL')
    throw new Error(`a process (${this.role}) did not stop in ${stopMsMax} ms:\n${this.output()}`)
  }

  output(): string {
    return this.#output
  }
}

const outputMax = 50_000

/** Longer than the service gives its running requests. */
const stopMsMax = 60_000

function after<Result>(ms: number, result: Result): Promise<Result> {
  return new Promise((resolve) => setTimeout(() => resolve(result), ms).unref())
}

interface Stores {
  readonly env: Readonly<Record<string, string>>
  killPostgres(): Promise<void>
  killRedis(options: { readonly keepData: boolean }): Promise<void>
}

function embeddedStores(folder: string): Stores {
  return {
    env: {},
    async killPostgres() {
      const dataDirectory = join(folder, 'data-0')
      const pointed = await readPointer(dataDirectory)
      await killServer(
        pointed === undefined ? usualDatabaseDirectory(dataDirectory) : join(pointed, 'postgres'),
      )
    },
    killRedis: () => Promise.reject(new Error('embedded mode has no Redis')),
  }
}

async function ownStores(
  folder: string,
  options: DeploymentOptions,
  undo: (() => Promise<unknown>)[],
): Promise<Stores> {
  const postgres =
    options.databaseUrl === undefined ? await startOwnPostgres(join(folder, 'postgres')) : undefined
  if (postgres !== undefined) undo.push(postgres.stop)
  const databaseUrl = options.databaseUrl ?? postgres?.url ?? ''
  let redis: RedisServer = await startRedisServer({ port: await steadyPort(), appendonly: true })
  const { port } = redis
  let old: RedisServer[] = []
  undo.push(async () => {
    for (const server of [...old, redis]) {
      await server.close()
      await rm(server.directory, { recursive: true, force: true })
    }
  })
  return {
    env: {
      DATABASE_URL: databaseUrl,
      REDIS_URL: redis.url,
      TOLLGATE_MASTER_KEY: randomBytes(32).toString('base64'),
    },
    async killPostgres() {
      if (postgres === undefined) throw new Error('this PostgreSQL belongs to others')
      await killServer(postgres.directory)
    },
    async killRedis({ keepData }) {
      await redis.kill('SIGKILL')
      old = [...old, redis]
      redis = await startRedisServer({
        port,
        appendonly: true,
        ...(keepData ? { directory: redis.directory } : {}),
      })
    },
  }
}

/** As durable as in production: a crash of the server is part of what is proven. */
function startOwnPostgres(dataDirectory: string) {
  return startEmbeddedPostgres({
    dataDirectory,
    log: { info() {}, warn() {}, error() {} },
    settings: { max_connections: '200' },
  })
}

/** Resolves when another server runs in the place of the one that was killed. */
async function killServer(databaseDirectory: string): Promise<void> {
  const before = await readPostmasterFile(databaseDirectory)
  if (before !== undefined) killIfItLives(before.pid)
  await until(async () => {
    const now = await readPostmasterFile(databaseDirectory)
    return now !== undefined && now.pid !== before?.pid && now.status === 'ready'
  }, 60_000)
}

/** The embedded one is down for a moment while its service starts. */
function killIfItLives(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

/** Last made, first undone; each step is reached though one before it failed. */
async function unwind(undo: (() => Promise<unknown>)[]): Promise<void> {
  const failures: unknown[] = []
  for (let step = undo.pop(); step !== undefined; step = undo.pop()) {
    await step().catch((error: unknown) => failures.push(error))
  }
  if (failures.length > 0) throw failures[0]
}

import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dockerAnswers, startContainer } from './docker.ts'
import { findRedisProgram, installRedis, redisAdvice } from './redis-program.ts'

/** A Redis of a test's own, which it may kill. */
export interface RedisServer {
  readonly url: string
  readonly port: number
  /** Where it keeps its data: give it to the next one to start that with what this one left. */
  readonly directory: string
  /** Resolves when the process is gone; at once for `SIGSTOP` and `SIGCONT`. */
  kill(signal: NodeJS.Signals): Promise<void>
  /** Ends it, if it still runs, and removes its directory unless that was given. */
  close(): Promise<void>
}

export interface RedisServerOptions {
  /** Default: a new one below the temporary directory. */
  readonly directory?: string
  /** Default: a free one. */
  readonly port?: number
  /** Every write is in the file before it is answered, so that `SIGKILL` loses nothing. Default: nothing is kept. */
  readonly appendonly?: boolean
  readonly databases?: number
}

/**
 * Starts a server on 127.0.0.1 that answers when this resolves: the program of this machine, else one in Docker, else
 * what apt can install. It ends with this process, however that ends. To start one again where another was killed, give
 * its `port` and `directory`.
 */
export async function startRedisServer(options: RedisServerOptions = {}): Promise<RedisServer> {
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'tollgate-redis-')))
  const tries = options.port === undefined ? 5 : 1
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port ?? (await freePort())
    try {
      const running = await launch(directory, port, options)
      return {
        url: `redis://127.0.0.1:${port}`,
        port,
        directory,
        kill: running.kill,
        async close() {
          await running.kill('SIGKILL')
          if (options.directory === undefined) await rm(directory, { recursive: true, force: true })
        },
      }
    } catch (error) {
      // Somebody else may have taken the port meanwhile.
      if (attempt >= tries) throw error
    }
  }
}

interface Running {
  kill(signal: NodeJS.Signals): Promise<void>
}

async function launch(directory: string, port: number, options: RedisServerOptions): Promise<Running> {
  const found = findRedisProgram()
  if (found !== undefined) return launchProgram(found, directory, port, options)
  if (await dockerAnswers())
    return startContainer({
      image: redisImage,
      port: 6379,
      hostPort: port,
      mount: { source: directory, target: '/data' },
      command: ['redis-server', ...settings(options)],
    })
  const installed = installRedis()
  if (installed === undefined) throw new Error(redisAdvice)
  return launchProgram(installed, directory, port, options)
}

export const redisImage = 'redis:7-alpine'

function settings(options: RedisServerOptions): string[] {
  return [
    ...['--save', '', '--appendonly', options.appendonly === true ? 'yes' : 'no'],
    ...['--databases', String(options.databases ?? 16), '--loglevel', 'warning'],
  ]
}

async function launchProgram(
  program: string,
  directory: string,
  port: number,
  options: RedisServerOptions,
): Promise<Running> {
  const own = ['--port', String(port), '--bind', '127.0.0.1', '--dir', directory]
  const child = spawn(program, [...own, ...settings(options)], { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-2_000)))
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', (error) => {
      said += String(error)
      resolve()
    })
  })
  endWithThisProcess(child)
  await untilItAnswers(
    port,
    () => child.exitCode === null && child.signalCode === null && child.pid !== undefined,
    () => said,
  )
  return {
    async kill(signal) {
      child.kill(signal)
      if (signal === 'SIGKILL') child.kill('SIGCONT')
      if (signal !== 'SIGSTOP' && signal !== 'SIGCONT') await gone
    },
  }
}

/** A shell that waits for our end of its pipe to close, which `kill -9` of this process does too. */
function endWithThisProcess(child: ChildProcess): void {
  if (child.pid === undefined) return
  const watch = spawn('sh', ['-c', 'read _; kill -9 "$0"', String(child.pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  watch.on('error', () => {})
  watch.unref()
  child.once('exit', () => watch.kill('SIGKILL'))
}

async function untilItAnswers(port: number, lives: () => boolean, said: () => string): Promise<void> {
  const deadline = performance.now() + 20_000
  while (!(await answers(port))) {
    if (!lives()) throw new Error(`Redis did not start on port ${port}: ${said()}`)
    if (performance.now() > deadline) throw new Error(`Redis does not answer on port ${port}: ${said()}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** Also `false` while it still loads its data. */
async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    socket.setTimeout(1_000, () => socket.destroy(new Error('no answer')))
    socket.write('PING\r\n')
    const [reply]: unknown[] = await once(socket, 'data')
    return String(reply).startsWith('+PONG')
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

async function freePort(): Promise<number> {
  const probe = createServer()
  probe.listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (typeof address !== 'object' || address === null) throw new Error('a listening server has no port')
  return address.port
}

import { existsSync } from 'node:fs'
import { request } from 'node:http'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Whether a Docker daemon answers; its program on the PATH says nothing about that. Costs less than a second. */
export function dockerAnswers(): Promise<boolean> {
  answer ??= ask()
  return answer
}

let answer: Promise<boolean> | undefined

async function ask(): Promise<boolean> {
  const named = process.env['DOCKER_HOST']
  if (named !== undefined && named !== '') {
    const { protocol, hostname, port, pathname } = new URL(named)
    if (protocol === 'unix:') return pings({ socketPath: pathname })
    if (protocol === 'tcp:' || protocol === 'http:') return pings({ host: hostname, port: port || '2375' })
    return false
  }
  const sockets = [
    '/var/run/docker.sock',
    join(process.env['XDG_RUNTIME_DIR'] ?? '/nonexistent', 'docker.sock'),
    join(homedir(), '.docker/run/docker.sock'),
  ].filter((path) => existsSync(path))
  return (await Promise.all(sockets.map((socketPath) => pings({ socketPath })))).includes(true)
}

function pings(target: { socketPath: string } | { host: string; port: string }): Promise<boolean> {
  return new Promise((resolve) => {
    const asking = request({ ...target, path: '/_ping', timeout: 800 }, (response) => {
      response.resume()
      resolve(response.statusCode === 200)
    })
    asking.once('timeout', () => asking.destroy(new Error('no answer')))
    asking.once('error', () => resolve(false))
    asking.end()
  })
}

export interface Container {
  /** As this machine reaches it. */
  readonly host: string
  readonly port: number
  /** Resolves when the process in it is gone; at once for `SIGSTOP` and `SIGCONT`. */
  kill(signal: NodeJS.Signals): Promise<void>
}

/** Suites wait a minute for their server; another way may still serve them in what is left of it. */
const startMs = 40_000

/** Starts a container through testcontainers, whose own helper removes it should this process die. */
export async function startContainer(options: {
  readonly image: string
  /** In the container. */
  readonly port: number
  /** Default: a free one. */
  readonly hostPort?: number
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  /** Default: its port takes connections. */
  readonly ready?: { readonly log: RegExp; readonly times: number }
  readonly mount?: { readonly source: string; readonly target: string }
}): Promise<Container> {
  // Heavy, and of no use without a daemon.
  const { GenericContainer, Wait, getContainerRuntimeClient } = await import('testcontainers')
  const { hostPort, command, environment, ready, mount } = options
  let container = new GenericContainer(options.image)
    .withExposedPorts(hostPort === undefined ? options.port : { container: options.port, host: hostPort })
    .withStartupTimeout(startMs)
  if (command !== undefined) container = container.withCommand([...command])
  if (environment !== undefined) container = container.withEnvironment(environment)
  if (ready !== undefined) container = container.withWaitStrategy(Wait.forLogMessage(ready.log, ready.times))
  if (mount !== undefined) {
    container = container.withBindMounts([mount])
    // What it writes is ours to remove.
    const user = process.getuid?.()
    if (user !== undefined) container = container.withUser(`${user}:${process.getgid?.() ?? user}`)
  }
  const starting = container.start()
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('its image did not arrive in time')), startMs)
  })
  const started = await Promise.race([starting, late]).finally(() => clearTimeout(timer))
  let isGone = false
  return {
    host: started.getHost(),
    port: started.getMappedPort(options.port),
    async kill(signal) {
      if (isGone) return
      const { container: containers } = await getContainerRuntimeClient()
      const running = containers.getById(started.getId())
      await running.kill({ signal })
      if (signal === 'SIGSTOP' || signal === 'SIGCONT') return
      await running.wait()
      isGone = true
      await running.remove({ force: true })
    },
  }
}

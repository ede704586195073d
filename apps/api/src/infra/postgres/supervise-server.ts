import { setTimeout as wait } from 'node:timers/promises'
import { launchServer, type LaunchInput, type RunningServer } from './launch-server.ts'
import { stopServer } from './stop-server.ts'

export interface SupervisedServer {
  /** The same for as long as the service runs. */
  readonly port: number
  stop(): Promise<void>
}

/** Keeps the server up: one that ends by itself (killed for memory, say) is started again on the same port. */
export async function superviseServer(input: LaunchInput): Promise<SupervisedServer> {
  let server = await launchServer(input)
  const { port } = server
  const stopping = new AbortController()
  const watching = watch()

  return {
    port,
    stop: async () => {
      stopping.abort()
      await watching
      await stopServer(server.pid, input.place.databaseDirectory)
    },
  }

  async function watch(): Promise<void> {
    const stopped = new Promise<void>((resolve) => stopping.signal.addEventListener('abort', () => resolve()))
    for (;;) {
      await Promise.race([server.ended, stopped])
      if (stopping.signal.aborted) return
      input.log.error({}, 'PostgreSQL ended unexpectedly and is started again')
      server = (await relaunch()) ?? server
    }
  }

  async function relaunch(): Promise<RunningServer | undefined> {
    for (let pauseMs = 250; !stopping.signal.aborted; pauseMs = Math.min(pauseMs * 2, 30_000)) {
      try {
        return await launchServer({ ...input, port })
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error)
        input.log.error({ error: reason }, 'PostgreSQL could not be started again')
        await wait(pauseMs, undefined, { signal: stopping.signal, ref: false }).catch(() => {})
      }
    }
    return undefined
  }
}

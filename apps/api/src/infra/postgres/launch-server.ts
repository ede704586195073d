import type { Logger } from '../../ports/logger.ts'
import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import type { BoundedLog } from './bounded-log.ts'
import type { ServerUser } from './choose-server-user.ts'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'
import type { Place } from './place.ts'
import { readPostmasterFile } from './postmaster-file.ts'
import { serverProcessOptions } from './run-program.ts'
import { asArguments, fixedSettings } from './server-settings.ts'

export interface RunningServer {
  readonly pid: number
  readonly port: number
  /** Resolves when the process has ended, for whatever reason. */
  readonly ended: Promise<void>
}

export interface LaunchInput {
  readonly place: Place
  readonly user: ServerUser | undefined
  readonly settings: Readonly<Record<string, string>>
  /** From `stopOrphan`. */
  readonly stalePid: number | undefined
  /** `undefined`: any that is free. */
  readonly port: number | undefined
  readonly serverLog: BoundedLog
  readonly log: Logger
}

/** Starts the server and waits until it takes connections, however long its recovery is. */
export async function launchServer(input: LaunchInput): Promise<RunningServer> {
  const giveUpAt = Date.now() + 15_000
  for (;;) {
    const port = input.port ?? (await findFreePort())
    await input.serverLog.mark()
    const server = spawnServer(input, port)
    if (await becomesReady(input, server)) return server
    const said = await input.serverLog.tail()
    // Someone took the port since we looked, or processes of a killed server are still letting go of its memory.
    const passes = /could not bind|Address (already )?in use|pre-existing shared memory/i.test(said)
    if (!passes || Date.now() > giveUpAt) {
      throw new EmbeddedPostgresError(
        'server_failed',
        `PostgreSQL did not start on ${input.place.databaseDirectory}. It said:\n${said.trim()}`,
      )
    }
    await wait(200)
  }
}

function spawnServer(input: LaunchInput, port: number): RunningServer {
  const { place, user, settings, stalePid, serverLog } = input
  const options = serverProcessOptions(user)
  const child = spawn(
    place.binaries.postgres,
    ['-D', place.databaseDirectory, ...asArguments('-c', { ...settings, ...fixedSettings(port) })],
    {
      ...options,
      // The server disregards a pid file that names this process; `pg_ctl` tells it about its own parent in this way.
      env: stalePid === undefined ? options.env : { ...options.env, PG_GRANDPARENT_PID: String(stalePid) },
      // In a session of its own, so that Ctrl-C reaches the service alone: it must drain its journal into a server
      // that is still up. And through no pipe of ours, so that the server survives us.
      detached: true,
      stdio: ['ignore', serverLog.descriptor, serverLog.descriptor],
    },
  )
  child.unref()
  const ended = new Promise<void>((resolve) => {
    child.on('exit', () => resolve())
    child.on('error', (error) => {
      input.log.error({ error: error.message }, 'PostgreSQL could not be started')
      resolve()
    })
  })
  return { pid: child.pid ?? 0, port, ended }
}

/** `false`: it ended instead. */
async function becomesReady(input: LaunchInput, server: RunningServer): Promise<boolean> {
  let ended = false
  void server.ended.then(() => (ended = true))
  let sayAt = Date.now() + 10_000
  while (!ended) {
    const file = await readPostmasterFile(input.place.databaseDirectory)
    if (file?.pid === server.pid && file.status === 'ready') return true
    if (Date.now() > sayAt) {
      input.log.info({}, 'PostgreSQL is still recovering from an abrupt end')
      sayAt = Date.now() + 10_000
    }
    await wait(10)
  }
  return false
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.on('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      probe.close(() => resolve(port))
    })
  })
}

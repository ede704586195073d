import { setTimeout as wait } from 'node:timers/promises'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'
import { inspectProcess, type ProcessInspection } from './inspect-process.ts'
import { readPostmasterFile } from './postmaster-file.ts'

/**
 * Ends a server: first the way that closes its sessions and writes everything down, and if that takes longer than
 * half a minute the way that leaves the rest to recovery at the next start. Nothing committed is lost by either.
 */
export async function stopServer(pid: number, databaseDirectory: string): Promise<void> {
  const ways = [
    { signal: 'SIGINT', patienceMs: 30_000 },
    { signal: 'SIGQUIT', patienceMs: 10_000 },
  ] as const
  const before = await inspectProcess(pid)
  if (before === undefined) return
  const isGone = async () => (await inspectProcess(pid))?.startedAt !== before.startedAt
  for (const { signal, patienceMs } of ways) {
    signalIfThere(pid, signal)
    const giveUpAt = Date.now() + patienceMs
    while (Date.now() < giveUpAt) {
      if (await isGone()) return
      await wait(20)
    }
  }
  throw new EmbeddedPostgresError(
    'server_failed',
    `PostgreSQL (process ${pid}) on ${databaseDirectory} does not stop. Look at it and end it by hand.`,
  )
}

function signalIfThere(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // Gone in this moment, or not ours to signal: the wait that follows tells which.
  }
}

/**
 * A server that outlived the service which started it (`kill -9`) is stopped and not adopted: a new one has no session
 * of the dead service left in it, runs the settings and the build of this version, and is our child.
 *
 * Returns the number that a stale `postmaster.pid` still names. It may belong to a stranger by now (usual in
 * containers) or to a zombie nobody has reaped; the next server must be told not to take either for a rival.
 */
export async function stopOrphan(databaseDirectory: string): Promise<{ readonly stalePid?: number }> {
  const file = await readPostmasterFile(databaseDirectory)
  if (file === undefined) return {}
  const found = await inspectProcess(file.pid)
  if (found !== undefined && isServerOf(databaseDirectory, found)) {
    await stopServer(file.pid, databaseDirectory)
  }
  return { stalePid: file.pid }
}

function isServerOf(databaseDirectory: string, found: ProcessInspection): boolean {
  // A server makes its database directory its working directory, which holds even if a folder above was renamed.
  const isPostgres = /(^|\/)postgres( |$)/.test(found.commandLine)
  const isThere =
    found.workingDirectory === databaseDirectory || found.commandLine.includes(`-D ${databaseDirectory} `)
  return isPostgres && isThere
}

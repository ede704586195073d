import { randomUUID } from 'node:crypto'
import { link, mkdir, readFile, readlink, rename, stat, unlink, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'
import { inspectProcess } from './inspect-process.ts'
import { isNotWritable, systemErrorCode } from './system-error.ts'

export interface DirectoryLock {
  release(): Promise<void>
}

/**
 * Makes this process the only Tollgate on a directory, which is created if need be. The lock is a file that names its
 * owner, so that one left by a killed process is seen for what it is: its process is gone, or its number belongs to
 * a process that started at another time.
 *
 * An owner on another machine or in another container cannot be looked up. It touches the file every two seconds
 * while it lives; we watch for that long enough before taking over.
 */
export async function lockDirectory(
  directory: string,
  options: { readonly heartbeatMs?: number } = {},
): Promise<DirectoryLock> {
  const heartbeatMs = options.heartbeatMs ?? 2_000
  const path = join(directory, 'tollgate.lock')
  const owner = await describeOurselves()
  try {
    await mkdir(directory, { recursive: true })
    while (!(await createFile(path, owner))) await removeIfAbandoned(directory, path, owner.host, heartbeatMs)
  } catch (error) {
    if (!isNotWritable(error)) throw error
    throw new EmbeddedPostgresError(
      'data_directory_not_writable',
      `The data directory ${directory} cannot be written (${systemErrorCode(error)}). Give the user that runs Tollgate ` +
        'write access to it, or set TOLLGATE_DATA_DIR to another folder.',
      { cause: error },
    )
  }
  const heartbeat = setInterval(() => {
    const now = new Date()
    // A file that cannot be touched any more is for the next start to judge, not a reason to stop serving.
    utimes(path, now, now).catch(() => {})
  }, heartbeatMs)
  heartbeat.unref()
  return {
    release: async () => {
      clearInterval(heartbeat)
      const current = await readOwner(path)
      if (current?.token === owner.token) await unlink(path).catch(() => {})
    },
  }
}

interface Owner {
  readonly token: string
  readonly pid: number
  /** `startedAt` of `inspectProcess`. */
  readonly startedAt: string
  /** Machine and process namespace: within one of them a pid means the same process. */
  readonly host: string
  readonly since: string
}

async function describeOurselves(): Promise<Owner> {
  const namespace = await readlink('/proc/self/ns/pid').catch(() => '')
  const self = await inspectProcess(process.pid)
  return {
    token: randomUUID(),
    pid: process.pid,
    startedAt: self?.startedAt ?? '',
    host: `${hostname()} ${namespace}`.trim(),
    since: new Date().toISOString(),
  }
}

/** `false`: there is one already. */
async function createFile(path: string, owner: Owner): Promise<boolean> {
  // Written aside and linked into place, so that nobody ever reads half an owner.
  const draft = `${path}.${owner.token}`
  await writeFile(draft, `${JSON.stringify(owner, undefined, 2)}\n`, { mode: 0o600 })
  try {
    await link(draft, path)
    return true
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false
    throw error
  } finally {
    await unlink(draft)
  }
}

async function readOwner(path: string): Promise<Owner | undefined> {
  try {
    const parsed: unknown = JSON.parse(await readFile(path, 'utf8'))
    return isOwner(parsed) ? parsed : undefined
  } catch {
    return undefined
  }
}

function isOwner(value: unknown): value is Owner {
  return (
    typeof value === 'object' &&
    value !== null &&
    'token' in value &&
    'pid' in value &&
    'startedAt' in value &&
    'host' in value &&
    'since' in value &&
    typeof value.pid === 'number'
  )
}

/** Throws when the owner lives. Otherwise the file is gone, or another starter was quicker: try again. */
async function removeIfAbandoned(
  directory: string,
  path: string,
  ourHost: string,
  heartbeatMs: number,
): Promise<void> {
  const judged = await readOwner(path)
  if (judged !== undefined && (await isAlive(judged, path, ourHost, heartbeatMs))) {
    throw new EmbeddedPostgresError(
      'data_directory_in_use',
      `The data directory ${directory} is in use by another Tollgate (process ${judged.pid} on ${judged.host}, since ` +
        `${judged.since}). Stop it, or set TOLLGATE_DATA_DIR to another folder for this one.`,
    )
  }
  // Moved aside first: of several starters that came to the same judgement one gets the file that was judged. Who
  // gets a newer one, made in the meantime, puts it back.
  const aside = `${path}.${randomUUID()}`
  try {
    await rename(path, aside)
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return
    throw error
  }
  const moved = await readOwner(aside)
  if (moved?.token !== judged?.token) await link(aside, path).catch(() => {})
  await unlink(aside)
}

async function isAlive(owner: Owner, path: string, ourHost: string, heartbeatMs: number): Promise<boolean> {
  if (owner.host === ourHost) {
    const found = await inspectProcess(owner.pid)
    return found !== undefined && found.startedAt === owner.startedAt
  }
  const touchedAt = async () => (await stat(path).catch(() => undefined))?.mtimeMs
  const before = await touchedAt()
  await wait(heartbeatMs * 3)
  return (await touchedAt()) !== before
}

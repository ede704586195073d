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
    const inTheWay = await take(path, owner, heartbeatMs)
    if (inTheWay !== undefined) {
      throw new EmbeddedPostgresError(
        'data_directory_in_use',
        `The data directory ${directory} is in use by another Tollgate (process ${inTheWay.pid} on ${inTheWay.host}, ` +
          `since ${inTheWay.since}). Stop it, or set TOLLGATE_DATA_DIR to another folder for this one.`,
      )
    }
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
      if ((await readOwner(path))?.token === owner.token) await unlink(path).catch(() => {})
    },
  }
}

/**
 * Makes the file `path` ours, or returns the living owner that is in the way.
 *
 * Of many who judge a file abandoned one alone may replace it, and nobody who was slow to act on his judgement may
 * replace the file of him who did. So replacing needs a lock of its own, named after the abandoned owner, and the
 * judgement is made once more under it. That lock is taken in this same way, should its owner die just then.
 */
async function take(path: string, owner: Owner, heartbeatMs: number): Promise<Owner | undefined> {
  for (;;) {
    if (await createFile(path, owner)) return undefined
    const judged = await readOwner(path)
    if (judged === undefined) continue
    if (await isAlive(judged, path, owner.host, heartbeatMs)) return judged

    const guard = `${path}.${judged.token}`
    if ((await take(guard, owner, heartbeatMs)) === undefined) {
      const replaced = (await readOwner(path))?.token === judged.token
      if (replaced) await replaceFile(path, owner)
      await unlink(guard)
      if (replaced) return undefined
    }
    await wait(10)
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
  const draft = await writeDraft(path, owner)
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

async function replaceFile(path: string, owner: Owner): Promise<void> {
  await rename(await writeDraft(path, owner), path)
}

/** Written aside and then put into place, so that nobody ever reads half an owner. */
async function writeDraft(path: string, owner: Owner): Promise<string> {
  const draft = `${path}.${randomUUID()}`
  await writeFile(draft, `${JSON.stringify(owner, undefined, 2)}\n`, { mode: 0o600 })
  return draft
}

/** `undefined`: there is no file. One that cannot be read (emptied by a power cut) is of nobody who lives. */
async function readOwner(path: string): Promise<Owner | undefined> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined
    throw error
  }
  return parseOwner(text) ?? { token: 'unreadable', pid: 0, startedAt: '', host: '', since: '' }
}

function parseOwner(text: string): Owner | undefined {
  try {
    const parsed: unknown = JSON.parse(text)
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
    typeof value.token === 'string' &&
    typeof value.pid === 'number'
  )
}

async function isAlive(owner: Owner, path: string, ourHost: string, heartbeatMs: number): Promise<boolean> {
  if (owner.pid === 0) return false
  if (owner.host === ourHost) {
    const found = await inspectProcess(owner.pid)
    return found !== undefined && found.startedAt === owner.startedAt
  }
  const touchedAt = async () => (await stat(path).catch(() => undefined))?.mtimeMs
  const before = await touchedAt()
  await wait(heartbeatMs * 3)
  return (await touchedAt()) !== before
}

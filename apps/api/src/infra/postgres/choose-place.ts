import type { Logger } from '../../ports/logger.ts'
import { createHash } from 'node:crypto'
import { chmod, chown, mkdir, readFile, realpath, rename, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ServerUser } from './choose-server-user.ts'
import { copyBinaries } from './copy-binaries.ts'
import { EmbeddedPostgresError, useYourOwn } from './embedded-postgres-error.ts'
import { isInitialised } from './initialise-database.ts'
import type { Binaries } from './locate-binaries.ts'
import type { Place } from './place.ts'
import { runProgram } from './run-program.ts'
import { systemErrorCode } from './system-error.ts'

/** The usual place of a database within the data directory. */
export const usualDatabaseDirectory = (dataDirectory: string) => join(dataDirectory, 'postgres')

/** Names the folder outside of the data directory that holds the database and its lock. */
const pointerFile = (dataDirectory: string) => join(dataDirectory, 'postgres-location')

/** Where a database is that an earlier start had to put outside of the data directory. */
export async function readPointer(dataDirectory: string): Promise<string | undefined> {
  const text = await readFile(pointerFile(dataDirectory), 'utf8').catch(() => '')
  return text.trim() === '' ? undefined : text.trim()
}

/**
 * Where programs and data lie so that the server's user reaches them. As root that is another user, who cannot enter
 * a folder closed to others (a clone in /root): then the programs are copied and the data is kept below `sharedHome`.
 */
export async function choosePlace(input: {
  readonly dataDirectory: string
  readonly packaged: Binaries
  readonly user: ServerUser | undefined
  readonly sharedHome: string
  readonly log: Logger
}): Promise<Place> {
  const { dataDirectory, packaged, user } = input
  const usual = { home: dataDirectory, databaseDirectory: usualDatabaseDirectory(dataDirectory) }
  if (user === undefined) {
    await assertRuns(packaged, user)
    return { binaries: packaged, ...usual }
  }
  try {
    const runs = (await runProgram(packaged.postgres, ['--version'], { user })).exitCode === 0
    const binaries = runs ? packaged : await copyBinaries(packaged, input.sharedHome, input.log)
    await assertRuns(binaries, user)
    const home = await chooseHome(input, user)
    return { binaries, home, databaseDirectory: join(home, 'postgres') }
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error
    throw new EmbeddedPostgresError(
      'data_directory_not_writable',
      `PostgreSQL runs as user ${user.uid}, who cannot enter ${dataDirectory} or ${packaged.directory}, and ` +
        `${input.sharedHome} cannot be used instead (${systemErrorCode(error)}). Move Tollgate out of the closed folder, ` +
        `start it as an ordinary user, or ${useYourOwn}.`,
      { cause: error },
    )
  }
}

async function chooseHome(
  input: { readonly dataDirectory: string; readonly sharedHome: string; readonly log: Logger },
  user: ServerUser,
): Promise<string> {
  const { dataDirectory, sharedHome, log } = input
  const pointed = await readPointer(dataDirectory)
  if (pointed !== undefined) return pointed
  if (await canEnter(dataDirectory, user)) return dataDirectory
  if (await letIn(dataDirectory, user)) return dataDirectory

  await openFolder(sharedHome)
  const hash = createHash('sha256').update(dataDirectory).digest('hex').slice(0, 12)
  const home = join(await realpath(sharedHome), hash)
  if (await isInitialised(join(home, 'postgres'))) {
    // The data directory of this name was deleted or replaced. Its database is not ours to use nor to delete.
    const aside = `${home}-left-${new Date().toISOString().replaceAll(':', '')}`
    await rename(home, aside)
    log.warn({ dataDirectory, movedTo: aside }, 'moved the database of an earlier data directory aside')
  }
  await openFolder(home)
  await writeFile(pointerFile(dataDirectory), `${home}\n`)
  log.info(
    { dataDirectory, databaseDirectory: join(home, 'postgres'), pointerFile: pointerFile(dataDirectory) },
    'the database is kept outside of the data directory, which the user that runs PostgreSQL cannot enter',
  )
  return home
}

/** Others may pass through but not look around. Whatever the umask is. */
async function openFolder(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true })
  await chmod(directory, 0o711)
}

/**
 * A data directory that only root may enter, in a folder that others may (`mkdtemp`, a strict umask): its group becomes
 * that of the server's user, who may then pass through it and do nothing else.
 */
async function letIn(directory: string, user: ServerUser): Promise<boolean> {
  const { uid, mode } = await stat(directory)
  if (uid !== 0 || (mode & 0o070) !== 0 || !(await canEnter(dirname(directory), user))) return false
  await chown(directory, uid, user.gid)
  await chmod(directory, (mode & 0o7777) | 0o010)
  return canEnter(directory, user)
}

/** Asks the system itself, which knows of access lists, mounts and namespaces that mode bits do not show. */
async function canEnter(directory: string, user: ServerUser): Promise<boolean> {
  return (await runProgram('/bin/sh', ['-c', 'cd -- "$1"', 'sh', directory], { user })).exitCode === 0
}

async function assertRuns(binaries: Binaries, user: ServerUser | undefined): Promise<void> {
  const version = await runProgram(binaries.postgres, ['--version'], { user })
  if (version.exitCode === 0) return
  throw new EmbeddedPostgresError(
    'binaries_missing',
    `The embedded PostgreSQL does not run on this machine: ${binaries.postgres}: ${version.output.trim()}. It needs a ` +
      `system with glibc (not Alpine) and a file system without noexec; otherwise ${useYourOwn}.`,
  )
}

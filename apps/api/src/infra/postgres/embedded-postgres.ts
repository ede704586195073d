import type { Logger } from '../../ports/logger.ts'
import { access, constants, realpath } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import pg from 'pg'
import { openBoundedLog } from './bounded-log.ts'
import { choosePlace, readPointer, usualDatabaseDirectory } from './choose-place.ts'
import { chooseServerUser } from './choose-server-user.ts'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'
import {
  assertOurMajorVersion,
  databaseUser,
  initialiseDatabase,
  isInitialised,
} from './initialise-database.ts'
import { locateBinaries } from './locate-binaries.ts'
import { lockDirectory } from './lock-directory.ts'
import { readOrMakePassword, resetPassword } from './password.ts'
import { stopOrphan } from './stop-server.ts'
import { superviseServer } from './supervise-server.ts'

export interface EmbeddedPostgres {
  /** Of the database `tollgate`, whose owner it names. Holds the password: never log it. */
  readonly url: string
  /** Where the database lies: `<dataDirectory>/postgres`, or where `<dataDirectory>/postgres-location` says. */
  readonly directory: string
  /** Ends the server and waits for it. Close your pools first; sessions still open are cut. */
  stop(): Promise<void>
}

/**
 * Starts the PostgreSQL that came with the installation on the data directory, which is made if need be, and keeps it
 * up until `stop`. Throws `EmbeddedPostgresError` with a message for the operator. README.md tells how it
 * lives through crashes, root and closed folders.
 */
export async function startEmbeddedPostgres(options: {
  readonly dataDirectory: string
  readonly log: Logger
  /** Server settings that win over the configuration file, e.g. `fsync: 'off'` for tests. */
  readonly settings?: Readonly<Record<string, string>>
  /** As root: the parent of what the server's user could not reach in the data directory. */
  readonly sharedHome?: string
}): Promise<EmbeddedPostgres> {
  const { log, settings = {}, sharedHome = '/var/lib/tollgate' } = options
  const undo: (() => Promise<void>)[] = []
  try {
    const packaged = await locateBinaries()
    const lock = await lockDirectory(resolve(options.dataDirectory))
    undo.push(lock.release)
    // One name for it, whichever links lead there: a server of an earlier start is known by its directory.
    const dataDirectory = await realpath(options.dataDirectory)

    const existingDatabase = await findDatabase(dataDirectory)
    const user = await chooseServerUser({ existingDatabase, log })
    const place = await choosePlace({ dataDirectory, packaged, user, sharedHome, log })
    if (place.home !== dataDirectory) undo.push((await lockDirectory(place.home)).release)

    const { stalePid } = await stopOrphan(place.databaseDirectory)
    const { password, isNew } = await readOrMakePassword(dataDirectory)
    const initialised = await isInitialised(place.databaseDirectory)
    if (!initialised) {
      await initialiseDatabase(place, { password, user })
    } else {
      await assertOurMajorVersion(place.databaseDirectory)
      if (isNew) await resetPassword(place, user, password)
    }

    const serverLog = await openBoundedLog(join(dataDirectory, 'postgres.log'))
    undo.push(serverLog.close)
    const server = await superviseServer({
      place,
      user,
      settings,
      stalePid,
      port: undefined,
      serverLog,
      log,
    })
    undo.push(server.stop)

    const origin = `postgresql://${databaseUser}:${password}@127.0.0.1:${server.port}`
    await ensureDatabase(origin)
    return { url: `${origin}/${databaseName}`, directory: place.databaseDirectory, stop: () => unwind(undo) }
  } catch (error) {
    await unwind(undo)
    throw error
  }
}

const databaseName = 'tollgate'

/** Last done, first undone; each step is reached though one before it failed. */
async function unwind(undo: (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = []
  for (let step = undo.pop(); step !== undefined; step = undo.pop()) {
    await step().catch((error: unknown) => failures.push(error))
  }
  if (failures.length > 0) throw failures[0]
}

/** The database directory of an earlier start. Throws when another user made it and we may not use it. */
async function findDatabase(dataDirectory: string): Promise<string | undefined> {
  const pointed = await readPointer(dataDirectory)
  const directory = pointed === undefined ? usualDatabaseDirectory(dataDirectory) : join(pointed, 'postgres')
  try {
    await access(directory, constants.F_OK)
  } catch {
    return undefined
  }
  await access(directory, constants.R_OK | constants.W_OK | constants.X_OK).catch((cause: unknown) => {
    throw new EmbeddedPostgresError(
      'data_directory_not_writable',
      `The database in ${directory} belongs to another operating system user. Start Tollgate as the user who started ` +
        'it before (or as root), or set TOLLGATE_DATA_DIR to another folder.',
      { cause },
    )
  })
  return directory
}

async function ensureDatabase(origin: string): Promise<void> {
  const client = new pg.Client({ connectionString: `${origin}/postgres` })
  // A server that dies now rejects the statement below; unheard, the error would end the process without a word.
  client.on('error', () => {})
  await client.connect()
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [databaseName])
    if (rowCount === 0) await client.query(`CREATE DATABASE ${databaseName}`)
  } finally {
    await client.end()
  }
}

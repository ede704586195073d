import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ServerUser } from './choose-server-user.ts'
import { EmbeddedPostgresError, useYourOwn } from './embedded-postgres-error.ts'
import type { Place } from './place.ts'
import { runProgram } from './run-program.ts'
import { asArguments, initialSettings } from './server-settings.ts'

/** Major version of the embedded server. A database directory belongs to one major version for good. */
const majorVersion = 18

/** Owner of everything in the embedded database, and the one user that may connect. */
export const databaseUser = 'tollgate'

export async function isInitialised(databaseDirectory: string): Promise<boolean> {
  return (await readMajorVersion(databaseDirectory)) !== undefined
}

/** Makes an empty database directory, or none at all when it is interrupted. */
export async function initialiseDatabase(
  place: Place,
  input: { readonly password: string; readonly user: ServerUser | undefined },
): Promise<void> {
  const draft = `${place.databaseDirectory}.new`
  const passwordFile = `${draft}-password`
  await rm(draft, { recursive: true, force: true })
  await mkdir(draft, { mode: 0o700 })
  if (input.user !== undefined) await chown(draft, input.user.uid, input.user.gid)
  try {
    await rm(passwordFile, { force: true })
    await writeFile(passwordFile, `${input.password}\n`, { mode: 0o600 })
    if (input.user !== undefined) await chown(passwordFile, input.user.uid, input.user.gid)
    const initdb = await runProgram(
      place.binaries.initdb,
      [
        ...['--pgdata', draft, '--username', databaseUser, '--pwfile', passwordFile],
        ...['--auth', 'scram-sha-256', '--encoding', 'UTF8', '--no-instructions'],
        // No locale of the system is needed, and the order of texts is the same on every machine. The built-in
        // provider knows upper and lower case of all of Unicode, which plain C does not.
        ...['--locale', 'C', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8'],
        ...asArguments('--set', initialSettings),
      ],
      { user: input.user },
    )
    if (initdb.exitCode !== 0) {
      throw new EmbeddedPostgresError(
        'server_failed',
        `PostgreSQL could not make a database in ${draft}: ${initdb.output.trim()}`,
      )
    }
  } finally {
    await rm(passwordFile, { force: true })
  }
  await rename(draft, place.databaseDirectory)
}

export async function assertOurMajorVersion(databaseDirectory: string): Promise<void> {
  const found = await readMajorVersion(databaseDirectory)
  if (found === majorVersion) return
  throw new EmbeddedPostgresError(
    'wrong_major_version',
    `${databaseDirectory} holds a database of PostgreSQL ${found}, and this Tollgate brings PostgreSQL ${majorVersion}, ` +
      'which cannot open it. Move the database over with pg_dump of the Tollgate it came from, set TOLLGATE_DATA_DIR ' +
      `to a new folder, or ${useYourOwn}.`,
  )
}

async function readMajorVersion(databaseDirectory: string): Promise<number | undefined> {
  const text = await readFile(join(databaseDirectory, 'PG_VERSION'), 'utf8').catch(() => undefined)
  return text === undefined ? undefined : Number(text.trim())
}

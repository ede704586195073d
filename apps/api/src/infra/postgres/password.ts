import { randomBytes } from 'node:crypto'
import { chmod, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ServerUser } from './choose-server-user.ts'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'
import { databaseUser } from './initialise-database.ts'
import type { Place } from './place.ts'
import { runProgram } from './run-program.ts'

/** The server listens on a port that every user of the machine can reach: the password keeps them out. */
export async function readOrMakePassword(
  dataDirectory: string,
): Promise<{ readonly password: string; readonly isNew: boolean }> {
  const path = join(dataDirectory, 'postgres-password')
  const text = await readFile(path, 'utf8').catch(() => '')
  if (text.trim() !== '') {
    await chmod(path, 0o600)
    return { password: text.trim(), isNew: false }
  }
  const password = randomBytes(32).toString('base64url')
  await writeFile(path, `${password}\n`, { mode: 0o600 })
  return { password, isNew: true }
}

/**
 * For a database whose password file was lost, e.g. restored from a backup without it. Who may write the database
 * directory may do this; the server must be down.
 */
export async function resetPassword(
  place: Place,
  user: ServerUser | undefined,
  password: string,
): Promise<void> {
  const run = await runProgram(
    place.binaries.postgres,
    ['--single', '-D', place.databaseDirectory, 'postgres'],
    { user, input: `ALTER ROLE ${databaseUser} PASSWORD '${password}'\n` },
  )
  if (run.exitCode === 0 && !run.output.includes('ERROR:')) return
  throw new EmbeddedPostgresError(
    'server_failed',
    `The password of the database in ${place.databaseDirectory} is lost and could not be set anew: ${run.output.trim()}`,
  )
}

import type { Logger } from '../../ports/logger.ts'
import { stat } from 'node:fs/promises'
import { EmbeddedPostgresError, useYourOwn } from './embedded-postgres-error.ts'
import { runProgram } from './run-program.ts'

/** An operating system user that is not the one of this process. */
export interface ServerUser {
  readonly uid: number
  readonly gid: number
}

/**
 * PostgreSQL refuses to run as root. As root we start it as the owner of the database that is there, else as the
 * system user `tollgate`, else `postgres`, and make `tollgate` where neither exists. `undefined`: we are not root,
 * the server runs as ourselves.
 */
export async function chooseServerUser(input: {
  readonly existingDatabase: string | undefined
  readonly log: Logger
}): Promise<ServerUser | undefined> {
  if (process.getuid?.() !== 0) return undefined
  if (input.existingDatabase !== undefined) {
    const owner = await stat(input.existingDatabase)
    if (owner.uid !== 0) return { uid: owner.uid, gid: owner.gid }
  }
  return (await findUser('tollgate')) ?? (await findUser('postgres')) ?? (await createUser(input.log))
}

async function findUser(name: string): Promise<ServerUser | undefined> {
  const [uid, gid] = await Promise.all([runProgram('id', ['-u', name]), runProgram('id', ['-g', name])])
  if (uid.exitCode !== 0 || gid.exitCode !== 0) return undefined
  return { uid: Number(uid.output.trim()), gid: Number(gid.output.trim()) }
}

/** The two spellings in use: shadow-utils (Debian, Red Hat ...) and BusyBox (Alpine). */
const waysToCreate = [
  ['useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/bin/false', 'tollgate']],
  ['adduser', ['-S', '-D', '-H', '-s', '/bin/false', 'tollgate']],
] as const

async function createUser(log: Logger): Promise<ServerUser> {
  const failures: string[] = []
  for (const [program, args] of waysToCreate) {
    const run = await runProgram(program, args)
    const user = run.exitCode === 0 ? await findUser('tollgate') : undefined
    if (user !== undefined) {
      log.info({}, 'created the system user tollgate to run PostgreSQL, which does not run as root')
      return user
    }
    failures.push(`${program}: ${run.output.trim()}`)
  }
  throw new EmbeddedPostgresError(
    'no_server_user',
    'PostgreSQL does not run as root, and this machine has no user "tollgate" or "postgres" to run it as, nor could ' +
      `one be made (${failures.join('; ')}). Create a system user named tollgate, start Tollgate as an ordinary ` +
      `user, or ${useYourOwn}.`,
  )
}

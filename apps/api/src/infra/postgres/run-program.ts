import { spawn } from 'node:child_process'
import type { ServerUser } from './choose-server-user.ts'

export interface ProgramRun {
  /** `undefined`: it could not be started, `output` says why. */
  readonly exitCode: number | undefined
  /** Both streams, as they came. */
  readonly output: string
}

/** Runs a program to its end. Never rejects: a program that cannot be started is an outcome here. */
export function runProgram(
  program: string,
  args: readonly string[],
  options: { readonly user?: ServerUser | undefined; readonly input?: string } = {},
): Promise<ProgramRun> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      ...serverProcessOptions(options.user),
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    })
    let output = ''
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.on('error', (error) => resolve({ exitCode: undefined, output: error.message }))
    child.on('close', (code) => resolve({ exitCode: code ?? undefined, output }))
    child.stdin?.on('error', () => {}).end(options.input)
  })
}

/**
 * How every program of the database is started: from `/`, because its user may not be able to enter the folder the
 * service was started in, and with nothing of our environment, which holds credentials and may hold `PGDATA` and
 * the like.
 */
export function serverProcessOptions(user: ServerUser | undefined) {
  return {
    cwd: '/',
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
    ...(user === undefined ? {} : { uid: user.uid, gid: user.gid }),
  }
}

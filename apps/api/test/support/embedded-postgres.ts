import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import pg from 'pg'
import { afterAll, beforeAll, onTestFinished } from 'vitest'
import { startEmbeddedPostgres } from '../../src/infra/postgres/embedded-postgres.ts'

export const quietLog = { info() {}, warn() {}, error() {} }

/** A folder of its own for a test, below one that everybody may enter, gone when the test is over. */
export async function testFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tollgate-postgres-'))
  await chmod(folder, 0o711)
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** A data directory in such a folder. `closed`: in one that only its owner may enter, as a clone in /root is. */
export async function testDataDirectory(options: { readonly closed?: boolean } = {}): Promise<string> {
  const parent = join(await testFolder(), 'clone')
  await mkdir(parent)
  await chmod(parent, options.closed === true ? 0o700 : 0o755)
  return join(parent, 'data')
}

/**
 * Called in a `describe`: makes one database, which takes a second or two, and gives a function that copies it into a
 * data directory of its own for a test.
 */
export function usePreparedDatabase(): () => Promise<string> {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tollgate-postgres-prepared-'))
    await chmod(folder, 0o711)
    const postgres = await startEmbeddedPostgres({ dataDirectory: join(folder, 'data'), log: quietLog })
    await postgres.stop()
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))
  return async () => {
    const dataDirectory = await testDataDirectory()
    // `cp` keeps the owner of the files, which is not us when we are root.
    await promisify(execFile)('cp', ['-a', join(folder, 'data'), dataDirectory])
    return dataDirectory
  }
}

type ServiceAnswer =
  { readonly url: string; readonly directory: string } | { readonly code: string; readonly message: string }

export interface TestService {
  readonly process: ChildProcess
  readonly answer: ServiceAnswer
  /** What it logged so far. */
  logged(): string
  /** Ends it and waits until it is gone. */
  end(signal: NodeJS.Signals): Promise<void>
}

/** `embedded-service.ts` as a process, up and running or refused. It is ended when the test is over. */
export async function startTestService(
  dataDirectory: string,
  options: { readonly sharedHome?: string; readonly user?: { uid: number; gid: number } } = {},
): Promise<TestService> {
  const script = join(import.meta.dirname, 'embedded-service.ts')
  const child = spawn(
    process.execPath,
    [script, dataDirectory, options.sharedHome ?? '/nonexistent/shared'],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      ...options.user,
    },
  )
  let logged = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (logged += text))
  const ended = once(child, 'exit')
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal)
    await ended
  }
  onTestFinished(() => end('SIGTERM'))
  for await (const line of createInterface({ input: child.stdout })) {
    return { process: child, answer: readAnswer(line), logged: () => logged, end }
  }
  throw new Error(`the service ended without an answer: ${logged}`)
}

function readAnswer(line: string): ServiceAnswer {
  const answer: unknown = JSON.parse(line)
  if (typeof answer === 'object' && answer !== null) {
    if ('url' in answer && 'directory' in answer) {
      return { url: String(answer.url), directory: String(answer.directory) }
    }
    if ('code' in answer && 'message' in answer) {
      return { code: String(answer.code), message: String(answer.message) }
    }
  }
  throw new Error(`unexpected answer: ${line}`)
}

export function started(service: TestService): { readonly url: string; readonly directory: string } {
  if ('url' in service.answer) return service.answer
  throw new Error(`refused: ${service.answer.message}`)
}

/** Rows of one statement on a connection of its own. */
export async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}

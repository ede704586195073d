import { spawn } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  query,
  quietLog,
  started,
  startTestService,
  usePreparedDatabase,
} from '../../../test/support/embedded-postgres.ts'
import { startEmbeddedPostgres } from './embedded-postgres.ts'
import { inspectProcess } from './inspect-process.ts'
import { readPostmasterFile } from './postmaster-file.ts'

const start = (dataDirectory: string) => startEmbeddedPostgres({ dataDirectory, log: quietLog })

async function serverPid(databaseDirectory: string): Promise<number> {
  const file = await readPostmasterFile(databaseDirectory)
  if (file === undefined) throw new Error('no server runs')
  return file.pid
}

describe('after a crash, the embedded PostgreSQL', () => {
  const prepared = usePreparedDatabase()

  it('is found and replaced when the service was killed: every commit is there, one server runs', async () => {
    const dataDirectory = await prepared()
    const service = await startTestService(dataDirectory)
    const { url, directory } = started(service)
    await query(url, 'CREATE TABLE kept AS SELECT 42 AS answer')
    const orphan = await serverPid(directory)
    await service.end('SIGKILL')
    expect(await inspectProcess(orphan)).toBeDefined()

    const next = await start(dataDirectory)
    try {
      expect(await query(next.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }])
      expect(await inspectProcess(orphan)).toBeUndefined()
      expect(await serverPid(next.directory)).not.toBe(orphan)
    } finally {
      await next.stop()
    }
  })

  it('starts though service and server were both killed', async () => {
    const dataDirectory = await prepared()
    const service = await startTestService(dataDirectory)
    const { url, directory } = started(service)
    await query(url, 'CREATE TABLE kept AS SELECT 42 AS answer')
    const orphan = await serverPid(directory)
    await service.end('SIGKILL')
    process.kill(orphan, 'SIGKILL')

    const next = await start(dataDirectory)
    try {
      expect(await query(next.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }])
    } finally {
      await next.stop()
    }
  })

  it('starts though the number of the dead server now belongs to somebody else, who is left alone', async () => {
    const dataDirectory = await prepared()
    const first = await start(dataDirectory)
    const pidFile = join(first.directory, 'postmaster.pid')
    const lines = (await readFile(pidFile, 'utf8')).split('\n')
    await first.stop()
    const stranger = spawn('sleep', ['600'])
    onTestFinished(() => void stranger.kill())
    await writeFile(pidFile, [String(stranger.pid), ...lines.slice(1)].join('\n'))

    const next = await start(dataDirectory)
    try {
      expect(await query(next.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
      expect(await inspectProcess(stranger.pid ?? 0)).toBeDefined()
    } finally {
      await next.stop()
    }
  })

  it('is started again on the same port when the server alone was killed', async () => {
    const said: string[] = []
    const postgres = await startEmbeddedPostgres({
      dataDirectory: await prepared(),
      log: { ...quietLog, error: (_fields, message) => void said.push(message) },
    })
    try {
      await query(postgres.url, 'CREATE TABLE kept AS SELECT 42 AS answer')
      process.kill(await serverPid(postgres.directory), 'SIGKILL')
      await expect
        .poll(() => query(postgres.url, 'SELECT answer FROM kept').catch(() => []), { timeout: 30_000 })
        .toEqual([{ answer: 42 }])
      expect(said).toEqual(['PostgreSQL ended unexpectedly and is started again'])
    } finally {
      await postgres.stop()
    }
  })

  it('stops for good even while it is being started again', async () => {
    const postgres = await start(await prepared())
    const killed = await serverPid(postgres.directory)
    process.kill(killed, 'SIGKILL')
    await expect.poll(() => inspectProcess(killed)).toBeUndefined()
    await postgres.stop()
    expect(await query(postgres.url, 'SELECT 1').catch(() => 'gone')).toBe('gone')
  })
})

describe('two services on one data directory', () => {
  const prepared = usePreparedDatabase()

  it('do not both run: the second is told who is there', async () => {
    const dataDirectory = await prepared()
    const postgres = await start(dataDirectory)
    try {
      const second = await startTestService(dataDirectory)
      expect(second.answer).toMatchObject({
        code: 'data_directory_in_use',
        message: expect.stringMatching(`${dataDirectory} is in use .*process ${process.pid}\\b`),
      })
      expect(await query(postgres.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
    } finally {
      await postgres.stop()
    }
  })
})

import { copyFile, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { testFolder } from '../../../test/support/embedded-postgres.ts'
import { inspectProcess } from './inspect-process.ts'
import { lockDirectory } from './lock-directory.ts'

const lockFile = (directory: string) => join(directory, 'tollgate.lock')

/** A lock as this machine would have written it, with one thing changed. */
async function leaveLock(directory: string, changed: Record<string, unknown>): Promise<void> {
  const lock = await lockDirectory(directory)
  const owner: unknown = JSON.parse(await readFile(lockFile(directory), 'utf8'))
  await lock.release()
  await writeFile(lockFile(directory), JSON.stringify({ ...Object(owner), ...changed }))
}

/** Takes the lock, tells whose it then is, and gives it back. */
async function ownerOnceLocked(directory: string): Promise<unknown> {
  const lock = await lockDirectory(directory)
  const owner: unknown = JSON.parse(await readFile(lockFile(directory), 'utf8'))
  await lock.release()
  return Object(owner).pid
}

describe('lockDirectory', () => {
  it('gives a directory to one of many who want it at the same time', async () => {
    const directory = join(await testFolder(), 'made/on/the/way')
    const outcomes = await Promise.allSettled(Array.from({ length: 50 }, () => lockDirectory(directory)))
    const got = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
    expect(got).toHaveLength(1)
    await got[0]?.release()
    expect(await readdir(directory)).toEqual([])
  })

  it('gives an abandoned directory to one of many', async () => {
    const directory = await testFolder()
    await leaveLock(directory, { startedAt: 'long ago' })
    const outcomes = await Promise.allSettled(Array.from({ length: 50 }, () => lockDirectory(directory)))
    const got = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
    expect(got).toHaveLength(1)
    await got[0]?.release()
    expect(await readdir(directory)).toEqual([])
  })

  it('gives it to one of many though another died while taking over', async () => {
    const directory = await testFolder()
    await leaveLock(directory, { startedAt: 'long ago', token: 'abandoned' })
    await copyFile(lockFile(directory), `${lockFile(directory)}.abandoned`)
    const outcomes = await Promise.allSettled(Array.from({ length: 50 }, () => lockDirectory(directory)))
    const got = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
    expect(got).toHaveLength(1)
    await got[0]?.release()
    expect(await readdir(directory)).toEqual([])
  })

  it('names the owner it meets, and the way out', async () => {
    const directory = await testFolder()
    const lock = await lockDirectory(directory)
    await expect(lockDirectory(directory)).rejects.toMatchObject({
      code: 'data_directory_in_use',
      message: expect.stringMatching(`${directory} is in use .*process ${process.pid} .*TOLLGATE_DATA_DIR`),
    })
    await lock.release()
    await (await lockDirectory(directory)).release()
  })

  it('takes over from a process that is gone', async () => {
    const directory = await testFolder()
    await leaveLock(directory, { pid: 2 ** 22 + 1 })
    expect(await ownerOnceLocked(directory)).toBe(process.pid)
  })

  it('takes over when the number of the owner belongs to another process by now', async () => {
    const directory = await testFolder()
    const init = await inspectProcess(1)
    await leaveLock(directory, { pid: 1, startedAt: `${init?.startedAt} but earlier` })
    expect(await ownerOnceLocked(directory)).toBe(process.pid)
  })

  it('respects an owner of another container for as long as it shows signs of life', async () => {
    const directory = await testFolder()
    await leaveLock(directory, { host: 'another container' })
    const heartbeat = setInterval(() => void utimes(lockFile(directory), new Date(), new Date()), 20)
    onTestFinished(() => clearInterval(heartbeat))
    await expect(lockDirectory(directory, { heartbeatMs: 100 })).rejects.toMatchObject({
      code: 'data_directory_in_use',
    })
    clearInterval(heartbeat)
    await (await lockDirectory(directory, { heartbeatMs: 100 })).release()
  })

  it('shows signs of life itself', async () => {
    const directory = await testFolder()
    const lock = await lockDirectory(directory, { heartbeatMs: 20 })
    const touchedAt = async () => (await stat(lockFile(directory))).mtimeMs
    const first = await touchedAt()
    await expect.poll(touchedAt).toBeGreaterThan(first)
    await lock.release()
  })

  it('does not remove the lock of whoever took over', async () => {
    const directory = await testFolder()
    const lost = await lockDirectory(directory)
    await writeFile(lockFile(directory), JSON.stringify({ token: 'theirs', pid: 1 }))
    await lost.release()
    expect(await readFile(lockFile(directory), 'utf8')).toContain('theirs')
  })

  it('is not kept out by half a file', async () => {
    const directory = await testFolder()
    await writeFile(lockFile(directory), '{"pid": 1')
    expect(await ownerOnceLocked(directory)).toBe(process.pid)
  })
})

import { spawn } from 'node:child_process'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { testFolder } from '../../../test/support/embedded-postgres.ts'
import { openBoundedLog } from './bounded-log.ts'

describe('openBoundedLog', () => {
  it('stays bounded while another process goes on writing to it', async () => {
    const path = join(await testFolder(), 'postgres.log')
    const log = await openBoundedLog(path, { bytesMax: 100_000, checkMs: 5 })
    const writer = spawn('sh', ['-c', 'while :; do echo 0123456789012345678901234567890123456789; done'], {
      stdio: ['ignore', log.descriptor, log.descriptor],
    })
    onTestFinished(() => void writer.kill())
    const olderSize = async () => (await stat(`${path}.1`).catch(() => undefined))?.size ?? 0
    await expect.poll(olderSize, { timeout: 30_000 }).toBeGreaterThan(100_000)
    const turnedAt = (await stat(`${path}.1`)).mtimeMs
    // Turned again and again: the writer's place in the file follows its emptying.
    await expect
      .poll(async () => (await stat(`${path}.1`)).mtimeMs, { timeout: 30_000 })
      .toBeGreaterThan(turnedAt)
    writer.kill()
    await log.close()
    expect(await readFile(path, 'utf8')).not.toContain('\0')
  })

  it('shows what was said since the mark, and at most its end', async () => {
    const path = join(await testFolder(), 'postgres.log')
    await writeFile(path, 'of an earlier start\n')
    const log = await openBoundedLog(path)
    await writeFile(path, 'could not bind\n', { flag: 'a' })
    expect(await log.tail()).toBe('could not bind\n')
    await log.mark()
    await writeFile(path, `${'x'.repeat(20_000)}end`, { flag: 'a' })
    expect(await log.tail()).toMatch(/^x{8189}end$/)
    await log.close()
  })

  it('is readable by its owner alone', async () => {
    const path = join(await testFolder(), 'postgres.log')
    const log = await openBoundedLog(path)
    await log.close()
    expect((await stat(path)).mode & 0o777).toBe(0o600)
  })
})

import type nodeFs from 'node:fs'
import { describe, expect, it, vi } from 'vitest'
import {
  journalDirectory,
  openingOf,
  requestOf,
  segmentsIn,
  startJournal,
  waiting,
} from '../../../test/support/journals.ts'

/** A disk that takes every write and fails to keep it. No machine can be made to do that without a kernel module. */
const disk = vi.hoisted(() => ({ fails: false, syncs: 0 }))

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof nodeFs>()
  return {
    ...fs,
    fdatasync(fd: number, done: (error: Error | null) => void) {
      disk.syncs += 1
      if (disk.fails) setImmediate(() => done(new Error('EIO: i/o error, fdatasync')))
      else fs.fdatasync(fd, done)
    },
  }
})

describe('a disk that fails to keep what was written', () => {
  it('lets answers end with the database, is a fault meanwhile, and its file is never trusted again', async () => {
    const directory = journalDirectory()
    const { journal, said } = await startJournal(directory)
    journal.open(openingOf(1))
    journal.open(openingOf(2))
    await journal.settle(requestOf(1))

    disk.fails = true
    const ended: number[] = []
    const settled = journal.settle(requestOf(2)).then(() => ended.push(2))
    await expect.poll(() => journal.state().fault).toContain('EIO')
    expect(said).toEqual(['the journal cannot be forced to disk: answers wait for the database'])
    expect(ended).toEqual([])
    journal.drained(2)
    await settled

    // Only a file that was made since, and is really on disk, ends the fault.
    const before = segmentsIn(directory)
    disk.fails = false
    await expect.poll(() => journal.state().fault, { timeout: 10_000 }).toBeUndefined()
    journal.open(openingOf(3))
    await journal.settle(requestOf(3))
    expect(segmentsIn(directory).at(-1)).not.toBe(before[0])
    expect(waiting((await startJournal(directory)).journal)).toContain('0003 ok')
  })

  it('shares one sync among all that settle meanwhile', async () => {
    const { journal } = await startJournal(journalDirectory())
    const before = disk.syncs
    await Promise.all(Array.from({ length: 500 }, (_, index) => journal.settle(requestOf(index + 1))))
    expect(disk.syncs - before).toBeLessThan(5)
  })
})

import { chmodSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  afterThisTest,
  journalDirectory,
  openingOf,
  requestOf,
  segmentsIn,
  startJournal,
  waiting,
} from '../../../test/support/journals.ts'
import { smallDisks } from '../../../test/support/small-disks.ts'
import { JournalUnavailable } from '../../ports/journal.ts'
import { ConfigurationError } from '../config/configuration-error.ts'
import type { FileJournal } from './file-journal.ts'

describe.each(smallDisks())('a full disk ($name)', ({ make }) => {
  it('refuses requests, lets answers end with the database, and takes up again when there is room', async () => {
    const disk = make()
    const { journal, said } = await startJournal(disk.directory)
    const { opened, refusal } = openUntilRefused(journal)
    expect(opened).toBeGreaterThan(20)
    expect(refusal).toBeInstanceOf(JournalUnavailable)
    expect(String(refusal)).toMatch(
      /cannot be written \((ENOSPC|EFBIG): .*look at the disk of the data directory/,
    )
    expect(journal.state().fault).toMatch(/ENOSPC|EFBIG/)
    expect(said).toEqual(['the journal cannot be written: answers wait for the database'])

    const ended: number[] = []
    // Longer than what was refused, so that it cannot fit into the rest.
    const settled = journal.settle(requestOf(1, { endUser: 'x'.repeat(10_000) })).then(() => ended.push(1))
    await new Promise((resolve) => setImmediate(resolve))
    expect(ended).toEqual([])
    journal.drained(1)
    await settled

    disk.free()
    await expect.poll(() => journal.state().fault, { timeout: 10_000 }).toBeUndefined()
    journal.open(openingOf(opened + 1))
    await journal.settle(requestOf(opened + 1))
    // What was cut off by the full disk is gone without a trace.
    const replayed = await startJournal(disk.directory)
    expect(waiting(replayed.journal)).toContain(`${String(opened + 1).padStart(4, '0')} ok`)
    expect(waiting(replayed.journal)).toContain(`${String(opened).padStart(4, '0')} interrupted`)
    expect(replayed.said).toEqual([])
  })

  it('does not keep a start from carrying over what is in the journal', async () => {
    const disk = make()
    const before = await startJournal(disk.directory)
    await before.journal.settle(requestOf(1))
    before.journal.close()
    disk.fill()
    const { journal } = await startJournal(disk.directory)
    expect(waiting(journal)).toEqual(['0001 ok'])
    expect(journal.state().fault).toMatch(/ENOSPC|EFBIG/)
    expect(() => journal.open(openingOf(2))).toThrow(JournalUnavailable)
    disk.free()
    journal.drained(1)
    await expect.poll(() => journal.state().fault, { timeout: 10_000 }).toBeUndefined()
    journal.open(openingOf(2))
  })

  it('keeps a record that Postgres refuses until there is room to put it aside', async () => {
    const disk = make()
    const { journal } = await startJournal(disk.directory)
    await journal.settle(requestOf(1))
    disk.fill()
    expect(() => journal.reject()).toThrow(/ENOSPC|EFBIG/)
    expect(waiting(journal)).toEqual(['0001 ok'])
    disk.free()
    journal.reject()
    expect(waiting(journal)).toEqual([])
    expect(readFileSync(join(disk.directory, 'rejected.log'), 'utf8').split('\n')).toHaveLength(2)
  })
})

describe('a directory that cannot be written', () => {
  it('stops the start with its name and the way out', async () => {
    const directory = journalDirectory()
    closeTo(directory)
    for (const place of [directory, join(directory, 'below')]) {
      const start = startJournal(place)
      await expect(start).rejects.toThrow(ConfigurationError)
      await expect(start).rejects.toThrow(`The journal directory ${place} cannot be written (EACCES).`)
      await expect(start).rejects.toThrow('TOLLGATE_DATA_DIR')
    }
  })

  it('while the service runs, is as a full disk: nothing new, nothing lost, and back by itself', async () => {
    const directory = journalDirectory()
    const { journal, said } = await startJournal(directory, { segmentBytes: 1 })
    journal.open(openingOf(1))
    await journal.settle(requestOf(1))
    const reopen = closeTo(directory)
    expect(() => journal.open(openingOf(2))).toThrow(/EACCES/)
    // Drained files stay, which does no harm.
    journal.drained(1)
    expect(said.at(-1)).toContain('a journal file cannot be removed')
    reopen()
    await expect.poll(() => journal.state().fault, { timeout: 10_000 }).toBeUndefined()
    journal.open(openingOf(2))
    const replayed = await startJournal(directory)
    expect(waiting(replayed.journal)).toContain('0002 interrupted')
    replayed.journal.drained(replayed.journal.pendingCount())
    replayed.journal.close()
    journal.close()
  })
})

describe('a journal file that somebody removed', () => {
  it('is seen, and what was in it is written again', async () => {
    const directory = journalDirectory()
    const { journal, said } = await startJournal(directory)
    journal.open(openingOf(1))
    journal.open(openingOf(2))
    await journal.settle(requestOf(2))
    const [removed = ''] = segmentsIn(directory)
    rmSync(join(directory, removed))
    await expect.poll(() => segmentsIn(directory).length, { timeout: 10_000 }).toBe(1)
    expect(said).toEqual([`a journal file vanished; its records are written again ${removed}`])
    await journal.settle(requestOf(1))
    const replayed = await startJournal(directory)
    expect(waiting(replayed.journal).toSorted()).toEqual(['0001 ok', '0002 ok'])
    journal.drained(2)
    expect(journal.pendingCount()).toBe(0)
  })

  it('before it was replayed into Postgres, does not stop the drainer', async () => {
    const directory = journalDirectory()
    await (await startJournal(directory)).journal.settle(requestOf(1))
    const { journal, said } = await startJournal(directory)
    rmSync(join(directory, segmentsIn(directory)[0] ?? ''))
    journal.drained(1)
    expect(journal.pendingCount()).toBe(0)
    expect(said).toEqual([])
  })
})

function openUntilRefused(journal: FileJournal): { opened: number; refusal: unknown } {
  for (let opened = 0; ; opened += 1) {
    try {
      journal.open(openingOf(opened + 1))
    } catch (refusal) {
      return { opened, refusal }
    }
  }
}

/** Nobody may make or remove files in the directory, not even root, who is somebody else meanwhile. */
function closeTo(directory: string): () => void {
  chmodSync(directory, 0o555)
  const asRoot = process.geteuid?.() === 0
  if (asRoot) process.seteuid?.(65_534)
  const reopen = () => {
    if (asRoot) process.seteuid?.(0)
    chmodSync(directory, 0o700)
  }
  afterThisTest(reopen)
  return reopen
}

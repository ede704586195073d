import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  journalDirectory,
  openingOf,
  requestOf,
  segmentsIn,
  startJournal,
  waiting,
} from '../../../test/support/journals.ts'
import { JournalUnavailable } from '../../ports/journal.ts'

describe('the journal', () => {
  it('gives back after a crash what was settled, and what was only opened as interrupted', async () => {
    const directory = journalDirectory()
    const before = (await startJournal(directory)).journal
    before.open(openingOf(1))
    before.open(openingOf(2))
    const settlement = requestOf(1, { reservedCostNanos: 9_007_199_254_740_993n })
    await before.settle(settlement)
    const { journal, settled, interrupted } = await startJournal(directory)
    expect({ settled, interrupted }).toEqual({ settled: 1, interrupted: 1 })
    expect(journal.pending(10)).toMatchObject([
      { replayed: true, record: { reservedCostNanos: 9_007_199_254_740_993n, teamName: '研发' } },
      { replayed: true, record: { status: 'interrupted' } },
    ])
    expect(journal.pending(10)[0]?.record).toEqual(settlement)
    expect(journal.replayedCount()).toBe(2)
    journal.drained(2)
    expect(journal.replayedCount()).toBe(0)
    journal.close()
    expect(segmentsIn(directory)).toEqual([])
  })

  it('tells what it replayed from what was settled since', async () => {
    const directory = journalDirectory()
    ;(await startJournal(directory)).journal.open(openingOf(1))
    const { journal } = await startJournal(directory)
    journal.open(openingOf(2))
    await journal.settle(requestOf(2))
    expect(journal.pending(10).map(({ replayed }) => replayed)).toEqual([true, false])
    journal.drained(1)
    expect(journal.replayedCount()).toBe(0)
    expect(waiting(journal)).toEqual(['0002 ok'])
  })

  it('keeps of several attempts of a request the last opening', async () => {
    const directory = journalDirectory()
    const { journal } = await startJournal(directory, { segmentBytes: 1 })
    for (const accountName of ['first', 'second', 'third']) journal.open(openingOf(1, { accountName }))
    const replayed = await startJournal(directory)
    expect(replayed.journal.pending(10)).toMatchObject([{ record: { accountName: 'third' } }])
  })

  it('keeps a segment until every request in it is in Postgres, and no longer', async () => {
    const directory = journalDirectory()
    const { journal } = await startJournal(directory, { segmentBytes: 2_000 })
    for (let number = 1; number <= 20; number += 1) journal.open(openingOf(number))
    await Promise.all(Array.from({ length: 20 }, (_, index) => journal.settle(requestOf(index + 1))))
    expect(segmentsIn(directory).length).toBeGreaterThan(5)
    journal.drained(19)
    // The opening of the last request lies in one of the first files.
    expect(segmentsIn(directory).length).toBeGreaterThan(1)
    journal.drained(1)
    journal.close()
    expect(segmentsIn(directory)).toEqual([])
  })

  it('settles a record that is drained and whose file is gone before it was forced to disk', async () => {
    const { journal, said } = await startJournal(journalDirectory(), { segmentBytes: 1 })
    const settlements: Promise<void>[] = []
    for (let number = 1; number <= 200; number += 1) {
      journal.open(openingOf(number))
      settlements.push(journal.settle(requestOf(number)))
      journal.drained(1)
      // In the middle of running syncs, with files removed beneath them.
      if (number % 7 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    await Promise.all(settlements)
    expect(said).toEqual([])
  })

  it('refuses openings when it is full, still takes settlements, and opens again when it is drained', async () => {
    const { journal } = await startJournal(journalDirectory(), { bytesMax: 30_000 })
    const opened = openUntilFull(journal)
    expect(opened).toBeGreaterThan(5)
    expect(journal.state().fault).toBeUndefined()
    for (let number = 1; number <= opened; number += 1) await journal.settle(requestOf(number))
    journal.drained(opened - 1)
    // One record that waits keeps a file, not the whole bound.
    expect(() => journal.open(openingOf(99))).not.toThrow()
  })

  it('does not fill up with files that each hold one long request', async () => {
    const directory = journalDirectory()
    const { journal } = await startJournal(directory, { bytesMax: 200_000 })
    for (let number = 1; number <= 400; number += 1) {
      journal.open(openingOf(number))
      // Every twentieth goes on and on; some of those are in each file.
      if (number % 20 === 0) continue
      await journal.settle(requestOf(number))
      journal.drained(1)
    }
    expect(segmentsIn(directory).length).toBeLessThan(8)
    expect(journal.state().bytes).toBeLessThan(100_000)
    const replayed = waiting((await startJournal(directory)).journal)
    for (let number = 20; number <= 400; number += 20) {
      expect(replayed).toContain(`${String(number).padStart(4, '0')} interrupted`)
    }
  })

  it('puts a record that Postgres refuses into a file that stays', async () => {
    const directory = journalDirectory()
    const { journal } = await startJournal(directory)
    for (const number of [1, 2]) await journal.settle(requestOf(number))
    expect(journal.putAside()).toEqual({ rejectedRecords: 0, damagedFiles: 0 })
    journal.reject()
    expect(waiting(journal)).toEqual(['0002 ok'])
    expect(journal.putAside()).toEqual({ rejectedRecords: 1, damagedFiles: 0 })
    expect(readFileSync(join(directory, 'rejected.log'), 'utf8')).toContain(requestOf(1).requestId)
    expect((await startJournal(directory)).journal.putAside().rejectedRecords).toBe(1)
  })
})

describe('database durability', () => {
  it('lets an answer end only when Postgres has its record', async () => {
    const { journal } = await startJournal(journalDirectory(), { durability: 'database' })
    journal.open(openingOf(1))
    let ended = false
    const settled = journal.settle(requestOf(1)).then(() => (ended = true))
    await new Promise((resolve) => setImmediate(resolve))
    expect(ended).toBe(false)
    journal.drained(1)
    await settled
    expect(ended).toBe(true)
  })
})

/** Opens requests from 1 on until the journal refuses; returns how many it took. */
function openUntilFull(journal: { open(opening: ReturnType<typeof openingOf>): void }): number {
  let opened = 0
  expect(() => {
    for (;;) {
      journal.open(openingOf(opened + 1))
      opened += 1
    }
  }).toThrow(JournalUnavailable)
  return opened
}

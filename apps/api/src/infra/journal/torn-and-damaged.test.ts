import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  journalDirectory,
  openingOf,
  requestOf,
  segmentsIn,
  startJournal,
  waiting,
} from '../../../test/support/journals.ts'
import { ConfigurationError } from '../config/configuration-error.ts'

describe('a journal file that ends in the middle of a line', () => {
  it('at whichever byte of it, loses that line and nothing before it', async () => {
    const whole = await fileOf([1, 2])
    const lastLine = whole.lastIndexOf('\n', whole.length - 2) + 1
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: lastLine, max: whole.length }), async (end) => {
        const directory = journalDirectory()
        writeFileSync(join(directory, '000000000001.journal'), whole.subarray(0, end))
        const { journal, said } = await startJournal(directory)
        // Without its line end the line is whole all the same, and its checksum says so.
        const complete = end >= whole.length - 1
        expect(waiting(journal)).toEqual(['0001 ok', complete ? '0002 ok' : '0002 interrupted'])
        const torn = end > lastLine && !complete
        expect(said).toEqual(
          torn ? ['the last line of a journal file is torn and is left out 000000000001.journal:5'] : [],
        )
        journal.drained(2)
        expect(journal.putAside().damagedFiles).toBe(0)
        journal.close()
        expect(readdirSync(directory)).toEqual([])
      }),
      // Every byte is tried.
      { numRuns: whole.length - lastLine + 1, examples: bytesFrom(lastLine, whole.length) },
    )
  })

  it('in zeros, as a power cut leaves it, loses what was not forced to disk', async () => {
    const directory = journalDirectory()
    const whole = await fileOf([1])
    writeFileSync(join(directory, '000000000001.journal'), Buffer.concat([whole, Buffer.alloc(4_096)]))
    const { journal, said } = await startJournal(directory)
    expect(waiting(journal)).toEqual(['0001 ok'])
    expect(said).toHaveLength(1)
  })

  it('in its first line, or with nothing at all in it, is removed', async () => {
    for (const content of ['', 'tollgate-jour']) {
      const directory = journalDirectory()
      writeFileSync(join(directory, '000000000007.journal'), content)
      const { journal } = await startJournal(directory)
      expect(waiting(journal)).toEqual([])
      expect(segmentsIn(directory)).toEqual(['000000000008.journal'])
    }
  })
})

describe('a damaged line in the middle of a journal file', () => {
  it('whichever byte of it is another, is left out and named; the rest is booked and the file kept', async () => {
    const whole = await fileOf([1, 2, 3])
    const starts = lineStarts(whole)
    // Line 5 settles request 2.
    const [from = 0, to = 0] = [starts[4], starts[5]]
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: from, max: to - 2 }),
        fc.integer({ min: 1, max: 255 }),
        async (at, change) => {
          const bytes = Buffer.from(whole)
          bytes[at] = (bytes[at] ?? 0) ^ change
          // Another byte that ends a line makes two damaged ones of it; the rest is as said.
          fc.pre(bytes[at] !== 10)
          const directory = journalDirectory()
          writeFileSync(join(directory, '000000000001.journal'), bytes)
          const { journal, said } = await startJournal(directory)
          expect(waiting(journal)).toEqual(['0001 ok', '0003 ok', '0002 interrupted'])
          expect(said).toEqual([
            'a line of a journal file is damaged and is left out; the file is kept in the folder "damaged" 000000000001.journal:5',
          ])
          // Until all that could be read is in Postgres, a crash reads it again.
          expect(segmentsIn(directory)).toContain('000000000001.journal')
          journal.drained(3)
          expect(segmentsIn(directory)).not.toContain('000000000001.journal')
          expect(readFileSync(join(directory, 'damaged/000000000001.journal'))).toEqual(bytes)
          expect(journal.putAside()).toEqual({ rejectedRecords: 0, damagedFiles: 1 })
          journal.close()
        },
      ),
      { numRuns: 100 },
    )
  })

  it('is kept beside one of the same name', async () => {
    const directory = journalDirectory()
    const damaged = Buffer.concat([Buffer.from('what is this\n'), await fileOf([1])])
    for (let round = 0; round < 3; round += 1) {
      writeFileSync(join(directory, '000000000001.journal'), damaged)
      const { journal } = await startJournal(directory)
      journal.drained(1)
      journal.close()
    }
    expect(readdirSync(join(directory, 'damaged'))).toHaveLength(3)
  })
})

describe('a journal file of another version', () => {
  it('is read when it is older: version 1 had no header and fewer fields', async () => {
    const directory = journalDirectory()
    writeFileSync(join(directory, '000000000003.journal'), versionOne)
    const { journal, said } = await startJournal(directory)
    expect(said).toEqual([])
    expect(journal.pending(10)).toMatchObject([
      {
        replayed: true,
        record: {
          requestId: '01a20000-0000-7000-8000-000000000001',
          billedCostNanos: 12n,
          grantAmount: 30n,
          inputBoundTokens: undefined,
          softQuotasPassed: [],
        },
      },
    ])
  })

  it('stops the start when it is newer, says who wrote it, and is left as it is', async () => {
    const directory = journalDirectory()
    const newer = 'tollgate-journal 3 Tollgate 0.9.0\nwho knows\n'
    writeFileSync(join(directory, '000000000003.journal'), newer)
    const start = startJournal(directory)
    await expect(start).rejects.toThrow(ConfigurationError)
    await expect(start).rejects.toThrow(
      /000000000003\.journal was written by Tollgate 0\.9\.0 in journal version 3/,
    )
    expect(readFileSync(join(directory, '000000000003.journal'), 'utf8')).toBe(newer)
  })

  it('is told from our own by the first line of each file', async () => {
    const directory = journalDirectory()
    const { journal } = await startJournal(directory, { version: '0.1.0', segmentBytes: 1 })
    journal.open(openingOf(1))
    await journal.settle(requestOf(1))
    for (const name of segmentsIn(directory)) {
      expect(readFileSync(join(directory, name), 'utf8')).toMatch(/^tollgate-journal 2 Tollgate 0\.1\.0\n/)
    }
  })
})

/** A header, and two lines for each request. */
async function fileOf(numbers: readonly number[]): Promise<Buffer> {
  const directory = journalDirectory()
  const { journal } = await startJournal(directory)
  for (const number of numbers) {
    journal.open(openingOf(number))
    await journal.settle(requestOf(number))
  }
  return readFileSync(join(directory, segmentsIn(directory)[0] ?? ''))
}

function lineStarts(bytes: Buffer): number[] {
  return [0, ...[...bytes.entries()].filter(([, byte]) => byte === 10).map(([at]) => at + 1)]
}

function bytesFrom(first: number, last: number): [number][] {
  return Array.from({ length: last - first + 1 }, (_, index) => [first + index])
}

/** As the version before headers wrote it. */
const versionOne = readFileSync(join(import.meta.dirname, 'fixtures/version-1.journal'), 'utf8')

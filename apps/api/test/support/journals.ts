import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'
import { FileJournal, type FileJournalOptions } from '../../src/infra/journal/file-journal.ts'
import type { UsageRecord } from '../../src/ports/usage-record.ts'
import { usageRecord } from './usage-records.ts'

const cleanUps: (() => void)[] = []

afterEach(() => {
  for (let clean = cleanUps.pop(); clean !== undefined; clean = cleanUps.pop()) clean()
})

/** Done after the test, the newest first. */
export function afterThisTest(clean: () => void): void {
  cleanUps.push(clean)
}

export function journalDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'tollgate-journal-'))
  afterThisTest(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

export interface StartedJournal {
  readonly journal: FileJournal
  readonly interrupted: number
  readonly settled: number
  /** Warnings and errors, each with the file and line it names. */
  readonly said: string[]
}

/**
 * A journal on the directory, closed after the test. A second one on the same directory is what starts after a crash:
 * the first wrote what it wrote, and does nothing more.
 */
export async function startJournal(
  directory: string,
  options: Partial<Omit<FileJournalOptions, 'directory' | 'log'>> = {},
): Promise<StartedJournal> {
  const said: string[] = []
  const note = (fields: object, message: string) => {
    const path = 'path' in fields ? String(fields.path).slice(directory.length + 1) : ''
    said.push(`${message} ${path}${'line' in fields ? `:${String(fields.line)}` : ''}`.trim())
  }
  const started = await FileJournal.start({
    directory,
    bytesMax: 10_000_000,
    segmentBytes: 1_000_000,
    durability: 'journal',
    ...options,
    log: { info() {}, warn: note, error: note },
  })
  afterThisTest(() => started.journal.close())
  return { ...started, said }
}

export function segmentsIn(directory: string): string[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith('.journal'))
    .toSorted()
}

/** What waits for Postgres: request ids with their status. */
export function waiting(journal: FileJournal): string[] {
  return journal.pending(10_000).map(({ record }) => `${record.requestId.slice(-4)} ${record.status}`)
}

/** Request `number`, of which `waiting` shows the number. */
export function requestOf(number: number, given: Partial<UsageRecord> = {}): UsageRecord {
  return usageRecord({
    startedAtMs: 1_795_000_000_000 + number,
    requestId: `01a20000-0000-7000-8000-${String(number).padStart(12, '0')}`,
    teamName: '研发',
    ...given,
  })
}

export function openingOf(
  number: number,
  given: Partial<UsageRecord> = {},
): { readonly record: UsageRecord } {
  return { record: requestOf(number, { status: 'interrupted', usageSource: 'interrupted', ...given }) }
}

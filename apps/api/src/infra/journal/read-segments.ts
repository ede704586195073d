import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from '../../ports/logger.ts'
import type { UsageRecord } from '../../ports/usage-record.ts'
import { ConfigurationError } from '../config/configuration-error.ts'
import { decodeHeader, journalVersion } from './journal-header.ts'
import { decodeLine } from './journal-line.ts'

export interface Replay {
  /** Settled, and possibly not in Postgres. */
  readonly settled: readonly UsageRecord[]
  /** Opened by a process that died before it could settle: booked as interrupted. */
  readonly interrupted: readonly UsageRecord[]
  /** Files read, oldest first, to be removed when everything above is in Postgres. */
  readonly files: readonly ReplayedFile[]
}

export interface ReplayedFile {
  readonly name: string
  readonly bytes: number
  /** It holds lines that cannot be read: it is kept for a person instead of being removed. */
  readonly damaged: boolean
}

/** Reads what processes before this one left behind. Of several openings of a request the last one counts. */
export async function readSegments(directory: string, log: Logger): Promise<Replay> {
  const opened = new Map<string, UsageRecord>()
  const settled = new Map<string, UsageRecord>()
  const files: ReplayedFile[] = []
  for (const name of segmentNames(directory)) {
    const path = join(directory, name)
    const content = await readFile(path)
    const damagedLines = readLines(path, content.toString('utf8'), log, (line) => {
      const entry = decodeLine(line)
      if (entry === undefined) return false
      const { record } = entry
      if (entry.kind === 'done') settled.set(record.requestId, record)
      else opened.set(record.requestId, record)
      return true
    })
    files.push({ name, bytes: content.length, damaged: damagedLines > 0 })
  }
  for (const requestId of settled.keys()) opened.delete(requestId)
  return { settled: [...settled.values()], interrupted: [...opened.values()], files }
}

/** Returns how many lines are damaged. `take` answers whether it could read the line. */
function readLines(path: string, text: string, log: Logger, take: (line: string) => boolean): number {
  const lines = text.split('\n')
  let damaged = 0
  for (const [index, line] of lines.entries()) {
    // Blank: space that was tried when the disk was full, and not given back before a crash.
    if (line.trim() === '') continue
    if (index === 0 && isHeader(path, line)) continue
    if (take(line)) continue
    const fields = { path, line: index + 1 }
    if (index === lines.length - 1) {
      // Without its end: the write that a crash cut. It had promised nothing yet.
      log.warn(fields, 'the last line of a journal file is torn and is left out')
    } else {
      damaged += 1
      log.error(
        fields,
        'a line of a journal file is damaged and is left out; the file is kept in the folder "damaged"',
      )
    }
  }
  return damaged
}

function isHeader(path: string, line: string): boolean {
  const header = decodeHeader(line)
  if (header === undefined) return false
  if (header.version > journalVersion) {
    throw new ConfigurationError(
      `The journal file ${path} was written by ${header.writer ?? 'a newer Tollgate'} in journal version ` +
        `${header.version}; this Tollgate reads versions up to ${journalVersion}. Start that Tollgate or a newer one: ` +
        'what is in the file is not in the database yet.',
    )
  }
  return true
}

function segmentNames(directory: string): string[] {
  return readdirSync(directory)
    .filter((name) => /^\d{12}\.journal$/.test(name))
    .toSorted()
}

export function segmentName(number: number): string {
  return `${String(number).padStart(12, '0')}.journal`
}

export function segmentNumber(name: string): number {
  return Number(name.slice(0, 12))
}

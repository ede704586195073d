import { createReadStream, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Logger } from '../../ports/logger.ts'
import type { UsageRecord } from '../../ports/usage-record.ts'
import { decodeLine } from './journal-line.ts'

export interface Replay {
  /** Settled, and possibly not in Postgres. */
  readonly settled: readonly UsageRecord[]
  /** Opened by a process that died before it could settle: booked as interrupted. */
  readonly interrupted: readonly UsageRecord[]
  /** Files read, to be removed when everything above is in Postgres. */
  readonly paths: readonly string[]
}

/** Reads what processes before this one left behind. A torn line is the write that a crash cut: it promised nothing yet. */
export async function readSegments(directory: string, log: Logger): Promise<Replay> {
  const opened = new Map<string, UsageRecord>()
  const settled = new Map<string, UsageRecord>()
  const paths = segmentNames(directory).map((name) => join(directory, name))
  for (const path of paths) {
    const lines = createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Infinity })
    let number = 0
    for await (const line of lines) {
      number += 1
      if (line === '') continue
      const entry = decodeLine(line)
      if (entry === undefined) {
        log.warn({ path, line: number }, 'the journal holds a torn or damaged line, which is left out')
        continue
      }
      if (entry.kind === 'done') settled.set(entry.record.requestId, entry.record)
      else opened.set(entry.record.requestId, entry.record)
    }
  }
  for (const requestId of settled.keys()) opened.delete(requestId)
  return { settled: [...settled.values()], interrupted: [...opened.values()], paths }
}

function segmentNames(directory: string): string[] {
  return readdirSync(directory)
    .filter((name) => /^\d{12}\.journal$/.test(name))
    .toSorted()
}

export function segmentName(number: number): string {
  return `${String(number).padStart(12, '0')}.journal`
}

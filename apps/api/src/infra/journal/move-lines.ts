import type { UsageRecord } from '../../ports/usage-record.ts'
import type { JournalKind } from './journal-line.ts'
import type { Segment } from './segment.ts'

/** A record and the segments in which it has lines. */
export interface Lines {
  record: UsageRecord
  segments: readonly Segment[]
}

/**
 * Writes again what a segment holds, elsewhere, and lets go of it. Stops where the disk does; what was moved by then
 * stays moved, and the rest can be moved later.
 */
export function moveLines(input: {
  readonly from: Segment
  readonly opened: Iterable<Lines>
  readonly settled: Iterable<Lines>
  readonly append: (kind: JournalKind, record: UsageRecord) => Segment
  readonly release: (segment: Segment) => void
}): void {
  const { from, append, release } = input
  const move = (kind: JournalKind, lines: Lines) => {
    if (!lines.segments.includes(from)) return
    const written = append(kind, lines.record)
    const kept = lines.segments.filter((segment) => segment !== from)
    for (let left = lines.segments.length - kept.length; left > 0; left -= 1) release(from)
    lines.segments = [...kept, written]
  }
  for (const lines of input.opened) move('open', lines)
  for (const lines of input.settled) move('done', lines)
}

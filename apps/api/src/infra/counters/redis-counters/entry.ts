import type { CounterAmount, CounterWindow } from '../../../ports/counters.ts'
import { isList } from './is-list.ts'

/** What a group keeps of an open reservation. */
export interface Entry {
  readonly atMs: number
  readonly expiresAtMs: number
  readonly holds: readonly CounterAmount[]
}

/**
 * Entries are texts that scripts only compare and lengthen, never read: a first line with the times, then one JSON line
 * for each hold. The same entry always has the same text, in whichever process it was written.
 */
export function entryText(entry: Entry): string {
  return entryHead(entry) + entryLines(entry.holds)
}

export function entryHead(entry: Pick<Entry, 'atMs' | 'expiresAtMs'>): string {
  return `[${entry.atMs},${entry.expiresAtMs}]`
}

export function entryLines(holds: readonly CounterAmount[]): string {
  let text = ''
  for (const hold of holds) {
    text += `\n[${JSON.stringify(hold.counterId)},"${hold.amount}",${windowText(hold.window)}]`
  }
  return text
}

export function parseEntry(text: string, group: string): Entry {
  const [head, ...lines] = text.split('\n').map((line): unknown => JSON.parse(line))
  if (!isList(head)) throw new Error(`an entry of ${group} cannot be read`)
  const [atMs, expiresAtMs] = head
  return {
    atMs: Number(atMs),
    expiresAtMs: Number(expiresAtMs),
    holds: lines.map((line) => parseLine(line, group)),
  }
}

function parseLine(line: unknown, group: string): CounterAmount {
  if (!isList(line)) throw new Error(`a hold of ${group} cannot be read`)
  const [counterId, amount, kind, first, second] = line
  return { counterId: String(counterId), group, amount: BigInt(String(amount)), window: parse(kind) }

  function parse(windowKind: unknown): CounterWindow {
    switch (windowKind) {
      case 'f':
        return {
          kind: 'fixed',
          startMs: Number(first),
          endMs: second === undefined ? undefined : Number(second),
        }
      case 's':
        return { kind: 'sliding', lengthMs: Number(first) }
      default:
        return { kind: 'held' }
    }
  }
}

function windowText(window: CounterWindow): string {
  switch (window.kind) {
    case 'fixed':
      return window.endMs === undefined ? `"f",${window.startMs}` : `"f",${window.startMs},${window.endMs}`
    case 'sliding':
      return `"s",${window.lengthMs}`
    case 'held':
      return '"h"'
  }
}

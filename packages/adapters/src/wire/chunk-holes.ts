import { scanMembers, type Member } from './json-scan.ts'

/** A place in the bytes of an event that differs from event to event. */
export interface ByteHole {
  readonly start: number
  readonly end: number
  /**
   * `text`: inside the quotes of the one text; `total`: the digits of `usage.total_tokens`; `count`: other digits;
   * `padding`: inside the quotes of a text that nobody reads.
   */
  readonly kind: 'text' | 'total' | 'count' | 'padding'
}

/**
 * Finds the holes of a chunk in its bytes, by the path in the JSON and not by looks. `undefined` when the text is not
 * where it should be, or the usage is of a kind whose newest figures could not be told by its total.
 *
 * @param names the text's possible names in the delta, or in the function of its only tool call
 * @param isAsIs the event is passed on as it is: then what else differs does not matter
 */
export function locateHoles(
  event: Buffer,
  names: readonly string[],
  isToolCall: boolean,
  isAsIs: boolean,
): readonly ByteHole[] | undefined {
  const members = scanMembers(event)
  const text = locateText(event, members, names, isToolCall)
  if (text === undefined) return undefined
  const holes: ByteHole[] = [text]
  for (const member of members) {
    const first = event[member.valueStart]
    if (member.name === 'usage' && first === 0x7b) {
      const counts = locateCounts(event, member.valueStart)
      if (counts.filter(({ kind }) => kind === 'total').length !== 1) return undefined
      holes.push(...counts)
    } else if (isAsIs && member.name === 'created' && isDigit(first)) {
      holes.push({ start: member.valueStart, end: member.valueEnd, kind: 'count' })
    } else if (isAsIs && member.name === 'obfuscation' && first === 0x22) {
      holes.push({ start: member.valueStart + 1, end: member.valueEnd - 1, kind: 'padding' })
    }
  }
  return holes.sort((a, b) => a.start - b.start)
}

function locateText(
  event: Buffer,
  members: readonly Member[],
  names: readonly string[],
  isToolCall: boolean,
): ByteHole | undefined {
  const choice = firstObject(event, last(members, 'choices'))
  const delta = last(choice, 'delta')
  if (delta === undefined || event[delta.valueStart] !== 0x7b) return undefined
  let holder = scanMembers(event, delta.valueStart)
  if (isToolCall) {
    const call = firstObject(event, last(holder, 'tool_calls'))
    const described = last(call, 'function')
    if (described === undefined || event[described.valueStart] !== 0x7b) return undefined
    holder = scanMembers(event, described.valueStart)
  }
  for (const name of names) {
    const found = last(holder, name)
    if (found === undefined || event[found.valueStart] !== 0x22) continue
    return { start: found.valueStart + 1, end: found.valueEnd - 1, kind: 'text' }
  }
  return undefined
}

/** All numbers of a usage object, those of its details too. */
function locateCounts(event: Buffer, from: number): ByteHole[] {
  return scanMembers(event, from).flatMap(({ name, valueStart, valueEnd }): ByteHole[] => {
    const first = event[valueStart]
    if (first === 0x7b) {
      return locateCounts(event, valueStart).map((hole) => ({ ...hole, kind: 'count' }))
    }
    if (!isDigit(first)) return []
    return [{ start: valueStart, end: valueEnd, kind: name === 'total_tokens' ? 'total' : 'count' }]
  })
}

/** Members of the first object of a list. */
function firstObject(event: Buffer, list: Member | undefined): readonly Member[] {
  return list !== undefined && event[list.valueStart] === 0x5b ? scanMembers(event, list.valueStart) : []
}

/** Of a repeated name the last one, as `JSON.parse` does. */
function last(members: readonly Member[], name: string): Member | undefined {
  return members.findLast((member) => member.name === name)
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39
}

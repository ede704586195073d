/**
 * The first line of a segment: which form its lines have, and which Tollgate wrote it.
 *
 * ```
 * tollgate-journal 2 Tollgate 0.1.0
 * ```
 *
 * Segments without it are of version 1, whose lines are the same. Every later version keeps the first two words, so that
 * an older Tollgate can say what it has met instead of taking the lines for damage.
 */
export const journalVersion = 2

export function encodeHeader(serviceVersion: string | undefined): string {
  return `tollgate-journal ${journalVersion}${serviceVersion === undefined ? '' : ` Tollgate ${serviceVersion}`}\n`
}

/** `undefined`: the line is no header. */
export function decodeHeader(
  line: string,
): { readonly version: number; readonly writer: string | undefined } | undefined {
  const found = /^tollgate-journal (\d+)(?: (.+))?$/.exec(line)
  return found === null ? undefined : { version: Number(found[1]), writer: found[2] }
}

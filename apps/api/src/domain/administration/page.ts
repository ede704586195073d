/** One page of a list. `nextCursor`: give it back as `cursor` to go on. */
export interface Page<Row> {
  readonly data: readonly Row[]
  readonly nextCursor: string | undefined
}

export interface PageRequest {
  readonly cursor: string | undefined
  readonly limit: number
}

/** From `limit + 1` rows: the page, and where the next one starts. */
export function toPage<Row>(rows: readonly Row[], limit: number, keyOf: (row: Row) => string): Page<Row> {
  const data = rows.slice(0, limit)
  const last = data.at(-1)
  return {
    data,
    nextCursor: rows.length > limit && last !== undefined ? encodeCursor(keyOf(last)) : undefined,
  }
}

function encodeCursor(key: string): string {
  return Buffer.from(key, 'utf8').toString('base64url')
}

export function decodeCursor(cursor: string): string {
  return Buffer.from(cursor, 'base64url').toString('utf8')
}

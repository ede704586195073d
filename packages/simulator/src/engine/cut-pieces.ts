/** A part of a text with the tokens of the text from its beginning up to the end of this part. */
export interface Piece {
  readonly text: string
  readonly tokensSoFar: number
}

export interface Cut {
  readonly pieces: readonly Piece[]
  /** The text that fitted. */
  readonly text: string
  readonly tokens: number
  /** Something did not fit. */
  readonly truncated: boolean
}

/**
 * Cuts a text into pieces of `tokensEach` tokens and ends it before it passes `tokensMax`. Counts are those of
 * `countTokens` over the text as a whole: the counts of the pieces alone would add up to more.
 */
export function cutPieces(text: string, tokensEach: number, tokensMax = Number.POSITIVE_INFINITY): Cut {
  const pieces: Piece[] = []
  let ascii = 0
  let other = 0
  let count = 0
  let begin = 0
  let countAtBegin = 0
  let index = 0
  while (index < text.length) {
    const unit = text.charCodeAt(index)
    const width = unit >= 0xd800 && unit <= 0xdbff && index + 1 < text.length ? 2 : 1
    if (unit < 0x80) ascii += 1
    else other += 1
    const next = other + Math.ceil(ascii / 4)
    if (next > tokensMax) break
    if (next > countAtBegin + tokensEach && index > begin) {
      pieces.push({ text: text.slice(begin, index), tokensSoFar: count })
      begin = index
      countAtBegin = count
    }
    count = next
    index += width
  }
  if (index > begin) pieces.push({ text: text.slice(begin, index), tokensSoFar: count })
  return { pieces, text: text.slice(0, index), tokens: count, truncated: index < text.length }
}

/**
 * The new part of a text that comes in pieces, which are either increments or the whole so far, and nothing says which.
 *
 * A total begins with the one before it. So one piece that does not proves increments, which is nearly always the second.
 * Where the second piece could be either, it is held back until the third decides. A text that only repeats itself
 * ("哈", "哈哈") proves nothing: then what was asked for is believed, increments; the last piece alone is taken for a
 * total when it says once more what was said, because increments end with a new text or none.
 */
export class NewText {
  #mode: 'unknown' | 'increments' | 'totals' = 'unknown'
  /** What has been given out; where it is not needed any more, empty. */
  #seen = ''
  #held = ''

  next(piece: string, isLast: boolean): string {
    if (this.#mode === 'increments') return piece
    if (this.#mode === 'totals') return this.#ofTotal(piece)
    if (this.#seen === '') {
      this.#seen = piece
      return piece
    }
    const grows = this.#grows(piece)
    if (isLast ? grows || piece === this.#latest : grows && this.#held !== '') {
      this.#mode = 'totals'
      this.#held = ''
      return this.#ofTotal(piece)
    }
    if (grows) {
      this.#held = piece
      return ''
    }
    this.#mode = 'increments'
    return this.rest() + piece
  }

  /** What is held back, as the increment it then was. */
  rest(): string {
    const held = this.#held
    this.#held = ''
    return held
  }

  get #latest(): string {
    return this.#held === '' ? this.#seen : this.#held
  }

  /** Whether the piece can only be explained, but for chance, as the whole text with something new at its end. */
  #grows(piece: string): boolean {
    if (piece.length <= this.#latest.length || !piece.startsWith(this.#latest)) return false
    return !(this.#seen + this.#held + piece).startsWith(piece)
  }

  #ofTotal(piece: string): string {
    if (piece === '') return ''
    if (piece.startsWith(this.#seen)) {
      const added = piece.slice(this.#seen.length)
      this.#seen = piece
      return added
    }
    // No total after all.
    this.#mode = 'increments'
    this.#seen = ''
    return piece
  }
}

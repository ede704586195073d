/**
 * Tells when the JSON object that began in the first of several lines is closed, looking at every character once. Asking
 * a parser after each line takes minutes for an event of some ten thousand lines.
 */
export class JsonClosing {
  #depth = 0
  #inText = false
  #isOver = false

  /** Whether the object closes in this line. Once at most: what follows a closed object makes it no JSON. */
  closesIn(line: string): boolean {
    if (this.#isOver) return false
    for (let at = 0; at < line.length; at++) {
      const char = line.charCodeAt(at)
      if (this.#inText) {
        if (char === backslash) at++
        else if (char === quote) this.#inText = false
      } else if (char === quote) this.#inText = true
      else if (char === openBrace || char === openBracket) this.#depth++
      else if (char === closeBrace || char === closeBracket) {
        this.#depth--
        this.#isOver = this.#depth <= 0
      }
      if (this.#isOver) return true
      // Text that is no object never closes one.
      if (this.#depth === 0 && char > space) this.#isOver = true
      if (this.#isOver) return false
    }
    return false
  }
}

const space = 0x20
const quote = 0x22
const openBracket = 0x5b
const backslash = 0x5c
const closeBracket = 0x5d
const openBrace = 0x7b
const closeBrace = 0x7d

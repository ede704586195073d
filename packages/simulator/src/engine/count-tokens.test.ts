import { describe, expect, it } from 'vitest'
import { countTokens } from './count-tokens.ts'
import { cutPieces } from './cut-pieces.ts'

describe('the published counting rule', () => {
  it.each([
    ['', 0],
    ['a', 1],
    ['abcd', 1],
    ['abcde', 2],
    ['你好', 2],
    ['你好ab', 3],
    ['a你b好c', 3],
    ['😀', 1],
    ['é', 1],
    ['hello world', 3],
  ])('%j is %i tokens', (text, tokens) => {
    expect(countTokens(text)).toBe(tokens)
  })

  it('holds for the pieces of a text together, not one by one', () => {
    const text = '春天 spring 来了 has come 😀!'
    const cut = cutPieces(text, 1)
    expect(cut.pieces.map((piece) => piece.text).join('')).toBe(text)
    expect(cut.tokens).toBe(countTokens(text))
    let sent = ''
    for (const piece of cut.pieces) {
      sent += piece.text
      expect(piece.tokensSoFar).toBe(countTokens(sent))
    }
  })

  it.each([1, 2, 3, 7])('cuts after exactly %i tokens and never within a character', (limit) => {
    const cut = cutPieces('😀ab😀cdefghij春天', 2, limit)
    expect(cut.tokens).toBe(limit)
    expect(countTokens(cut.text)).toBe(limit)
    expect(cut.truncated).toBe(countTokens('😀ab😀cdefghij春天') > limit)
    expect(cut.text.isWellFormed()).toBe(true)
  })
})

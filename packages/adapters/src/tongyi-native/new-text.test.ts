import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NewText } from './new-text.ts'

describe('the new part of a text in pieces', () => {
  it.each([
    ['increments', ['1加1', '等于', '2。', ''], ['1加1', '等于', '2。', '']],
    ['totals', ['1加1', '1加1等于', '1加1等于2。', '1加1等于2。'], ['1加1', '', '等于2。', '']],
    ['a total that is there at once', ['好的', '好的'], ['好的', '']],
    ['a total in two pieces', ['好', '好的'], ['好', '的']],
    ['increments that begin alike', ['a', 'ab', 'x', ''], ['a', '', 'abx', '']],
    ['increments of a text that repeats itself', ['哈', '哈', '哈', ''], ['哈', '哈', '哈', '']],
    ['growing increments of such a text', ['哈', '哈哈', '哈哈哈哈', ''], ['哈', '哈哈', '哈哈哈哈', '']],
    ['increments after frames that say nothing', ['', '', '等', '等待', ''], ['', '', '等', '', '等待']],
    ['a total that was none', ['a', 'ab', 'abc', 'x'], ['a', '', 'bc', 'x']],
  ])('is found in %s', (_name, pieces, expected) => {
    expect(newParts(pieces)).toEqual(expected)
  })

  it('gives back what it holds when the stream breaks off', () => {
    const text = new NewText()
    expect(text.next('a', false) + text.next('ab', false)).toBe('a')
    expect(text.rest()).toBe('ab')
    expect(text.rest()).toBe('')
  })

  it('is the whole text in totals of three pieces and more, whatever they say', () => {
    // Characters that do not repeat: a text that repeats itself could be increments as well.
    const characters = fc.uniqueArray(fc.integer({ min: 0x4e00, max: 0x9fff }), {
      minLength: 3,
      maxLength: 40,
    })
    fc.assert(
      fc.property(characters, (codes) => {
        const whole = String.fromCharCode(...codes)
        const totals = codes.map((_, at) => whole.slice(0, at + 1))
        expect(newParts([...totals, whole]).join('')).toBe(whole)
      }),
    )
  })

  it('is every increment where no piece begins like the text before it', () => {
    const pieces = fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), pieces, (first, rest) => {
        fc.pre(!rest[0]?.startsWith(first))
        const told = newParts([first, ...rest, ''])
        expect(told.join('')).toBe(first + rest.join(''))
      }),
    )
  })
})

function newParts(pieces: readonly string[]): readonly string[] {
  const text = new NewText()
  return pieces.map((piece, at) => text.next(piece, at === pieces.length - 1))
}

import { describe, expect, it } from 'vitest'
import { createStopCutter, cutAtStop, stopTexts } from './stop-cutter.ts'

function run(pieces: readonly string[], stops: readonly string[]): { text: string; met: boolean } {
  const cutter = createStopCutter(stops)
  const text = pieces.map((piece) => cutter.push(piece)).join('') + cutter.flush()
  return { text, met: cutter.met }
}

describe('stop cutter', () => {
  it('ends the text before the first stop text, wherever the pieces are cut', () => {
    const whole = 'Thought: go\nObservation: 42'
    for (let cut = 0; cut <= whole.length; cut += 1) {
      const result = run([whole.slice(0, cut), whole.slice(cut)], ['42', '\nObservation:'])
      expect(result).toEqual({ text: 'Thought: go', met: true })
    }
    expect(run([...whole], ['\nObservation:'])).toEqual({ text: 'Thought: go', met: true })
  })

  it('gives back what looked like the start of a stop text and was none', () => {
    expect(run(['a\nObs', 'cure\nOb'], ['\nObservation:'])).toEqual({ text: 'a\nObscure\nOb', met: false })
  })

  it('holds back no more than the start of a stop text', () => {
    const cutter = createStopCutter(['END'])
    expect(cutter.push('hello E')).toBe('hello ')
    expect(cutter.push('N')).toBe('')
    expect(cutter.push('joy')).toBe('ENjoy')
  })

  it('cuts a whole text at the earliest of several', () => {
    expect(cutAtStop('one two three', ['three', 'two'])).toBe('one ')
    expect(cutAtStop('one', ['two'])).toBe('one')
  })

  it('reads one string or a list and ignores the rest', () => {
    expect(stopTexts('x')).toEqual(['x'])
    expect(stopTexts(['x', '', 3, 'y'])).toEqual(['x', 'y'])
    expect(stopTexts(null)).toEqual([])
  })
})

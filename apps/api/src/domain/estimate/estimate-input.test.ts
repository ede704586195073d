import { countTokens } from '@tollgate/simulator'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { estimateInputTokens } from './estimate-input.ts'

const ask = (content: unknown, rest: Record<string, unknown> = {}) =>
  estimateInputTokens({ messages: [{ role: 'user', content }], ...rest }, 'tongyi')

describe('the estimate of the input', () => {
  it('is never below what a provider counts by a published rule, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (text) => {
        expect(ask(text)).toBeGreaterThanOrEqual(countTokens(text))
      }),
      { numRuns: 500 },
    )
  })

  it('bounds Chinese by a token a character, English by about a token for three letters', () => {
    const empty = ask('')
    expect(ask('这是一个测试'.repeat(100)) - empty).toBe(600)
    expect(ask('word '.repeat(300)) - empty).toBeLessThan(1_500 / 2.5)
    expect(ask('word '.repeat(300)) - empty).toBeGreaterThan(1_500 / 4.5)
  })

  it('counts pictures, tools and the template, and more for a picture in high detail', () => {
    const picture = (detail: string) => [
      { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA', detail } },
    ]
    expect(ask(picture('low'))).toBeGreaterThan(1_300)
    expect(ask(picture('high'))).toBeGreaterThan(ask(picture('low')))
    const tool = {
      type: 'function',
      function: { name: 'get_weather', description: 'of a city', parameters: {} },
    }
    expect(ask('hi', { tools: [tool] })).toBeGreaterThan(ask('hi') + 10)
  })

  it('does not take the data of a picture for text', () => {
    const small = [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }]
    const large = [{ type: 'image_url', image_url: { url: `data:image/png;base64,${'A'.repeat(100_000)}` } }]
    expect(ask(large)).toBe(ask(small))
  })

  it('knows inputs and prompts as well', () => {
    expect(estimateInputTokens({ input: ['一二三', 'abc'] }, 'tongyi')).toBeGreaterThanOrEqual(4)
    expect(estimateInputTokens({ input: [1, 2, 3, 4] }, 'tongyi')).toBeGreaterThanOrEqual(4)
    expect(estimateInputTokens({ prompt: '一二三' }, 'hunyuan')).toBeGreaterThanOrEqual(3)
  })
})

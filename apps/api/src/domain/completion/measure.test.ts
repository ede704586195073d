import { describe, expect, it } from 'vitest'
import { measure } from './measure.ts'

const seen = { refused: false, outputBytes: 30, inputTokensHeld: 40, outputTokensHeld: 100 }

describe('what is booked of a request', () => {
  it('is the provider’s own figures, bucket by bucket', () => {
    const usage = {
      inputTokens: 5,
      cachedInputTokens: 3,
      outputTokens: 7,
      reasoningTokens: 2,
      totalTokens: 17,
    }
    expect(measure({ ...seen, usage })).toEqual({ usage, totalTokens: 17, source: 'provider' })
  })

  it('takes the provider’s total even where it exceeds its buckets', () => {
    const usage = { inputTokens: 5, outputTokens: 7, totalTokens: 30 }
    expect(measure({ ...seen, usage })).toMatchObject({ totalTokens: 30, source: 'provider' })
  })

  it('keeps a zero as the value that it is', () => {
    const usage = { inputTokens: 9, outputTokens: 0 }
    expect(measure({ ...seen, usage })).toMatchObject({ usage, totalTokens: 9, source: 'provider' })
  })

  it('is an estimate where none came, bounded by what was held', () => {
    expect(measure({ ...seen, usage: undefined })).toEqual({
      usage: { inputTokens: 40, outputTokens: 10 },
      totalTokens: 50,
      source: 'estimated',
    })
    expect(measure({ ...seen, usage: undefined, outputBytes: 3_000_000 }).totalTokens).toBe(140)
  })

  it('is marked as estimated where the provider told only a part', () => {
    expect(measure({ ...seen, usage: { inputTokens: 5 } })).toEqual({
      usage: { inputTokens: 5, outputTokens: 10 },
      totalTokens: 15,
      source: 'estimated',
    })
  })

  it('is nothing for a request that was refused', () => {
    expect(measure({ ...seen, usage: undefined, refused: true })).toMatchObject({
      totalTokens: 0,
      source: 'provider',
    })
  })

  it('counts the total of an embedding as its input', () => {
    expect(measure({ ...seen, outputTokensHeld: 0, usage: { totalTokens: 8 } })).toMatchObject({
      usage: { inputTokens: 8 },
      totalTokens: 8,
      source: 'provider',
    })
  })

  it.each([-1, 0.5, 3_000_000_000, Number.NaN])('does not believe a count of %s', (figure) => {
    expect(measure({ ...seen, usage: { inputTokens: 5, outputTokens: figure } }).source).toBe('estimated')
  })
})

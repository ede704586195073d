import { describe, expect, it } from 'vitest'
import { newerUsage, openAiUsage, readUsage } from './usage.ts'

describe('usage buckets', () => {
  it('are disjoint: cached input and reasoning are taken out of what contains them', () => {
    expect(
      readUsage({
        prompt_tokens: 100,
        completion_tokens: 50,
        total_tokens: 150,
        prompt_tokens_details: { cached_tokens: 60, cache_creation_input_tokens: 10 },
        completion_tokens_details: { reasoning_tokens: 20 },
      }),
    ).toEqual({
      inputTokens: 30,
      cachedInputTokens: 60,
      cacheWriteTokens: 10,
      outputTokens: 30,
      reasoningTokens: 20,
      totalTokens: 150,
    })
  })

  it('know the dialects of DeepSeek and Moonshot', () => {
    const plain = { prompt_tokens: 18, completion_tokens: 2, total_tokens: 20 }
    expect(readUsage({ ...plain, prompt_cache_hit_tokens: 8, prompt_cache_miss_tokens: 10 })).toMatchObject({
      inputTokens: 10,
      cachedInputTokens: 8,
    })
    expect(readUsage({ ...plain, cached_tokens: 5 })).toMatchObject({ inputTokens: 13, cachedInputTokens: 5 })
  })

  it('leave out what was not said, and keep a zero that was', () => {
    expect(readUsage({ completion_tokens: 0 })).toEqual({ outputTokens: 0 })
    expect(readUsage({ prompt_tokens: null, completion_tokens: 'x', total_tokens: 7 })).toEqual({
      totalTokens: 7,
    })
    expect(readUsage({ prompt_tokens: -1, completion_tokens: 1.5 })).toEqual({})
  })

  it('add up where the total is missing, and never go below zero', () => {
    expect(readUsage({ prompt_tokens: 3, completion_tokens: 4 }).totalTokens).toBe(7)
    const odd = readUsage({
      prompt_tokens: 3,
      completion_tokens: 4,
      completion_tokens_details: { reasoning_tokens: 9 },
    })
    expect(odd).toMatchObject({ outputTokens: 0, reasoningTokens: 4 })
  })

  it('read counts sent as text (Tencent)', () => {
    expect(readUsage({ prompt_tokens: 9, prompt_tokens_details: { cached_tokens: '4' } })).toMatchObject({
      inputTokens: 5,
      cachedInputTokens: 4,
    })
  })
})

describe('running totals', () => {
  it('replace each other, but a falling one does not', () => {
    const five = { total_tokens: 5 }
    const nine = { total_tokens: 9 }
    expect(newerUsage(undefined, five)).toBe(five)
    expect(newerUsage(five, nine)).toBe(nine)
    expect(newerUsage(nine, five)).toBe(nine)
    expect(newerUsage(nine, { prompt_tokens: 1, completion_tokens: 1 })).toBe(nine)
    expect(newerUsage(nine, null)).toBe(nine)
    expect(newerUsage(nine, {})).toBe(nine)
  })
})

it('shows clients the three figures they read, and every detail as sent', () => {
  expect(openAiUsage({ input_tokens: 1, output_tokens: 2, x: { y: 3 } })).toEqual({
    input_tokens: 1,
    output_tokens: 2,
    x: { y: 3 },
    prompt_tokens: 1,
    completion_tokens: 2,
    total_tokens: 3,
  })
})

describe('usage that clients are shown', () => {
  it('has figures as numbers, and none that was not said', () => {
    expect(openAiUsage({ prompt_tokens: '3', completion_tokens: {}, total_tokens: -1, vendor: 'x' })).toEqual(
      {
        prompt_tokens: 3,
        total_tokens: 3,
        vendor: 'x',
      },
    )
    expect(openAiUsage({})).toEqual({})
  })
})

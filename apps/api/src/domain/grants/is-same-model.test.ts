import { describe, expect, it } from 'vitest'
import { isSameModel } from './is-same-model.ts'

describe('the model of an answer', () => {
  it.each([
    ['qwen-plus', 'qwen-plus'],
    ['qwen-plus', 'qwen-plus-2025-07-28'],
    ['gpt-4o', 'gpt-4o-2024-08-06'],
    ['hunyuan-turbos-latest', 'hunyuan-turbos-20250313'],
    ['doubao-1-5-lite-32k', 'doubao-1-5-lite-32k-250115'],
    ['ERNIE-4.0-8K', 'ernie-4.0-8k'],
    ['Qwen/Qwen3-32B', 'qwen3-32b'],
    ['ep-20250101-abcde', 'doubao-seed-1-6-250615'],
    ['deepseek-v3', ''],
  ])('%s is %s', (asked, answered) => {
    expect(isSameModel(asked, answered)).toBe(true)
  })

  it.each([
    ['hunyuan-lite', 'hunyuan-pro'],
    ['qwen-turbo', 'qwen-plus'],
    ['qwen3-8b', 'qwen3-32b'],
    ['deepseek-v3', 'deepseek-v3.1'],
    ['glm-4.7', 'glm-4.7-flash'],
    ['doubao-seed-1-6', 'doubao-seed-1-6-vision-250815'],
  ])('%s is not %s', (asked, answered) => {
    expect(isSameModel(asked, answered)).toBe(false)
  })
})

import { expect, it } from 'vitest'
import { findBotUsage } from './bot-usage.ts'

const botUsage = (...parts: unknown[]) => findBotUsage({ bot_usage: { model_usage: parts } })

it('is the sum of what the models behind a bot used', () => {
  const first = { prompt_tokens: 10, completion_tokens: 2, total_tokens: 12 }
  const second = { prompt_tokens: 5, completion_tokens: '1', total_tokens: 6 }
  expect(botUsage(first, second)).toEqual({ prompt_tokens: 15, completion_tokens: 3, total_tokens: 18 })
})

it('knows no figure that one of them did not tell', () => {
  const part = { prompt_tokens: 10, completion_tokens: 2, total_tokens: 12 }
  expect(botUsage(part, { total_tokens: 6 })).toMatchObject({ prompt_tokens: undefined, total_tokens: 18 })
  for (const odd of [null, 7, {}, { total_tokens: -1 }]) expect(botUsage(part, odd)).toBeUndefined()
  expect(botUsage()).toBeUndefined()
})

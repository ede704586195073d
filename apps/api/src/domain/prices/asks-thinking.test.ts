import { describe, expect, it } from 'vitest'
import { asksThinking } from './asks-thinking.ts'

describe('whether a request switches thinking on', () => {
  it.each([
    ['tongyi', { enable_thinking: true }, true],
    ['tongyi', { enable_thinking: false }, false],
    ['tongyi', {}, undefined],
    ['tongyi', { enable_thinking: 'yes' }, undefined],
    // Not a switch of this platform, so it switches nothing.
    ['tongyi', { thinking: { type: 'enabled' } }, undefined],
    ['modelscope', { enable_thinking: true }, true],
    ['ark', { thinking: { type: 'enabled' } }, true],
    ['ark', { thinking: { type: 'disabled' } }, false],
    ['ark', { thinking: { type: 'auto' } }, undefined],
    ['ark', { thinking: null }, undefined],
    ['ark', { enable_thinking: true }, undefined],
    ['deepseek', { thinking: { type: 'disabled' } }, false],
    ['spark', { thinking: { type: 'enabled' } }, true],
    ['baichuan', { enable_thinking: true, thinking: { type: 'enabled' } }, undefined],
    ['openai-compatible', { chat_template_kwargs: { enable_thinking: true } }, true],
    ['openai-compatible', { thinking: { type: 'disabled' } }, false],
  ] as const)('%s, %j: %s', (provider, body, asked) => {
    expect(asksThinking(provider, body)).toBe(asked)
  })
})

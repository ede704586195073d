import { describe, expect, it } from 'vitest'
import { generationOf } from './generation.ts'

const text = [{ role: 'user', content: 'hi' }]

describe('the path of a chat', () => {
  it.each([
    'qwen-vl-plus',
    'qwen2.5-vl-72b-instruct',
    'qwen3-vl-plus',
    'qwen-vl-ocr',
    'qvq-max',
    'qwen-audio-turbo',
    'qwen3-omni-flash',
    'qwen3.5-plus',
    'qwen3.5-397b-a17b',
    'qwen3.6-flash',
    'qwen3.7-plus',
    'qwen3.8-max',
    'qwen3.8-flash',
    'kimi-k2.6',
  ])('is multimodal for %s', (upstreamModel) => {
    expect(generationOf(text, { upstreamModel, options: {} })).toBe('multimodal')
  })

  it.each([
    'qwen-plus',
    'qwen-max',
    'qwen3-max',
    'qwen3.7-max',
    'qwen3-8b',
    'qwen3-coder-plus',
    'qwq-plus',
    'glm-5',
  ])('is text for %s', (upstreamModel) => {
    expect(generationOf(text, { upstreamModel, options: {} })).toBe('text')
  })

  it.each([
    { type: 'image_url', image_url: { url: 'https://example.test/a.png' } },
    { type: 'input_audio', input_audio: { data: 'AAAA', format: 'mp3' } },
    { image: 'https://example.test/a.png' },
  ])('is multimodal for what can be seen or heard: %j', (part) => {
    const messages = [{ role: 'user', content: [{ type: 'text', text: '?' }, part] }]
    expect(generationOf(messages, { upstreamModel: 'new-model', options: {} })).toBe('multimodal')
    expect(generationOf(messages, { upstreamModel: 'new-model', options: { generation: 'text' } })).toBe(
      'text',
    )
  })

  it('is what the account says, before everything else', () => {
    const options = { generation: 'text' }
    expect(generationOf(text, { upstreamModel: 'qwen3.8-flash', options })).toBe('text')
  })
})

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Simulator, startSimulator } from '../../simulator.ts'
import { at, chat, chatBody, chunks, joined, payloads } from '../../testing/client.ts'

let simulator: Simulator
beforeAll(async () => {
  simulator = await startSimulator()
})
beforeEach(() => simulator.reset())
afterAll(() => simulator.close())

const thinks = { model: 'deepseek-v4-pro', messages: [{ role: 'user', content: '你好 [[sim tokens=5]]' }] }

describe('DeepSeek, simulated', () => {
  it('thinks unless told not to, whatever the model', async () => {
    const { json } = await chat(simulator, 'deepseek', thinks)
    expect(at(json, 'usage.completion_tokens_details.reasoning_tokens')).toBe(12)
    const plain = await chat(simulator, 'deepseek', { ...thinks, thinking: { type: 'disabled' } })
    expect(at(plain.json, 'choices.0.message')).not.toHaveProperty('reasoning_content')
    expect(simulator.bill().totals).toMatchObject({ reasoningTokens: 12, outputTokens: 10 })
  })

  it('bounds thinking and answer together', async () => {
    const { json } = await chat(simulator, 'deepseek', { ...thinks, max_tokens: 14 })
    expect(at(json, 'usage.completion_tokens')).toBe(14)
    expect(at(json, 'choices.0.finish_reason')).toBe('length')
  })

  it('keeps the connection open before it answers, so that a reader must look past it', async () => {
    const streamed = await chat(simulator, 'deepseek', { ...thinks, stream: true })
    expect(streamed.text).toMatch(/^: keep-alive\n\ndata: /)
    expect((await chat(simulator, 'deepseek', thinks)).text).toMatch(/^\n\n\{/)
  })

  it('tells the usage of a stream with the finish reason, asked for or not', async () => {
    const { text } = await chat(simulator, 'deepseek', { ...thinks, stream: true })
    const [last] = chunks(text).slice(-1)
    expect(at(last, 'choices.0.finish_reason')).toBe('stop')
    expect(at(last, 'usage.completion_tokens')).toBe(17)
    expect(payloads(text).at(-1)).toBe('[DONE]')
  })

  it('tells the cache in both of its ways', async () => {
    const { json } = await chat(simulator, 'deepseek', chatBody('deepseek', '你好你好 [[sim cached=6]]'))
    expect(json['usage']).toMatchObject({
      prompt_tokens_details: { cached_tokens: 6 },
      prompt_cache_hit_tokens: 6,
      prompt_cache_miss_tokens: Number(at(json, 'usage.prompt_tokens')) - 6,
    })
  })

  it('serves /v1 as well, and answers with the newer name of a model', async () => {
    const body = chatBody('deepseek', 'a', { model: 'deepseek-v4-flash', stream: true })
    const { status, text } = await chat(simulator, 'deepseek', body, { base: `${simulator.url}/deepseek/v1` })
    expect(status).toBe(200)
    expect(chunks(text)[0]?.['model']).toBe('deepseek-flash')
    expect(joined(text, 'choices.0.delta.content')).not.toBe('')
  })

  it('has no embeddings', async () => {
    const response = await fetch(`${simulator.url}/deepseek/embeddings`, { method: 'POST', body: '{}' })
    expect(response.status).toBe(404)
  })
})

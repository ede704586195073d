import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { countTokens } from '../../engine/count-tokens.ts'
import type { JsonObject } from '../../json.ts'
import { type Simulator, startSimulator } from '../../simulator.ts'
import { at, chunks, joined, objectIn } from '../../testing/client.ts'
import { fixture, shapeOf, streamShape } from '../../testing/shape.ts'
import { type Signing, sendTencent, tencentChat } from '../../testing/tencent.ts'

let simulator: Simulator
beforeAll(async () => {
  simulator = await startSimulator()
})
beforeEach(() => simulator.reset())
afterAll(() => simulator.close())

const chat = (body: unknown, signing: Signing = {}) =>
  sendTencent(simulator, 'ChatCompletions', body, signing)
const sample = (file: string) => fixture(`hunyuan/native-${file}`)

const weather = {
  Type: 'function',
  Function: {
    Name: 'get_weather',
    Description: '查询天气',
    Parameters: '{"type":"object","properties":{"city":{"type":"string","enum":["杭州"]}}}',
  },
}
const stream = { Stream: true }

describe('an answer has the form of the wire sample', () => {
  it.each<[string, JsonObject]>([
    ['chat.json', {}],
    ['chat-tool-call.json', { Tools: [weather] }],
    ['chat-stream.sse.txt', stream],
    ['chat-stream-tool-call.sse.txt', { Tools: [weather], ...stream }],
    ['chat-stream-reasoning.sse.txt', { Model: 'hunyuan-t1-latest', ...stream }],
  ])('%s', async (file, more) => {
    const sent = await chat(tencentChat('一加一 [[sim tokens=6 chunk=3]]', more))
    expect(sent.status).toBe(200)
    if (file.endsWith('.json')) {
      expect(sent.headers.get('content-type')).toBe('application/json')
      expect(shapeOf(sent.json)).toEqual(shapeOf(JSON.parse(sample(file))))
    } else {
      expect(sent.headers.get('content-type')).toBe('text/event-stream')
      expect(streamShape(sent.text)).toEqual(streamShape(sample(file)))
      expect(sent.text).not.toContain('[DONE]')
    }
    expect(sent.headers.get('x-tc-requestid')).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('of embeddings', async () => {
    const sent = await sendTencent(simulator, 'GetEmbedding', objectIn(sample('embedding-request.json')))
    expect(shapeOf(sent.json)).toEqual(shapeOf(JSON.parse(sample('embedding.json'))))
  })

  it('of counted tokens', async () => {
    const sent = await sendTencent(simulator, 'GetTokenCount', { Prompt: '第一段文本。' })
    expect(shapeOf(sent.json)).toEqual(shapeOf(JSON.parse(sample('token-count.json'))))
  })

  it.each(['chat-request.json', 'tools-request.json'])('and %s is accepted', async (file) => {
    const sent = await chat(JSON.parse(sample(file)))
    expect(sent.text).not.toContain('Error')
    expect(simulator.bill().totals.requests).toBe(1)
  })

  it('whose cached tokens are a text, in every frame of a stream', async () => {
    const sent = await chat(tencentChat('你好 [[sim tokens=2 cached=3]]', stream))
    const cached = chunks(sent.text).map((frame) => at(frame, 'Usage.PromptTokensDetails'))
    expect(cached).toEqual([{ CachedTokens: '3' }, { CachedTokens: '3' }, { CachedTokens: '3' }])
  })

  it('that ends after the stop text, not before it', async () => {
    const sent = await chat(tencentChat('停。 [[sim tokens=40]]', { Stop: ['停'] }))
    expect(at(sent.json, 'Response.Choices.0.Message.Content')).toMatch(/停$/)
  })

  it('whose usage stands still while tools are called, and catches up with the text after them', async () => {
    const sent = await chat(tencentChat('天气 [[sim tools=2 tokens=3]]', { Tools: [weather], ...stream }))
    const calls = 2 * countTokens('get_weather{"city":"杭州"}')
    expect(chunks(sent.text).map((frame) => at(frame, 'Usage.CompletionTokens'))).toEqual([
      0,
      0,
      0,
      0,
      calls + 1,
      calls + 2,
      calls + 3,
      calls + 3,
    ])
    expect(simulator.bill().totals.outputTokens).toBe(calls + 3)
    const whole = await chat(tencentChat('天气 [[sim tools=2 tokens=3]]', { Tools: [weather] }))
    expect(at(whole.json, 'Response.Choices.0.Message.Content')).toBe(
      joined(sent.text, 'Choices.0.Delta.Content'),
    )
    expect(at(whole.json, 'Response.Usage.CompletionTokens')).toBe(calls + 3)
  })
})

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { countTokens } from '../../engine/count-tokens.ts'
import { type Simulator, startSimulator } from '../../simulator.ts'
import { at, until } from '../../testing/client.ts'
import { type Signing, openTencent, sendTencent, tencentChat } from '../../testing/tencent.ts'

let simulator: Simulator
beforeAll(async () => {
  simulator = await startSimulator()
})
beforeEach(() => simulator.reset())
afterAll(() => simulator.close())

const chat = (body: unknown, signing: Signing = {}) =>
  sendTencent(simulator, 'ChatCompletions', body, signing)

const weather = {
  Type: 'function',
  Function: {
    Name: 'get_weather',
    Description: '查询天气',
    Parameters: '{"type":"object","properties":{"city":{"type":"string","enum":["杭州"]}}}',
  },
}
const stream = { Stream: true }
const nine = 'a [[sim tokens=9]]'

const user = (text: string) => ({ Role: 'user', Content: text })
const assistant = (text: string) => ({ Role: 'assistant', Content: text })
const call = { Id: 'c1', Type: 'function', Function: { Name: 'get_weather', Arguments: '{}' } }
const calling = { Role: 'assistant', ToolCalls: [call] }
const result = { Role: 'tool', ToolCallId: 'c1', Content: '晴' }
const vision = 'hunyuan-turbos-vision'
const textPart = { Type: 'text', Text: '这是什么' }
const picture = (Url: string) => ({ Type: 'image_url', ImageUrl: { Url } })

describe('the bill follows the counting rule', () => {
  it('of messages, pictures, calls and tools in their own form', async () => {
    const question = 'a [[sim tokens=3]]'
    const Messages = [
      { Role: 'system', Content: '简短' },
      {
        Role: 'user',
        Contents: [textPart, picture('https://example.test/a.png'), { Type: 'text', Text: 'why?' }],
      },
      calling,
      result,
      assistant('好'),
      user(question),
    ]
    const sent = await chat({ Model: vision, Messages, Tools: [weather], ToolChoice: 'none' })
    const byHand =
      6 * 4 +
      2 +
      (4 + 85 + 1) +
      countTokens('get_weather{}') +
      1 +
      1 +
      countTokens(question) +
      countTokens(JSON.stringify(weather))
    expect(at(sent.json, 'Response.Usage')).toEqual({
      PromptTokens: byHand,
      CompletionTokens: 3,
      TotalTokens: byHand + 3,
    })
    expect(simulator.bill().lines).toMatchObject([
      {
        provider: 'hunyuan',
        protocol: 'hunyuan-native',
        account: simulator.endpoints['hunyuan-native']?.credentials['secretId'],
        model: vision,
        inputTokens: byHand,
        outputTokens: 3,
      },
    ])
  })

  it('of a prompt that is too long: it is cut, and the context is billed', async () => {
    const sent = await chat(tencentChat(`${'长'.repeat(40_000)} [[sim tokens=2]]`))
    expect(at(sent.json, 'Response.Usage.PromptTokens')).toBe(32_000)
    expect(simulator.bill().totals.inputTokens).toBe(32_000)
  })

  it('of embeddings, each text cut after 1024 tokens', async () => {
    const long = '长'.repeat(2000)
    const sent = await sendTencent(simulator, 'GetEmbedding', { InputList: [long, '长'.repeat(1024), 'ab'] })
    expect(at(sent.json, 'Response.Usage.PromptTokens')).toBe(1024 + 1024 + 1)
    expect(at(sent.json, 'Response.Data.0.Embedding')).toEqual(at(sent.json, 'Response.Data.1.Embedding'))
    expect(simulator.bill().lines).toMatchObject([{ model: 'hunyuan-embedding', inputTokens: 2049 }])
  })

  it('thinking is part of the completion', async () => {
    await chat(tencentChat('a [[sim tokens=2 reasoning=5]]', { Model: 'hunyuan-t1-latest' }))
    expect(simulator.bill().totals).toMatchObject({ outputTokens: 7, reasoningTokens: 0 })
  })

  it('a free pack that is used up stops the account', async () => {
    simulator.setGrant({ provider: 'hunyuan', tokens: 5, whenEmpty: 'provider-stops' })
    await chat(tencentChat(nine))
    const sent = await chat(tencentChat(nine))
    expect(at(sent.json, 'Response.Error.Code')).toBe('FailedOperation.FreeResourcePackExhausted')
    expect(simulator.bill().totals).toMatchObject({ requests: 1, freeTokens: 5 })
  })

  it('a reader who hangs up pays for what was produced', async () => {
    const hangUp = new AbortController()
    const body = tencentChat('a [[sim tokens=9000 gap=20]]', stream)
    const response = await openTencent(simulator, 'ChatCompletions', body, { signal: hangUp.signal })
    await response.body?.getReader().read()
    hangUp.abort()
    await until(() => simulator.requests()[0]?.outcome === 'client-closed')
    const [entry] = simulator.requests()
    expect(entry?.completionTokens).toBeGreaterThan(0)
    expect(entry?.completionTokens).toBeLessThan(9000)
    expect(simulator.bill().totals.outputTokens).toBe(entry?.completionTokens)
  })
})

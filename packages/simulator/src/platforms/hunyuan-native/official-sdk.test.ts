import { Agent } from 'node:http'
import { hunyuan } from 'tencentcloud-sdk-nodejs-hunyuan'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Simulator, startSimulator } from '../../simulator.ts'
import { at, endpointOf, objectIn } from '../../testing/client.ts'
import { startApart } from '../../testing/start-apart.ts'
import type { JsonObject } from '../../json.ts'

/** Tencent's own SDK, as published. Only its configuration says that the platform is here. */
const { Client } = hunyuan.v20230901

let simulator: Simulator
beforeAll(async () => {
  simulator = await startSimulator()
})
beforeEach(() => simulator.reset())
afterAll(() => simulator.close())

interface Setup {
  readonly secretId?: string
  readonly secretKey?: string
  readonly port?: number
}

/**
 * The SDK takes the first label of the host for the service it signs for, so the host keeps its real name; the agent
 * leads it to this machine.
 */
function client(setup: Setup = {}) {
  const { credentials } = endpointOf(simulator, 'hunyuan-native')
  const agent = new Agent({
    lookup: (_host, _options, found) => found(null, [{ address: '127.0.0.1', family: 4 }]),
  })
  return new Client({
    credential: {
      secretId: setup.secretId ?? credentials['secretId'] ?? '',
      secretKey: setup.secretKey ?? credentials['secretKey'] ?? '',
    },
    profile: {
      httpProfile: {
        endpoint: `hunyuan.tencentcloudapi.com:${setup.port ?? simulator.port}`,
        protocol: 'http://',
        agent,
      },
    },
  })
}

const model = 'hunyuan-turbos-latest'
const say = (text: string) => [{ Role: 'user', Content: text }]
const weather = {
  Type: 'function',
  Function: {
    Name: 'get_weather',
    Parameters: '{"type":"object","properties":{"city":{"type":"string","enum":["杭州"]}}}',
  },
}

/** What the SDK makes of a stream: an object that yields events, whatever its types say. */
async function framesOf(response: unknown): Promise<JsonObject[]> {
  const frames: JsonObject[] = []
  for await (const event of response as AsyncIterable<{ readonly data: string }>) {
    frames.push(objectIn(event.data))
  }
  return frames
}

describe("Tencent's own SDK", () => {
  it('chats', async () => {
    const answer = await client().ChatCompletions({
      Model: model,
      Messages: [{ Role: 'system', Content: '简短。' }, ...say('你好 [[sim tokens=7 cached=3]]')],
      Temperature: 0.8,
      TopP: 0.9,
      Seed: 7,
    })
    expect(answer.Choices).toMatchObject([{ FinishReason: 'stop', Message: { Role: 'assistant' } }])
    expect(answer.Usage?.CompletionTokens).toBe(7)
    expect(answer.Usage?.PromptTokensDetails).toEqual({ CachedTokens: '3' })
    expect(answer.Note).toBe('以上内容为AI生成')
    expect(simulator.bill().totals).toMatchObject({ requests: 1, cachedInputTokens: 3, outputTokens: 7 })
  })

  it('streams, with the running usage in every frame and no end mark', async () => {
    const response = await client().ChatCompletions({
      Model: model,
      Messages: say('你好 [[sim tokens=7]]'),
      Stream: true,
    })
    const frames = await framesOf(response)
    const counts = frames.map((frame) => at(frame, 'Usage.CompletionTokens'))
    expect(counts).toEqual([1, 2, 3, 4, 5, 6, 7, 7])
    expect(frames.map((frame) => at(frame, 'Choices.0.FinishReason'))).toEqual([
      ...Array.from({ length: 7 }, () => ''),
      'stop',
    ])
    expect(at(frames.at(-1), 'Choices.0.Delta.Content')).toBe('')
    expect(simulator.bill().totals.outputTokens).toBe(7)
  })

  it('calls tools, whole and in a stream', async () => {
    const request = { Model: model, Messages: say('天气'), Tools: [weather], ToolChoice: 'auto' }
    const whole = await client().ChatCompletions(request)
    expect(whole.Choices).toMatchObject([
      {
        FinishReason: 'tool_calls',
        Message: { ToolCalls: [{ Function: { Name: 'get_weather', Arguments: '{"city":"杭州"}' } }] },
      },
    ])
    const frames = await framesOf(await client().ChatCompletions({ ...request, Stream: true }))
    const calls = frames.flatMap((frame) => at(frame, 'Choices.0.Delta.ToolCalls') ?? [])
    expect(calls).toMatchObject([
      { Function: { Name: 'get_weather', Arguments: '' }, Index: 0 },
      { Function: { Name: '', Arguments: '{"city":"杭州"}' }, Index: 0 },
    ])
    expect(at(calls[0], 'Id')).toBe(at(calls[1], 'Id'))
    expect(at(frames.at(-1), 'Choices.0.FinishReason')).toBe('tool_calls')
  })

  it('thinks', async () => {
    const answer = await client().ChatCompletions({
      Model: 'hunyuan-t1-latest',
      Messages: say('一加一 [[sim tokens=2 reasoning=6]]'),
    })
    expect(answer.Choices?.[0]?.Message?.ReasoningContent).not.toBe('')
    expect(answer.Usage?.CompletionTokens).toBe(8)
  })

  it('embeds', async () => {
    const answer = await client().GetEmbedding({ InputList: ['第一段文本', '第二段文本'] })
    expect(answer.Data?.map((item) => [item.Index, item.Object, item.Embedding?.length])).toEqual([
      [0, 'embedding', 1024],
      [1, 'embedding', 1024],
    ])
    expect(answer.Usage).toEqual({ PromptTokens: 10, TotalTokens: 10 })
    const one = await client().GetEmbedding({ Input: '第一段文本' })
    expect(one.Data?.[0]?.Embedding).toEqual(answer.Data?.[0]?.Embedding)
  })

  it('counts tokens', async () => {
    const answer = await client().GetTokenCount({ Prompt: '第一段文本。' })
    expect(answer).toMatchObject({
      TokenCount: 6,
      CharacterCount: 6,
      Tokens: ['第', '一', '段', '文', '本', '。'],
    })
    expect(simulator.bill().totals.requests).toBe(0)
  })

  it.each<[string, Setup, string, string]>([
    ['a secret id of no account', { secretId: 'AKIDnobody' }, model, 'AuthFailure.SecretIdNotFound'],
    ['a wrong key', { secretKey: 'wrong' }, model, 'AuthFailure.SignatureFailure'],
    ['an unknown model', {}, 'hunyuan-none', 'InvalidParameterValue.Model'],
  ])('throws what the platform says about %s', async (_name, setup, asked, code) => {
    const refused = client(setup).ChatCompletions({ Model: asked, Messages: say('你好') })
    await expect(refused).rejects.toMatchObject({ code })
    expect(simulator.bill().totals.requests).toBe(0)
  })
})

describe("Tencent's own SDK on a machine whose clock is off", () => {
  afterEach(() => vi.useRealTimers())

  it('is told that its signature has expired', async () => {
    // In a process of its own the platform keeps the right time.
    await using apart = await startApart()
    const { port } = apart
    const ask = () => client({ port }).ChatCompletions({ Model: model, Messages: say('你好') })
    expect((await ask()).Choices).toHaveLength(1)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 301_000 })
    await expect(ask()).rejects.toMatchObject({ code: 'AuthFailure.SignatureExpire' })
  })
})

import { ChatCompletion, Embedding } from '@baiducloud/qianfan'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { countTokens, messageTokens } from '../../engine/count-tokens.ts'
import type { JsonObject } from '../../json.ts'
import { type Simulator, startSimulator } from '../../simulator.ts'
import { endpointOf } from '../../testing/client.ts'
import { secretOf } from './open-session.ts'

/**
 * The vendor's own SDK, unchanged, against the simulator: @baiducloud/qianfan 0.2.4. With API Key and Secret Key it takes
 * paths from a table of its own and asks no console; only its way with IAM keys, which are another kind of credential,
 * would do that. Its typings import files without endings, which resolve to nothing here, so what the tests use of it is
 * written down below.
 */
interface ChatClient {
  chat(body: JsonObject, model: string): Promise<unknown>
}

interface EmbeddingClient {
  embedding(body: JsonObject, model: string): Promise<unknown>
}

type Make<Client> = new (options: Record<string, unknown>) => Client

const Chat: Make<ChatClient> = ChatCompletion
const Embed: Make<EmbeddingClient> = Embedding

/** Variables that would win over options left out, or turn the SDK to other credentials. */
const ownVariables = [
  'QIANFAN_AK',
  'QIANFAN_SK',
  'QIANFAN_ACCESS_KEY',
  'QIANFAN_SECRET_KEY',
  'QIANFAN_BASE_URL',
]
const before = new Map(ownVariables.map((name) => [name, process.env[name]]))

let simulator: Simulator
beforeAll(async () => {
  simulator = await startSimulator()
})
beforeEach(() => {
  simulator.reset()
  for (const name of ownVariables) delete process.env[name]
})
afterEach(() => {
  for (const [name, value] of before) {
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  }
})
afterAll(() => simulator.close())

function options(more: Record<string, unknown> = {}): Record<string, unknown> {
  const { baseUrl, credentials } = endpointOf(simulator, 'qianfan-v1')
  return {
    QIANFAN_AK: credentials['apiKey'],
    QIANFAN_SK: credentials['secretKey'],
    QIANFAN_BASE_URL: baseUrl,
    ...more,
  }
}

const user = (content: string) => [{ role: 'user', content }]
const text = '推荐一本书 [[sim tokens=9 chunk=3]]'
const usage = {
  prompt_tokens: messageTokens + countTokens(text),
  completion_tokens: 9,
  total_tokens: messageTokens + countTokens(text) + 9,
}

async function framesOf(answer: unknown): Promise<JsonObject[]> {
  const frames: JsonObject[] = []
  for await (const frame of answer as AsyncIterable<JsonObject>) frames.push(frame)
  return frames
}

describe('the vendor’s SDK', () => {
  it('chats, with one token for all calls of a client', async () => {
    const client = new Chat(options())
    const answer = await client.chat(
      { messages: user(text), system: '简短', temperature: 0.5 },
      'ERNIE-Speed-8K',
    )
    expect(answer).toMatchObject({
      object: 'chat.completion',
      is_truncated: false,
      need_clear_history: false,
    })
    expect(await client.chat({ messages: user(text) }, 'ERNIE-4.0-8K')).toMatchObject({ usage })
    expect(simulator.sessionsOpened('qianfan-v1')).toBe(1)
    expect(simulator.bill().lines.map((line) => line.model)).toEqual(['ernie-speed-8k', 'ernie-4.0-8k'])
  })

  it('takes keys and base URL from its environment variables', async () => {
    const { baseUrl, credentials } = endpointOf(simulator, 'qianfan-v1')
    process.env['QIANFAN_AK'] = credentials['apiKey']
    process.env['QIANFAN_SK'] = credentials['secretKey']
    process.env['QIANFAN_BASE_URL'] = baseUrl
    expect(await new Chat({}).chat({ messages: user(text) }, 'ERNIE-3.5-8K')).toMatchObject({ usage })
  })

  it('streams', async () => {
    const client = new Chat(options())
    const frames = await framesOf(
      await client.chat({ messages: user(text), stream: true }, 'ERNIE-Speed-128K'),
    )
    expect(frames.map((frame) => frame['is_end'])).toEqual([false, false, false, true])
    expect(frames.at(-1)).toMatchObject({ finish_reason: 'normal', usage })
    const whole = await client.chat({ messages: user(text) }, 'ERNIE-Speed-128K')
    expect(frames.map((frame) => frame['result']).join('')).toBe((whole as JsonObject)['result'])
  })

  it.each([true, false])('calls a function and tells its result (stream: %s)', async (stream) => {
    const client = new Chat(options())
    const functions = [
      {
        name: 'get_weather',
        description: '查询天气',
        parameters: { type: 'object', properties: { city: { type: 'string', enum: ['上海'] } } },
      },
    ]
    const last = async (messages: unknown[]) => {
      const answer = await client.chat({ messages, functions, stream }, 'ERNIE-3.5-8K')
      return stream ? (await framesOf(answer)).at(-1) : (answer as JsonObject)
    }
    const call = (await last(user('天气?')))?.['function_call']
    expect(call).toMatchObject({ name: 'get_weather', arguments: '{"city":"上海"}' })
    const told = await last([
      ...user('天气?'),
      { role: 'assistant', content: '', function_call: call },
      { role: 'function', name: 'get_weather', content: '{"weather":"晴"}' },
    ])
    expect(told).not.toHaveProperty('function_call')
    expect(simulator.bill().totals.requests).toBe(2)
  })

  it('embeds', async () => {
    const client = new Embed(options())
    const answer = await client.embedding({ input: ['你好', 'abc'] }, 'Embedding-V1')
    expect(answer).toMatchObject({
      object: 'embedding_list',
      data: [{ index: 0 }, { index: 1 }],
      usage: { prompt_tokens: 3, total_tokens: 3 },
    })
    expect(await client.embedding({ input: ['你好'] }, 'tao-8k')).toMatchObject({
      usage: { prompt_tokens: 2 },
    })
    expect(simulator.bill().lines.map((line) => line.model)).toEqual(['embedding-v1', 'tao-8k'])
  })

  it.each([
    ['an unknown key', { QIANFAN_AK: 'someOtherKey' }, 'unknown client id'],
    ['the secret of another key', { QIANFAN_SK: secretOf('simQianfan2') }, 'Client authentication failed'],
  ])('cannot get a token for %s', async (_name, wrong, words) => {
    const asking = new Chat(options(wrong)).chat({ messages: user(text) }, 'ERNIE-Speed-8K')
    await expect(asking).rejects.toThrow(words)
    expect(simulator.requests()).toEqual([])
  })

  it('reads a refusal, also of a stream, and tries again when the service is busy', async () => {
    const client = new Chat(options())
    const even = [...user('a'), { role: 'assistant', content: 'b' }]
    for (const stream of [true, false]) {
      const asking = client.chat({ messages: even, stream }, 'ERNIE-Speed-8K')
      await expect(asking).rejects.toThrow('"error_code":336003')
    }
    simulator.addFault({ fault: { code: 'overloaded' } })
    expect(await client.chat({ messages: user(text) }, 'ERNIE-Speed-8K')).toMatchObject({ usage })
    simulator.expireSessions()
    await expect(client.chat({ messages: user(text) }, 'ERNIE-Speed-8K')).rejects.toThrow('"error_code":111')
  })
})

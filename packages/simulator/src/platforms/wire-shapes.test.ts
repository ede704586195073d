import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../json.ts'
import { type Simulator, startSimulator } from '../simulator.ts'
import { chat, endpointOf, send } from '../testing/client.ts'
import { fixture, shapeOf, streamShape } from '../testing/shape.ts'

let simulator: Simulator
beforeAll(async () => {
  simulator = await startSimulator()
})
afterAll(() => simulator.close())

const weather = {
  type: 'function',
  function: {
    name: 'get_weather',
    parameters: { type: 'object', properties: { city: { type: 'string', enum: ['杭州'] } } },
  },
}
const plain = '1加1等于几? [[sim tokens=9 chunk=3]]'
const thinking = '1加1等于几? [[sim tokens=9 chunk=3 reasoning=6]]'
const tools = { tools: [weather] }
const include = { stream: true, stream_options: { include_usage: true } }

type Case = readonly [
  protocol: string,
  file: string,
  model: string,
  text: string,
  more: JsonObject,
  base?: string,
]

const seed = 'doubao-seed-2-0-lite-260428'
const off = { thinking: { type: 'disabled' } }
const ernie = 'ernie-4.5-turbo-128k'
const qwen = 'Qwen/Qwen3.5-122B-A10B'

const cases: readonly Case[] = [
  ['openai', 'openai-compatible/openai-chat.json', 'gpt-like', plain, {}],
  ['openai', 'openai-compatible/openai-stream-usage.sse.txt', 'gpt-like', plain, include],
  [
    'openai',
    'openai-compatible/openai-stream-tool-call.sse.txt',
    'gpt-like',
    plain,
    { ...tools, stream: true },
  ],
  ['deepseek', 'deepseek/chat.json', 'deepseek-flash', plain, off],
  ['deepseek', 'deepseek/chat-reasoning.json', 'deepseek-flash', thinking, {}],
  ['deepseek', 'deepseek/chat-tool-call.json', 'deepseek-flash', thinking, tools],
  ['deepseek', 'deepseek/chat-stream.sse.txt', 'deepseek-flash', plain, { stream: true, ...off }],
  ['deepseek', 'deepseek/chat-stream-reasoning.sse.txt', 'deepseek-v4-pro', thinking, { stream: true }],
  [
    'deepseek',
    'deepseek/chat-stream-tool-call.sse.txt',
    'deepseek-flash',
    plain,
    { ...tools, stream: true, ...off },
  ],
  ['tongyi-compatible', 'tongyi/compat-chat.json', 'qwen-plus', plain, {}],
  [
    'tongyi-compatible',
    'tongyi/compat-chat-reasoning.json',
    'qwen3-max',
    thinking,
    { enable_thinking: true },
  ],
  ['tongyi-compatible', 'tongyi/compat-chat-tool-call.json', 'qwen3-max', plain, tools],
  ['tongyi-compatible', 'tongyi/compat-chat-stream.sse.txt', 'qwen-plus', plain, include],
  ['tongyi-compatible', 'tongyi/compat-chat-stream-no-usage.sse.txt', 'qwen-plus', plain, { stream: true }],
  [
    'tongyi-compatible',
    'tongyi/compat-chat-stream-reasoning.sse.txt',
    'qwen3-max',
    thinking,
    { ...include, enable_thinking: true },
  ],
  [
    'tongyi-compatible',
    'tongyi/compat-chat-stream-tool-call.sse.txt',
    'qwen3-max',
    plain,
    { ...tools, ...include },
  ],
  ['ark', 'ark/chat.json', seed, plain, off],
  ['ark', 'ark/chat-reasoning.json', seed, thinking, {}],
  ['ark', 'ark/chat-tool-call.json', seed, plain, { ...tools, ...off }],
  ['ark', 'ark/chat-stream.sse.txt', seed, plain, { ...include, ...off }],
  ['ark', 'ark/chat-stream-no-usage.sse.txt', seed, plain, { stream: true, ...off }],
  [
    'ark',
    'ark/chat-stream-chunk-usage.sse.txt',
    seed,
    plain,
    { stream: true, stream_options: { include_usage: true, chunk_include_usage: true }, ...off },
  ],
  ['ark', 'ark/chat-stream-reasoning.sse.txt', seed, thinking, include],
  ['ark', 'ark/chat-stream-tool-call.sse.txt', seed, plain, { ...tools, ...include, ...off }],
  ['baichuan', 'baichuan/chat.json', 'Baichuan4-Air', plain, {}],
  ['baichuan', 'baichuan/chat-tool-call.json', 'Baichuan4-Air', plain, tools],
  ['baichuan', 'baichuan/chat-stream.sse.txt', 'Baichuan4-Air', plain, { stream: true }],
  ['baichuan', 'baichuan/chat-stream-reasoning.sse.txt', 'Baichuan-M3', thinking, { stream: true }],
  ['baichuan', 'baichuan/chat-stream-tool-call.sse.txt', 'Baichuan4-Air', plain, { ...tools, stream: true }],
  ['modelscope', 'modelscope/chat.json', qwen, plain, {}],
  ['modelscope', 'modelscope/chat-stream.sse.txt', qwen, plain, include],
  [
    'modelscope',
    'modelscope/chat-stream-reasoning.sse.txt',
    qwen,
    thinking,
    { ...include, enable_thinking: true },
  ],
  ['modelscope', 'modelscope/chat-stream-tool-call.sse.txt', qwen, plain, { ...tools, ...include }],
  ['qianfan-v2', 'qianfan/v2-chat.json', ernie, plain, {}],
  ['qianfan-v2', 'qianfan/v2-chat-tool-call.json', ernie, plain, tools],
  ['qianfan-v2', 'qianfan/v2-chat-stream.sse.txt', ernie, plain, include],
  ['qianfan-v2', 'qianfan/v2-chat-stream-tool-call.sse.txt', ernie, plain, { ...tools, ...include }],
  ['hunyuan-openai', 'hunyuan/openai-chat.json', 'hunyuan-turbos-latest', plain, {}],
  ['hunyuan-openai', 'hunyuan/openai-chat-stream.sse.txt', 'hunyuan-turbos-latest', plain, include],
  [
    'hunyuan-openai',
    'hunyuan/openai-chat-stream-tool-call.sse.txt',
    'hunyuan-turbos-latest',
    plain,
    { ...tools, ...include },
  ],
  ['tokenhub', 'hunyuan/tokenhub-chat.json', 'hy3', thinking, { reasoning_effort: 'high' }],
  ['tokenhub', 'hunyuan/tokenhub-chat-stream-no-usage.sse.txt', 'hy3', plain, { stream: true }],
  ['spark-http', 'spark/http-chat.json', '4.0Ultra', plain, {}],
  ['spark-http', 'spark/http-chat-tool-call-object.json', '4.0Ultra', plain, tools],
  [
    'spark-http',
    'spark/http-chat-tool-call-array.json',
    '4.0Ultra',
    plain,
    { ...tools, tool_calls_switch: true },
  ],
  ['spark-http', 'spark/http-chat-stream.sse.txt', '4.0Ultra', plain, { stream: true }],
  [
    'spark-http',
    'spark/http-chat-stream-tool-call-object.sse.txt',
    '4.0Ultra',
    plain,
    { ...tools, stream: true },
  ],
  [
    'spark-http',
    'spark/http-chat-stream-tool-call-array.sse.txt',
    '4.0Ultra',
    plain,
    { ...tools, stream: true, tool_calls_switch: true },
  ],
  [
    'spark-http',
    'spark/http-x1-stream-reasoning.sse.txt',
    'spark-x',
    thinking,
    { stream: true },
    '/spark/x2',
  ],
]

describe('an answer has the form of the wire sample', () => {
  for (const [protocol, file, model, text, more, base] of cases) {
    it(`${protocol} ${file}`, async () => {
      const body = { model, messages: [{ role: 'user', content: text }], ...more }
      const sent = await chat(
        simulator,
        protocol,
        body,
        base === undefined ? {} : { base: simulator.url + base },
      )
      expect(sent.status, sent.text).toBe(200)
      if (file.endsWith('.json')) {
        expect(sent.headers.get('content-type')).toBe('application/json')
        expect(shapeOf(sent.json)).toEqual(shapeOf(JSON.parse(fixture(file))))
      } else {
        expect(sent.headers.get('content-type')).toMatch(/^text\/event-stream/)
        expect(streamShape(sent.text)).toEqual(streamShape(fixture(file)))
      }
    })
  }
})

const embeddings: readonly (readonly [protocol: string, file: string, path: string, body: JsonObject])[] = [
  ['openai', 'openai-compatible/openai-embedding.json', '/embeddings', { model: 'embed-like', input: 'a' }],
  [
    'tongyi-compatible',
    'tongyi/compat-embedding.json',
    '/embeddings',
    { model: 'text-embedding-v4', input: ['春天来了', '秋风起'], dimensions: 64, encoding_format: 'float' },
  ],
  [
    'ark',
    'ark/embedding.json',
    '/embeddings',
    { model: 'ep-20260101000000-simem', input: ['春天来了', '秋风起'] },
  ],
  [
    'ark',
    'ark/embedding-multimodal.json',
    '/embeddings/multimodal',
    {
      model: 'doubao-embedding-vision-251215',
      input: [
        { type: 'text', text: '一座石桥' },
        { type: 'image_url', image_url: { url: 'https://example.test/bridge.jpg' } },
      ],
    },
  ],
  [
    'baichuan',
    'baichuan/embedding.json',
    '/embeddings',
    { model: 'Baichuan-Text-Embedding', input: ['春天来了', '秋风起'] },
  ],
  [
    'modelscope',
    'modelscope/embedding.json',
    '/embeddings',
    { model: 'Qwen/Qwen3-Embedding-8B', input: ['a'] },
  ],
  [
    'qianfan-v2',
    'qianfan/v2-embedding.json',
    '/embeddings',
    { model: 'embedding-v1', input: ['第一段文本', '第二段文本'] },
  ],
  [
    'hunyuan-openai',
    'hunyuan/openai-embedding.json',
    '/embeddings',
    { model: 'hunyuan-embedding', input: '你好' },
  ],
]

describe('embeddings have the form of the wire sample', () => {
  it.each(embeddings)('%s %s', async (protocol, file, path, body) => {
    const sent = await send(simulator, protocol, path, body)
    expect(sent.status, sent.text).toBe(200)
    expect(shapeOf(sent.json)).toEqual(shapeOf(JSON.parse(fixture(file))))
  })
})

describe('lists and balances have the form of the wire sample', () => {
  const read = async (protocol: string, path: string, key: string | undefined) => {
    const headers: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` }
    const response = await fetch(endpointOf(simulator, protocol).baseUrl + path, { headers })
    return { status: response.status, json: JSON.parse(await response.text()) as unknown }
  }

  it.each([
    ['tongyi-compatible', 'tongyi/compat-models.json', 'sk-sim-tongyi-1'],
    ['ark', 'ark/models.json', 'sim'],
    ['modelscope', 'modelscope/models.json', 'wrong'],
  ])('%s models', async (protocol, file, key) => {
    const { status, json } = await read(protocol, '/models', key)
    expect(status).toBe(200)
    const [first] = (json as { data: unknown[] }).data
    const [sample] = (JSON.parse(fixture(file)) as { data: unknown[] }).data
    expect(Object.keys(first as object)).toEqual(Object.keys(sample as object))
  })

  it('the balance of DeepSeek, which stands beside the base URL with /v1', async () => {
    const { status, json } = await read('deepseek', '/user/balance', 'sk-sim-1')
    expect(status).toBe(200)
    expect(shapeOf(json)).toEqual(shapeOf(JSON.parse(fixture('deepseek/balance.json'))))
    expect((await read('deepseek', '/user/balance', 'sk-wrong')).status).toBe(401)
    expect((await read('deepseek', '/v1/user/balance', 'sk-sim-1')).status).toBe(404)
  })

  it('the magicube balance, which needs a good token', async () => {
    const { status, json } = await read('modelscope', '/../openapi/v1/magicubes/balance', 'ms-sim-1')
    expect(status).toBe(200)
    expect(shapeOf(json)).toEqual(shapeOf(JSON.parse(fixture('modelscope/magicubes-balance.json'))))
    expect((await read('modelscope', '/../openapi/v1/magicubes/balance', 'ms-wrong')).status).toBe(401)
  })
})

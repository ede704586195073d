import { describe, expect, it } from 'vitest'
import { callOf, chatRequest, fixture } from '../../test/support.ts'
import type { Call, WebSocketExchange } from '../contract/index.ts'
import { sparkWebSocket } from './index.ts'

const user = { role: 'user', content: '推荐一本科幻小说' }
const searchOff = { type: 'web_search', web_search: { enable: false } }

describe('a conversation with Spark', () => {
  it.each([
    ['lite', '/v1.1/chat'],
    ['generalv3', '/v3.1/chat'],
    ['pro-128k', '/chat/pro-128k'],
    ['generalv3.5', '/v3.5/chat'],
    ['max-32k', '/chat/max-32k'],
    ['4.0Ultra', '/v4.0/chat'],
    ['x1', '/v1/x1'],
    ['spark-x', '/v1/x1'],
    ['kjwx', '/v1.1/chat_kjwx'],
    ['multilang', '/v1.1/chat_multilang'],
  ])('with %s is held at its own path', (upstreamModel, path) => {
    const { exchange, chat } = send(
      { messages: [user] },
      { upstreamModel, baseUrl: 'https://spark.test/proxy' },
    )
    expect(exchange.url.split('?')[0]).toBe(`wss://spark.test/proxy${path}`)
    expect(chat['domain']).toBe(upstreamModel)
  })

  it('is held at the path that the account names', () => {
    const change = { upstreamModel: 'a-fine-tune', baseUrl: 'http://127.0.0.1:8080' }
    for (const chatPath of ['/v9/chat', 'v9/chat']) {
      const { exchange, chat } = send({ messages: [user] }, { ...change, options: { chatPath } })
      expect(exchange.url.split('?')[0]).toBe('ws://127.0.0.1:8080/v9/chat')
      expect(chat['domain']).toBe('a-fine-tune')
    }
  })

  it('is in the vendor’s own form', () => {
    const plain = send(
      {
        messages: [{ role: 'system', content: '你是一名图书管理员。' }, user],
        temperature: 0.5,
        top_k: 4,
      },
      { credentials: { appId: 'fixtureid' } },
      1024,
    )
    expect(withoutUid(plain.frame)).toMatchObject(withoutUid(json('ws-request.json')))
    const functions = send(
      {
        messages: [{ role: 'user', content: '合肥天气' }],
        temperature: 0.5,
        tools: [weatherTool],
      },
      { credentials: { appId: 'fixtureid' }, upstreamModel: 'generalv3.5' },
      1024,
    )
    expect(withoutUid(functions.frame)).toMatchObject(withoutUid(json('ws-request-functions.json')))
  })

  it('is another user’s in every request, because a user has one at a time', () => {
    const uids = ['0190b4a0-0000-7000-8000-000000000001', '0190b4a0-0000-7000-8000-000000000002'].map(
      (requestId) => send({ messages: [user], user: 'ann' }, { requestId }).frame.header['uid'],
    )
    expect(new Set(uids).size).toBe(2)
    for (const uid of uids) expect(uid).toMatch(/^\w{1,32}$/)
  })

  it('drops what does not exist here and passes the vendor’s own fields on', () => {
    const { chat } = send({
      messages: [user],
      top_k: 4,
      chat_id: 'c',
      auditing: 'default',
      user: 'user-1',
      domain: 'lite',
      stream: true,
      n: 2,
      stop: ['x'],
      seed: 1,
      top_p: 0.5,
      presence_penalty: 1,
      frequency_penalty: 0.5,
      logprobs: true,
      response_format: { type: 'json_object' },
      stream_options: { include_usage: true },
      parallel_tool_calls: true,
      max_completion_tokens: 10,
      temperature: null,
    })
    expect(chat).toEqual({
      domain: '4.0Ultra',
      top_k: 4,
      chat_id: 'c',
      auditing: 'default',
      tools: [searchOff],
    })
  })

  it('keeps the temperature in the range of the model', () => {
    expect(send({ messages: [user], temperature: 0 }).chat['temperature']).toBe(0.01)
    expect(send({ messages: [user], temperature: 1.7 }).chat['temperature']).toBe(1)
    expect(send({ messages: [user], temperature: 0.3 }).chat['temperature']).toBe(0.3)
    const x1 = { upstreamModel: 'spark-x' }
    expect(send({ messages: [user], temperature: 1.2 }, x1).chat['temperature']).toBe(1.2)
    expect(send({ messages: [user], temperature: 3 }, x1).chat['temperature']).toBe(2)
  })

  it('bounds the output as reserved, within the range of the model', () => {
    expect(send({ messages: [user], max_tokens: 9 }, {}, 500).chat['max_tokens']).toBe(500)
    expect(send({ messages: [user] }, { upstreamModel: 'lite' }, 100_000).chat['max_tokens']).toBe(4096)
    expect(send({ messages: [user], max_tokens: 9 }).chat).not.toHaveProperty('max_tokens')
  })

  it('gives the X line the sampling and the thinking that only it takes', () => {
    const x1 = { upstreamModel: 'spark-x' }
    const sampling = { top_p: 0, presence_penalty: 1, frequency_penalty: 0.5, thinking: { type: 'auto' } }
    expect(send({ messages: [user], ...sampling, reasoning_effort: 'none' }, x1).chat).toMatchObject({
      ...sampling,
      top_p: 0.01,
    })
    expect(send({ messages: [user], presence_penalty: -1 }, x1).chat).not.toHaveProperty('presence_penalty')
    const none = send({ messages: [user], reasoning_effort: 'none' }, x1).chat
    expect(none).toMatchObject({ thinking: { type: 'disabled' } })
    expect(none).not.toHaveProperty('reasoning_effort')
    expect(send({ messages: [user], reasoning_effort: 'high' }, x1).chat).not.toHaveProperty('thinking')
    expect(send({ messages: [user], reasoning_effort: 'none' }).chat).not.toHaveProperty('thinking')
  })

  it('switches web search off unless it is asked for', () => {
    const own = { type: 'web_search', web_search: { enable: true, search_mode: 'deep' } }
    expect(send({ messages: [user] }, { upstreamModel: 'lite' }).chat).not.toHaveProperty('tools')
    const both = send({ messages: [user], tools: [own, weatherTool] })
    expect(both.chat['tools']).toEqual([own])
    expect(both.frame.payload['functions']).toMatchObject({ text: [{ name: 'get_weather' }] })
    const asked = send({ messages: [user], web_search_options: {} })
    expect(asked.chat['tools']).toEqual([{ type: 'web_search', web_search: { enable: true } }])
  })
})

describe('the functions on offer', () => {
  it('are the same in both of OpenAI’s forms', () => {
    const older = functionsOf({ functions: [weatherTool.function] })
    expect(older).toEqual(functionsOf({ tools: [weatherTool] }))
    expect(older).toEqual([weatherTool.function])
  })

  it('have all that the vendor requires, and names it can spell', () => {
    const [sent] = functionsOf({ tools: [{ type: 'function', function: { name: 'get-weather' } }] })
    expect(sent).toEqual({
      name: expect.stringMatching(/^\w{1,32}$/) as string,
      description: 'get-weather',
      parameters: { type: 'object', properties: {}, required: [] },
    })
  })

  it('are none, or the one that was chosen', () => {
    const tools = [weatherTool, { type: 'function', function: { name: 'get_time' } }]
    const names = (body: Record<string, unknown>) => functionsOf({ tools, ...body }).map(({ name }) => name)
    expect(names({ tool_choice: 'auto' })).toEqual(['get_weather', 'get_time'])
    expect(names({ tool_choice: 'required' })).toEqual(['get_weather', 'get_time'])
    expect(names({ tool_choice: 'none' })).toEqual([])
    expect(names({ function_call: 'none' })).toEqual([])
    expect(names({ tool_choice: { type: 'function', function: { name: 'get_time' } } })).toEqual(['get_time'])
    expect(names({ function_call: { name: 'get_time' } })).toEqual(['get_time'])
  })

  it('are what can be read as functions', () => {
    const tools = [1, null, {}, { function: 'x' }, { function: {} }, { function: { name: 5 } }]
    expect(functionsOf({ tools })).toEqual([])
    expect(functionsOf({ tools: 'x', functions: tools })).toEqual([])
  })
})

const weatherTool = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: '查询天气',
    parameters: {
      type: 'object',
      properties: { location: { type: 'string', description: '城市' } },
      required: ['location'],
    },
  },
}

interface Frame {
  readonly header: Record<string, unknown>
  readonly parameter: { readonly chat: Record<string, unknown> }
  readonly payload: Record<string, unknown>
}

function send(
  body: Record<string, unknown>,
  change: Partial<Call> = {},
  maxOutputTokens?: number,
): { readonly exchange: WebSocketExchange; readonly frame: Frame; readonly chat: Record<string, unknown> } {
  const call = callOf(sparkWebSocket, { upstreamModel: '4.0Ultra', ...change })
  const exchange = sparkWebSocket.chat.request(chatRequest(body, maxOutputTokens), call)
  if ('ok' in exchange) throw exchange.error
  if (exchange.transport !== 'websocket' || exchange.frames.length !== 1)
    throw new Error('expected one frame')
  const frame = JSON.parse(exchange.frames[0] ?? '') as Frame
  return { exchange, frame, chat: frame.parameter.chat }
}

function functionsOf(body: Record<string, unknown>): readonly Record<string, unknown>[] {
  const functions = send({ messages: [user], ...body }).frame.payload['functions']
  return (functions as { text: Record<string, unknown>[] } | undefined)?.text ?? []
}

function json(file: string): Frame {
  return JSON.parse(fixture(`spark/${file}`).toString()) as Frame
}

function withoutUid({ header: { uid: _, ...header }, ...frame }: Frame) {
  return { ...frame, header }
}

import { describe, expect, it } from 'vitest'
import { callOf, chatRequest, fixture, sentChat } from '../../test/support.ts'
import { hunyuanNative } from './index.ts'

const user = { role: 'user', content: '你好' }
const weather = { type: 'function', function: { name: 'get_weather', parameters: { type: 'object' } } }
const time = { type: 'function', function: { name: 'get_time' } }
const nativeTime = {
  Type: 'function',
  Function: { Name: 'get_time', Parameters: '{"type":"object","properties":{}}' },
}

describe('a request to Hunyuan', () => {
  it('is the vendor’s own form', () => {
    const chat = sentChat(
      hunyuanNative,
      {
        messages: [
          { role: 'system', content: '你是一名图书管理员。' },
          { role: 'user', content: '推荐一本科幻小说' },
        ],
        temperature: 0.8,
        top_p: 0.8,
        stop: ['完'],
        seed: 7,
      },
      { upstreamModel: 'hunyuan-turbos-latest' },
    )
    expect(chat.body).toEqual(JSON.parse(fixture('hunyuan/native-chat-request.json').toString()))
  })

  it('moves numbers into their ranges and leaves out what is null', () => {
    expect(sent({ temperature: 2.5, top_p: 1.5, seed: 0 })).toMatchObject({
      Temperature: 2,
      TopP: 1,
      Seed: 10_000,
    })
    expect(sent({ temperature: 0, top_p: 0, seed: 10_001 })).toMatchObject({
      Temperature: 0,
      TopP: 0,
      Seed: 1,
    })
    const nothing = sent({
      temperature: null,
      top_p: null,
      seed: null,
      stop: null,
      tools: [],
      tool_choice: 'auto',
    })
    expect(Object.keys(nothing)).toEqual(['Model', 'Messages', 'Stream'])
  })

  it('has no field for the length of the answer, and says so to the books', () => {
    const { body } = sentChat(hunyuanNative, { messages: [user], max_tokens: 5 }, { maxOutputTokens: 5 })
    expect(Object.keys(body)).toEqual(['Model', 'Messages', 'Stream'])
    expect(hunyuanNative.chat.beyondBound?.({ body, maxOutputTokens: 5 }, callOf(hunyuanNative))).toBe(
      'model-cap',
    )
  })

  it('carries the vendor’s own fields, by either of their names', () => {
    const body = sent({
      EnableEnhancement: true,
      WebSearchOptions: { Processes: true },
      StreamModeration: false,
      citation: true,
      search_info: true,
      Citation2: null,
      top_k: 4,
      web_search_options: {},
    })
    expect(body).toMatchObject({
      EnableEnhancement: true,
      WebSearchOptions: { Processes: true },
      StreamModeration: false,
      Citation: true,
      SearchInfo: true,
    })
    expect(Object.keys(body)).toHaveLength(8)
  })

  it('takes what OpenAI has a name for by that name only', () => {
    const smuggled = { Model: 'other', Messages: [], Stream: true, Tools: [nativeTime], Temperature: 1 }
    expect(sent(smuggled)).toEqual({
      Model: 'upstream-model',
      Messages: [{ Role: 'user', Content: '你好' }],
      Stream: false,
    })
  })

  it('switches off the thinking of the one model that has a switch', () => {
    const thinking = (upstreamModel: string, body: Record<string, unknown>) =>
      sentChat(hunyuanNative, { messages: [user], ...body }, { upstreamModel }).body['EnableThinking']
    expect(thinking('hunyuan-a13b', { reasoning_effort: 'none' })).toBe(false)
    expect(thinking('hunyuan-a13b', { reasoning_effort: 'high' })).toBeUndefined()
    expect(thinking('hunyuan-a13b', { reasoning_effort: 'none', enable_thinking: true })).toBe(true)
    expect(thinking('hunyuan-t1-latest', { reasoning_effort: 'none' })).toBeUndefined()
  })
})

describe('tools', () => {
  it('are forced in the vendor’s way', () => {
    const choose = (tool_choice: unknown, tools = [weather, time]) => sent({ tools, tool_choice })
    expect(choose({ type: 'function', function: { name: 'get_time' } })).toMatchObject({
      ToolChoice: 'custom',
      CustomTool: nativeTime,
    })
    expect(choose('required', [time])).toMatchObject({ ToolChoice: 'custom', CustomTool: nativeTime })
    expect(choose('required')).toMatchObject({ ToolChoice: 'auto' })
    expect(choose('required')).not.toHaveProperty('CustomTool')
    expect(choose('none')).toMatchObject({ ToolChoice: 'none' })
    expect(choose(undefined)).not.toHaveProperty('ToolChoice')
  })

  it('keep a schema that is text already', () => {
    const tools = [{ type: 'function', function: { name: 'a', parameters: '{"type":"object"}' } }]
    expect(sent({ tools })['Tools']).toEqual([
      { Type: 'function', Function: { Name: 'a', Parameters: '{"type":"object"}' } },
    ])
  })

  it('are refused where the platform has nothing like them', () => {
    expect(refused({ tools: [{ type: 'custom', custom: { name: 'a' } }] })).toEqual([
      'invalid_request',
      'tools',
    ])
    const unknown = { type: 'function', function: { name: 'other' } }
    expect(refused({ tools: [time], tool_choice: unknown })).toEqual(['invalid_request', 'tool_choice'])
    expect(refused({ tools: [time], tool_choice: { type: 'allowed_tools' } })).toEqual([
      'invalid_request',
      'tool_choice',
    ])
  })

  it('are told of in the old form too', () => {
    const body = sent({ functions: [time.function], function_call: { name: 'get_time' } })
    expect(body).toMatchObject({ Tools: [nativeTime], ToolChoice: 'custom', CustomTool: nativeTime })
  })
})

describe('a call', () => {
  it('is signed for the host and path that it goes to', () => {
    const call = { credentials: { secretId: 'AKIDx', secretKey: 'key' }, nowMs: 1_735_689_600_999 }
    const plain = sentChat(
      hunyuanNative,
      { messages: [user] },
      { ...call, baseUrl: 'https://hunyuan.test' },
    ).exchange
    expect(plain.url).toBe('https://hunyuan.test/')
    expect(plain.headers).toMatchObject({
      'content-type': 'application/json',
      authorization: expect.stringMatching(
        /^TC3-HMAC-SHA256 Credential=AKIDx\/2025-01-01\/hunyuan\/tc3_request, SignedHeaders=content-type;host, Signature=[0-9a-f]{64}$/,
      ) as string,
      'x-tc-timestamp': '1735689600',
    })
    expect(plain.headers).not.toHaveProperty('x-tc-token')
    expect(plain.headers).not.toHaveProperty('x-tc-region')
    const signatures = [
      'https://hunyuan.test',
      'https://hunyuan.test:443',
      'https://hunyuan.test:444',
      'https://hunyuan.test/a',
    ]
      .map((baseUrl) => sentChat(hunyuanNative, { messages: [user] }, { ...call, baseUrl }).exchange)
      .map(({ headers }) => headers['authorization'])
    expect(signatures[0]).toBe(signatures[1])
    expect(new Set(signatures).size).toBe(3)
  })

  it('names region and token of temporary keys where the account has them', () => {
    const credentials = { secretId: 'AKIDx', secretKey: 'key', token: 'temporary' }
    const { headers } = sentChat(
      hunyuanNative,
      { messages: [user] },
      { credentials, options: { region: 'ap-guangzhou' } },
    ).exchange
    expect(headers).toMatchObject({ 'x-tc-token': 'temporary', 'x-tc-region': 'ap-guangzhou' })
  })

  it('is described even for a base URL that is none', () => {
    expect(sentChat(hunyuanNative, { messages: [user] }, { baseUrl: 'nowhere' }).exchange.url).toBe(
      'nowhere/',
    )
  })
})

function sent(body: Record<string, unknown>) {
  return sentChat(hunyuanNative, { messages: [user], ...body }).body
}

function refused(body: Record<string, unknown>) {
  const request = hunyuanNative.chat.request(
    chatRequest({ messages: [user], ...body }),
    callOf(hunyuanNative),
  )
  return 'ok' in request ? [request.error.kind, request.error.param] : 'sent'
}

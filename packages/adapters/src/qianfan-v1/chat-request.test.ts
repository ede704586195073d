import { describe, expect, it } from 'vitest'
import { fixture, sentChat } from '../../test/support.ts'
import { qianfanV1 } from './index.ts'

const messages = [{ role: 'user', content: '推荐一本科幻小说' }]
const weather = { name: 'get_weather', description: '查天气', parameters: { type: 'object' } }
const time = { name: 'get_time', description: '看时间', parameters: { type: 'object' } }
const tool = (described: object) => ({ type: 'function', function: described })

describe('a request to Qianfan V1', () => {
  it.each([
    ['ERNIE-4.0-8K', 'completions_pro'],
    ['ERNIE-4.0', 'completions_pro'],
    ['ERNIE-Bot-4', 'completions_pro'],
    ['ERNIE-3.5-8K', 'completions'],
    ['ernie-bot', 'completions'],
    ['ERNIE-3.5-8K-0205', 'ernie-3.5-8k-0205'],
    ['ERNIE-3.5-8K-1222', 'ernie-3.5-8k-1222'],
    ['ERNIE-3.5-4K-0205', 'ernie-3.5-4k-0205'],
    ['ERNIE-Bot-8K', 'ernie_bot_8k'],
    ['ernie-speed-8k', 'ernie_speed'],
    ['ERNIE-Speed-128K', 'ernie-speed-128k'],
    ['ERNIE-Lite-8K-0922', 'eb-instant'],
    ['ERNIE-Bot-turbo', 'eb-instant'],
    ['ERNIE-Lite-8K-0308', 'ernie-lite-8k'],
    ['ernie-lite-8k', 'ernie-lite-8k'],
    ['ERNIE-Tiny-8K', 'ernie-tiny-8k'],
    ['BLOOMZ-7B', 'bloomz_7b1'],
    ['ernie-4.0-turbo-8k', 'ernie-4.0-turbo-8k'],
    ['a/../b?c', 'a%2F..%2Fb%3Fc'],
  ])('for %s goes to %s', (upstreamModel, suffix) => {
    const { exchange, body } = sentChat(qianfanV1, { messages }, { upstreamModel })
    expect(new URL(exchange.url).pathname).toBe(`/v1/rpc/2.0/ai_custom/v1/wenxinworkshop/chat/${suffix}`)
    expect(body).not.toHaveProperty('model')
  })

  it('has the vendor’s own form', () => {
    const body = {
      messages: [{ role: 'system', content: '你是一名图书管理员。' }, ...messages],
      temperature: 0.8,
      top_p: 0.8,
      penalty_score: 1,
      stop: ['完'],
      stream: false,
      user: 'fixture-user',
    }
    expect(send(body, 256)).toEqual(JSON.parse(fixture('qianfan/v1-chat-request.json').toString()))
  })

  it('is proved by the token of the session and by nothing else', () => {
    const { exchange } = sentChat(qianfanV1, { messages }, { session: { accessToken: '24.a+b' } })
    expect(exchange.url).toMatch(/\?access_token=24\.a%2Bb$/)
    expect(JSON.stringify(exchange)).not.toContain('a-secret-key')
    expect(exchange.headers).not.toHaveProperty('authorization')
  })

  it('drops what V1 does not know and keeps V1’s own fields', () => {
    const own = { enable_citation: true, penalty_score: 1.2, user_id: 'u', tools: [{ type: 'baidu_search' }] }
    const unknown = {
      n: 2,
      seed: 1,
      logprobs: true,
      logit_bias: {},
      parallel_tool_calls: true,
      presence_penalty: 1,
      frequency_penalty: 1,
      reasoning_effort: 'low',
      store: true,
      metadata: {},
      stream_options: { include_usage: true },
      stop: null,
      top_p: null,
      user: null,
    }
    expect(send({ ...own, ...unknown })).toEqual({ messages, ...own })
  })

  it('bounds the output by the name and from the least that V1 knows', () => {
    expect(send({ max_tokens: 5, max_completion_tokens: 9 }, 256)).toEqual({
      messages,
      max_output_tokens: 256,
    })
    expect(send({ max_tokens: 1 }, 1)['max_output_tokens']).toBe(2)
    expect(send({ max_tokens: 5 })).toEqual({ messages })
  })

  it('moves sampling into V1’s ranges', () => {
    expect(send({ temperature: 0, top_p: 1.5 })).toMatchObject({ temperature: 0.01, top_p: 1 })
    expect(send({ temperature: 1.7, top_p: -1 })).toMatchObject({ temperature: 1, top_p: 0 })
    expect(send({ frequency_penalty: 1 })['penalty_score']).toBe(1.5)
    expect(send({ frequency_penalty: 9 })['penalty_score']).toBe(2)
    for (const frequency_penalty of [0, -1, 'x']) {
      expect(send({ frequency_penalty })).not.toHaveProperty('penalty_score')
    }
    expect(send({ temperature: 'warm' })['temperature']).toBe('warm')
  })

  it('sends the stop texts that fit', () => {
    expect(send({ stop: '完' })['stop']).toEqual(['完'])
    expect(send({ stop: ['a', 'b'.repeat(21), 'c', '', 'd', 'e', 'f'] })['stop']).toEqual([
      'a',
      'c',
      'd',
      'e',
    ])
    expect(send({ stop: ['b'.repeat(21)] })).not.toHaveProperty('stop')
  })

  it('asks for the form of the answer in one word', () => {
    expect(send({ response_format: { type: 'json_object' } })['response_format']).toBe('json_object')
    expect(send({ response_format: { type: 'text' } })['response_format']).toBe('text')
    const schema = { type: 'json_schema', json_schema: { name: 'a', schema: {} } }
    expect(send({ response_format: schema })['response_format']).toBe('json_object')
    expect(send({ response_format: 'json_object' })['response_format']).toBe('json_object')
    expect(send({ response_format: 7 })).not.toHaveProperty('response_format')
  })

  it('names the user as V1 does', () => {
    expect(send({ user: 'u' })).toEqual({ messages, user_id: 'u' })
    expect(send({ safety_identifier: 's' })).toEqual({ messages, user_id: 's' })
  })

  it('joins V1’s own system text with OpenAI’s', () => {
    const body = { system: 'Be short.', messages: [{ role: 'system', content: 'Be kind.' }, ...messages] }
    expect(send(body)).toEqual({ messages, system: 'Be short.\n\nBe kind.' })
    expect(send({ system: 'Be short.' })['system']).toBe('Be short.')
  })

  it('switches the web search of larger models off unless it is asked for', () => {
    for (const upstreamModel of ['ernie-3.5-8k', 'ERNIE-4.0-8K', 'ernie-4.0-turbo-8k', 'ernie-bot-8k']) {
      const of = (body: Record<string, unknown>) =>
        sentChat(qianfanV1, { messages, ...body }, { upstreamModel }).body['disable_search']
      expect(of({})).toBe(true)
      expect(of({ web_search_options: {} })).toBe(false)
      expect(of({ disable_search: false })).toBe(false)
    }
    expect(send({})).not.toHaveProperty('disable_search')
  })

  it('describes functions as V1 wants them', () => {
    const bare = { name: 'ping', strict: true }
    const described = { name: 'ping', description: 'ping', parameters: { type: 'object', properties: {} } }
    expect(send({ tools: [tool(weather), tool(bare)] })).toEqual({
      messages,
      functions: [weather, described],
    })
    expect(send({ functions: [weather] })).toEqual({ messages, functions: [weather] })
    expect(send({ tools: [tool(weather), { type: 'baidu_search' }] })).toEqual({
      messages,
      tools: [{ type: 'baidu_search' }],
      functions: [weather],
    })
  })

  it('says which function to call as far as V1 can', () => {
    const choice = (tool_choice: unknown, ...described: object[]) =>
      send({ tools: described.map(tool), tool_choice })['tool_choice']
    expect(choice(tool({ name: 'get_time' }), weather, time)).toEqual(tool({ name: 'get_time' }))
    expect(choice('required', weather)).toEqual(tool({ name: 'get_weather' }))
    expect(choice('required', weather, time)).toBeUndefined()
    expect(choice('auto', weather)).toBeUndefined()
    expect(send({ tools: [tool(weather)], tool_choice: 'none' })).toEqual({ messages })
    const older = { functions: [weather, time], function_call: { name: 'get_time' } }
    expect(send(older)).toEqual({
      messages,
      functions: [weather, time],
      tool_choice: tool({ name: 'get_time' }),
    })
    expect(send({ functions: [weather], function_call: 'none' })).toEqual({ messages })
    const called = { role: 'assistant', content: '', function_call: { name: 'f', arguments: '{"a":1}' } }
    const result = { role: 'function', name: 'f', content: '[1]' }
    const conversation = [{ role: 'user', content: 'a' }, { ...called, content: null }, result]
    expect(send({ messages: conversation })).toEqual({
      messages: [{ role: 'user', content: 'a' }, called, result],
    })
  })

  it('is made of fields of any type without a fault', () => {
    const names =
      'system stop tools tool_choice functions function_call response_format temperature top_p user'
    for (const value of [null, 0, '', 'x', true, [], [null], [{}], {}, { type: 1 }, { function: [] }]) {
      const body = Object.fromEntries(names.split(' ').map((name) => [name, value]))
      expect(send(body)['messages']).toEqual(messages)
    }
  })
})

function send(body: Record<string, unknown>, maxOutputTokens?: number): Record<string, unknown> {
  return sentChat(
    qianfanV1,
    { messages, ...body },
    { upstreamModel: 'ernie-speed-8k', ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }) },
  ).body
}

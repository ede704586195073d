import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { StateKind } from '../../contract/refusal.ts'
import { countTokens, messageTokens } from '../../engine/count-tokens.ts'
import type { Fault } from '../../engine/faults.ts'
import type { JsonObject } from '../../json.ts'
import { type Simulator, startSimulator } from '../../simulator.ts'
import { at, chunks, joined, until } from '../../testing/client.ts'
import { asked, openPath, sendPath, tokenOf } from '../../testing/qianfan-v1.ts'
import { fixture, shapeOf, streamShape } from '../../testing/shape.ts'

let simulator: Simulator
let token: string
beforeAll(async () => {
  simulator = await startSimulator()
  token = await tokenOf(simulator)
})
beforeEach(() => simulator.reset())
afterAll(() => simulator.close())

const speed = 'chat/ernie_speed'
const plain = '推荐一本书 [[sim tokens=9 chunk=3]]'
const weather = {
  name: 'get_weather',
  description: '查询天气',
  parameters: { type: 'object', properties: { location: { type: 'string', enum: ['上海'] } } },
}
const streamed = { stream: true }
const offered = { functions: [weather] }

const send = (body: unknown, path = speed) => sendPath(simulator, token, path, body)
const sample = (file: string): unknown => JSON.parse(fixture(`qianfan/${file}`))
const withoutIds = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value).replaceAll(/as-(fixture)?[0-9a-f]+/g, 'ID'))

describe('answers have the form of the samples', () => {
  it.each([
    ['v1-chat.json', plain, {}],
    ['v1-chat-function-call.json', plain, offered],
  ])('%s', async (file, text, more) => {
    const { status, json } = await send(asked(text, more))
    expect(status).toBe(200)
    expect(shapeOf(json)).toEqual(shapeOf(sample(file)))
  })

  it.each([
    ['v1-chat-stream.sse.txt', plain, streamed],
    ['v1-chat-stream-function-call.sse.txt', plain, { ...streamed, ...offered }],
  ])('%s', async (file, text, more) => {
    const { headers, text: body } = await send(asked(text, more))
    expect(headers.get('content-type')).toContain('text/event-stream')
    expect(streamShape(body)).toEqual(streamShape(fixture(`qianfan/${file}`)))
  })

  it('the requests of the samples are accepted', async () => {
    expect((await send(sample('v1-chat-request.json'))).json['result']).toEqual(expect.any(String))
    const embedded = await send(sample('v1-embedding-request.json'), 'embeddings/embedding-v1')
    expect(shapeOf(embedded.json)).toEqual(shapeOf(sample('v1-embedding.json')))
    expect(at(embedded.json, 'data.1.index')).toBe(1)
  })

  it('a stream counts its sentences and its usage up, ends with is_end and sends nothing after it', async () => {
    const { text } = await send(asked(plain, streamed))
    const frames = chunks(text)
    expect(frames.map((frame) => frame['sentence_id'])).toEqual([0, 1, 2, 3])
    expect(frames.map((frame) => frame['is_end'])).toEqual([false, false, false, true])
    expect(frames.map((frame) => at(frame, 'usage.completion_tokens'))).toEqual([3, 6, 9, 9])
    expect(text).not.toContain('[DONE]')
    const whole = await send(asked(plain))
    expect(joined(text, 'result')).toBe(whole.json['result'])
    expect(frames.at(-1)?.['usage']).toEqual(whole.json['usage'])
  })

  it('a limit truncates, and models of the first generation tell no finish reason', async () => {
    const cut = { max_output_tokens: 4 }
    const told = await send(asked(plain, cut))
    expect(told.json).toMatchObject({ is_truncated: true, finish_reason: 'length' })
    const early = await send(asked(plain, cut), 'chat/completions')
    expect(early.json).toMatchObject({ is_truncated: true })
    expect(early.json).not.toHaveProperty('finish_reason')
    const last = chunks((await send(asked(plain, { ...cut, ...streamed }), 'chat/completions_pro')).text).at(
      -1,
    )
    expect(last).toMatchObject({ is_end: true, is_truncated: true, usage: { completion_tokens: 4 } })
    expect(last).not.toHaveProperty('finish_reason')
  })

  it('a stop text ends the answer, and json_object makes it an object', async () => {
    const stopped = await send(asked('收到', { stop: ['。'] }))
    expect(stopped.json['result']).not.toContain('。')
    const json = await send(asked('收到', { response_format: 'json_object' }))
    expect(JSON.parse(String(json.json['result']))).toEqual({ answer: expect.any(String) })
  })

  it('a function call names the function asked for, and its result is answered with text', async () => {
    const other = { ...weather, name: 'other' }
    const choice = { type: 'function', function: { name: 'other' } }
    const first = await send(asked('a', { functions: [weather, other], tool_choice: choice }))
    const call = first.json['function_call']
    expect(call).toMatchObject({ name: 'other', arguments: '{"location":"上海"}' })
    const second = await send({
      messages: [
        { role: 'user', content: 'a' },
        { role: 'assistant', content: '', function_call: call },
        { role: 'function', name: 'other', content: '{"temperature":21}' },
      ],
      functions: [weather, other],
    })
    expect(second.json).not.toHaveProperty('function_call')
    expect(second.json['result']).not.toBe('')
  })
})

describe('the content filter is an answer', () => {
  it('with words of its own and need_clear_history', async () => {
    simulator.addFault({ times: 2, fault: { code: 'content-filter' } })
    const whole = await send(asked('坏问题'))
    const expected = sample('v1-chat-unsafe.json') as JsonObject
    expect(shapeOf(whole.json)).toEqual(shapeOf(expected))
    expect(whole.json['result']).toBe(expected['result'])
    const { text } = await send(asked('坏问题', streamed))
    expect(joined(text, 'result')).toBe(expected['result'])
    expect(chunks(text).at(-1)).toMatchObject({
      is_end: true,
      need_clear_history: true,
      ban_round: -1,
      finish_reason: 'content_filter',
    })
    const words = countTokens(String(expected['result']))
    expect(simulator.bill().totals).toMatchObject({ requests: 2, outputTokens: 2 * words })
  })
})

describe('refusals are HTTP 200 with a code', () => {
  it.each<[StateKind, number, string | undefined]>([
    ['bad-key', 14, 'v1-error-14-iam.json'],
    ['rate-limit', 18, 'v1-error-18-qps.json'],
    ['free-quota', 17, 'v1-error-17-daily-or-billing.json'],
    ['balance', 17, 'v1-error-17-daily-or-billing.json'],
    ['overloaded', 336_100, 'v1-error-336100-busy.json'],
    ['internal', 336_000, undefined],
  ])('state %s: code %i', async (code, number, file) => {
    simulator.addFault({ times: 2, fault: { code } })
    const whole = await send(asked('a'))
    const stream = await send(asked('a', streamed))
    for (const sent of [whole, stream]) {
      expect(sent.status).toBe(200)
      expect(sent.headers.get('content-type')).toBe('application/json')
      expect(sent.json['error_code']).toBe(number)
      if (file !== undefined) expect(withoutIds(sent.json)).toEqual(withoutIds(sample(file)))
    }
    expect(simulator.bill().lines).toEqual([])
    expect(simulator.requests()).toMatchObject([{ outcome: 'refused' }, { outcome: 'refused' }])
  })

  it('an empty grant is the daily limit', async () => {
    simulator.setGrant({
      provider: 'qianfan',
      model: 'ernie-speed-8k',
      tokens: 1,
      whenEmpty: 'provider-stops',
    })
    expect((await send(asked('a'))).json).not.toHaveProperty('error_code')
    expect((await send(asked('a'))).json).toEqual(sample('v1-error-17-daily-or-billing.json'))
    expect((await send(asked('a'), 'chat/ernie-tiny-8k')).json).not.toHaveProperty('error_code')
    expect(simulator.bill().totals).toMatchObject({ requests: 2, freeTokens: 1 })
  })

  const long = asked('长'.repeat(8_189))
  it.each<[name: string, code: number, path: string, body: unknown, file?: string]>([
    ['an unknown model', 3, 'chat/ernie-9', asked('a')],
    ['a model name in place of its suffix', 3, 'chat/ernie-speed-8k', asked('a')],
    ['an embedding model that should chat', 3, 'chat/tao_8k', asked('a')],
    ['a chat model that should embed', 3, 'embeddings/ernie_speed', { input: ['a'] }],
    ['no JSON', 336_002, speed, '{"messages":'],
    ['a prompt beyond the context', 336_103, speed, long, 'v1-error-336103-too-long.json'],
    ['an embedding text that is too long', 336_103, 'embeddings/embedding-v1', { input: ['长'.repeat(385)] }],
    ['a bare text to embed', 336_003, 'embeddings/embedding-v1', { input: 'a' }],
    ['an empty text to embed', 336_003, 'embeddings/embedding-v1', { input: ['a', ''] }],
    ['more texts than a batch takes', 336_003, 'embeddings/tao_8k', { input: ['a', 'b'] }],
    ['OpenAI’s embedding parameters', 336_003, 'embeddings/tao_8k', { input: ['a'], dimensions: 384 }],
    ['no texts', 336_003, 'embeddings/tao_8k', {}],
  ])('%s: code %i', async (_name, code, path, body, file) => {
    const { status, json } = await send(body, path)
    expect([status, json['error_code']]).toEqual([200, code])
    if (file !== undefined) expect(withoutIds(json)).toEqual(withoutIds(sample(file)))
    expect(simulator.bill().lines).toEqual([])
  })

  it('another method than POST has a code too', async () => {
    const response = await fetch(`${simulator.url}/rpc/2.0/ai_custom/v1/wenxinworkshop/${speed}`)
    expect([response.status, await response.json()]).toMatchObject([200, { error_code: 336_101 }])
  })
})

const user = (content: unknown, more = {}) => ({ role: 'user', content, ...more })
const assistant = (content: unknown, more = {}) => ({ role: 'assistant', content, ...more })
const call = { name: 'get_weather', arguments: '{}' }
const result = { role: 'function', name: 'get_weather', content: '{}' }

describe('requests are read strictly', () => {
  it('messages of an even number, in the words of the sample', async () => {
    const { json } = await send({ messages: [user('a'), assistant('b')] })
    expect(withoutIds(json)).toEqual(withoutIds(sample('v1-error-336003-messages.json')))
  })

  it.each<[string, JsonObject]>([
    ['no messages', {}],
    ['a system message', { messages: [{ role: 'system', content: 'a' }, user('b'), user('c')] }],
    ['two users in a row', { messages: [user('a'), user('b'), user('c')] }],
    ['the assistant first', { messages: [assistant('a')] }],
    ['empty content', { messages: [user('')] }],
    ['content in parts', { messages: [user([{ type: 'text', text: 'a' }])] }],
    ['OpenAI’s tool calls', { messages: [user('a'), assistant('', { tool_calls: [] }), user('b')] }],
    [
      'a function result without functions',
      { messages: [user('a'), assistant('', { function_call: call }), result] },
    ],
    ['a result nobody asked for', { ...offered, messages: [user('a'), assistant('b'), result] }],
    [
      'the result of another function',
      { ...offered, messages: [user('a'), assistant('', { function_call: { ...call, name: 'x' } }), result] },
    ],
    [
      'a call without arguments',
      { messages: [user('a'), assistant('', { function_call: { name: 'x' } }), user('b')] },
    ],
    ['a call by the user', { messages: [user('a', { function_call: call })] }],
    ['temperature 0', asked('a', { temperature: 0 })],
    ['temperature above 1', asked('a', { temperature: 1.1 })],
    ['top_p above 1', asked('a', { top_p: 1.1 })],
    ['penalty_score below 1', asked('a', { penalty_score: 0.5 })],
    ['penalty_score above 2', asked('a', { penalty_score: 2.1 })],
    ['one token of output', asked('a', { max_output_tokens: 1 })],
    ['more output than the model has', asked('a', { max_output_tokens: 2_049 })],
    ['five stop texts', asked('a', { stop: ['a', 'b', 'c', 'd', 'e'] })],
    ['a stop text of 21 characters', asked('a', { stop: ['a'.repeat(21)] })],
    ['OpenAI’s object for the format', asked('a', { response_format: { type: 'json_object' } })],
    ['no functions in the list', asked('a', { functions: [] })],
    ['a function without parameters', asked('a', { functions: [{ name: 'x', description: 'y' }] })],
    ['a function without description', asked('a', { functions: [{ name: 'x', parameters: {} }] })],
    ['a function with an odd name', asked('a', { functions: [{ ...weather, name: 'a b' }] })],
    ['OpenAI’s word for the choice', asked('a', { ...offered, tool_choice: 'auto' })],
    [
      'the choice of a function not offered',
      asked('a', { tool_choice: { type: 'function', function: call } }),
    ],
    ['max_tokens', asked('a', { max_tokens: 9 })],
    ['tools', asked('a', { tools: [] })],
    ['stream_options', asked('a', { ...streamed, stream_options: { include_usage: true } })],
    ['a field of nobody', asked('a', { colour: 'red' })],
  ])('%s: code 336003', async (_name, body) => {
    const { status, json } = await send(body)
    expect([status, json['error_code'], json['id']]).toEqual([200, 336_003, expect.stringMatching(/^as-/)])
  })

  it.each<[string, JsonObject, number]>([
    ['a bare stop text', asked('a', { stop: 'a' }), 336_001],
    ['a user id that is no text', asked('a', { user_id: 7 }), 336_001],
    ['a system that is no text', asked('a', { system: ['a'] }), 336_104],
  ])('%s is of the wrong type', async (_name, body, code) => {
    expect((await send(body)).json['error_code']).toBe(code)
  })
})

describe('the bill follows the counting rule', () => {
  it('system counts as the message it replaces, functions as they were sent', async () => {
    const system = '你是图书管理员。'
    const text = '好 [[sim tokens=7 tools=0]]'
    const history = [user('a'), assistant('', { function_call: call }), result, assistant('b'), user(text)]
    const { json } = await send({ system, messages: history, ...offered })
    const prompt =
      6 * messageTokens +
      countTokens(system) +
      countTokens('a') +
      countTokens('get_weather{}') +
      countTokens('{}') +
      countTokens('b') +
      countTokens(text) +
      countTokens(JSON.stringify(weather))
    expect(json['usage']).toEqual({ prompt_tokens: prompt, completion_tokens: 7, total_tokens: prompt + 7 })
    expect(simulator.bill().totals).toMatchObject({
      inputTokens: prompt,
      outputTokens: 7,
      totalTokens: prompt + 7,
    })
  })

  it('a function call costs its name and arguments, texts to embed their tokens', async () => {
    const called = await send(asked('a', { ...streamed, ...offered }))
    const cost = countTokens('get_weather{"location":"上海"}')
    expect(chunks(called.text)).toMatchObject([{ usage: { completion_tokens: cost } }])
    const embedded = await send({ input: ['你好', 'abc'] }, 'embeddings/bge_large_zh')
    expect(embedded.json['usage']).toEqual({ prompt_tokens: 3, total_tokens: 3 })
    expect(simulator.bill().lines).toMatchObject([
      { protocol: 'qianfan-v1', model: 'ernie-speed-8k', outputTokens: cost },
      { protocol: 'qianfan-v1', model: 'bge-large-zh', inputTokens: 3, outputTokens: 0 },
    ])
  })
})

describe('faults', () => {
  const prompt = messageTokens + countTokens(plain)

  async function read(fault: Fault, more: JsonObject = streamed): Promise<string> {
    simulator.addFault({ fault })
    const response = await openPath(simulator, token, speed, asked(plain, more))
    let text = ''
    try {
      for await (const part of response.body ?? []) text += Buffer.from(part).toString()
    } catch {
      text += '(broken off)'
    }
    return text
  }

  it('an error inside a stream is a line of JSON without data:, then the end', async () => {
    const text = await read({ errorAfterChunks: 2 })
    expect(chunks(text)).toHaveLength(2)
    const line = text.slice(text.lastIndexOf('\n\n') + 2)
    expect(JSON.parse(line)).toEqual({
      error_code: 336_000,
      error_msg: 'Internal error',
      id: expect.any(String),
    })
    expect(simulator.bill().totals).toMatchObject({ inputTokens: prompt, outputTokens: 6 })
    expect(simulator.requests()).toMatchObject([{ outcome: 'error', usageSent: true }])
  })

  it('a cut after the third frame bills three frames', async () => {
    expect(await read({ cutAfterChunks: 3 })).toMatch(/\n\n\(broken off\)$/)
    expect(simulator.bill().totals).toMatchObject({ inputTokens: prompt, outputTokens: 9 })
  })

  it('a stall bills what came before it', async () => {
    simulator.addFault({ fault: { stallAfterChunks: 1 } })
    const reader = (await openPath(simulator, token, speed, asked(plain, streamed))).body?.getReader()
    const first = await reader?.read()
    expect(Buffer.from(first?.value ?? []).toString()).toContain('"sentence_id":0')
    await reader?.cancel()
    await until(() => simulator.requests().at(0)?.closedAt !== undefined)
    expect(simulator.requests()).toMatchObject([{ outcome: 'stalled', completionTokens: 3 }])
  })

  it('garbage, an empty stream, an answer without a result, a failing answer', async () => {
    expect(await read({ garbageAfterChunks: 1 })).toMatch(/data: \{"id":"broken"[^\n]*\n\n$/)
    expect(await read({ emptyStream: true })).toBe('')
    expect(Object.keys(JSON.parse(await read({ emptyStream: true }, {})))).toEqual([
      'id',
      'object',
      'created',
    ])
    expect(JSON.parse(await read({ errorAfterChunks: 0 }, {}))).toMatchObject({ error_code: 336_000 })
    expect(await read({ garbageAfterChunks: 0 }, {})).toMatch(/^\{"id":"as-[^}]*$/)
    expect(await read({ cutAfterChunks: 0 }, {})).toMatch(/\(broken off\)$/)
  })

  it('usage is left out, or null, in every frame and in whole answers', async () => {
    for (const more of [streamed, {}]) {
      expect(await read({ noUsage: true }, more)).not.toContain('usage')
      const nulls = await read({ usage: 'null' }, more)
      expect(nulls.match(/"usage":null/g)).toHaveLength('stream' in more ? 4 : 1)
      expect(nulls).not.toContain('prompt_tokens')
    }
    expect(simulator.bill().totals).toMatchObject({ requests: 4, outputTokens: 36 })
    expect(simulator.requests().every((request) => !request.usageSent)).toBe(true)
    simulator.addFault({ fault: { noUsage: true } })
    expect((await send({ input: ['a'] }, 'embeddings/tao_8k')).text).not.toContain('usage')
  })

  it('another status, another body, a gateway’s page', async () => {
    simulator.addFault({ fault: { status: 500 } })
    expect(await send(asked('a'))).toMatchObject({ status: 500, json: { error_code: 336_000 } })
    simulator.addFault({ fault: { status: 200, body: { error_code: 15, error_msg: 'x' } } })
    expect((await send(asked('a', streamed))).text).toBe('{"error_code":15,"error_msg":"x"}')
    simulator.addFault({ fault: { html502: true } })
    expect((await send(asked('a'))).status).toBe(502)
  })

  it('who leaves in the middle pays for what was produced', async () => {
    const response = await openPath(simulator, token, speed, asked('a [[sim tokens=9000 gap=5]]', streamed))
    const reader = response.body?.getReader()
    await reader?.read()
    await reader?.cancel()
    await until(() => simulator.requests().at(0)?.outcome === 'client-closed')
    const produced = simulator.requests().at(0)?.completionTokens ?? 0
    expect(produced).toBeGreaterThan(0)
    expect(simulator.bill().totals.outputTokens).toBe(produced)
  })
})

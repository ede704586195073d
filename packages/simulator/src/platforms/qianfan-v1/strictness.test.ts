import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { StateKind } from '../../contract/refusal.ts'
import type { JsonObject } from '../../json.ts'
import { type Simulator, startSimulator } from '../../simulator.ts'
import { asked, sendPath, tokenOf } from '../../testing/qianfan-v1.ts'
import { fixture } from '../../testing/shape.ts'

let simulator: Simulator
let token: string
beforeAll(async () => {
  simulator = await startSimulator()
  token = await tokenOf(simulator)
})
beforeEach(() => simulator.reset())
afterAll(() => simulator.close())

const speed = 'chat/ernie_speed'
const weather = { name: 'get_weather', description: '', parameters: { type: 'object', properties: {} } }
const streamed = { stream: true }
const offered = { functions: [weather] }

const send = (body: unknown, path = speed) => sendPath(simulator, token, path, body)
const sample = (file: string): unknown => JSON.parse(fixture(`qianfan/${file}`))
const withoutIds = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value).replaceAll(/as-(fixture)?[0-9a-f]+/g, 'ID'))

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

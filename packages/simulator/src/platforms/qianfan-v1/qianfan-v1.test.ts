import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
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

describe('the bill follows the counting rule', () => {
  it('system counts as the message it replaces, functions as they were sent', async () => {
    const system = '你是图书管理员。'
    const text = '好 [[sim tokens=7 tools=0]]'
    const history = [
      { role: 'user', content: 'a' },
      { role: 'assistant', content: '', function_call: { name: 'get_weather', arguments: '{}' } },
      { role: 'function', name: 'get_weather', content: '{}' },
      { role: 'assistant', content: 'b' },
      { role: 'user', content: text },
    ]
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

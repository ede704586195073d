import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  callOf,
  chatRequest,
  expectHttp,
  fixture,
  jsonHead,
  modelRequest,
  readStream,
} from '../../test/support.ts'
import type { ChatAnswer, Refusal } from '../contract/index.ts'
import { qianfanV1 } from './index.ts'

const called = { name: 'get_weather', thoughts: '查一下', arguments: '{"location":"上海"}' }
const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 }

describe('Qianfan V1, whole answers', () => {
  it('become OpenAI’s', () => {
    const read = answer(JSON.parse(fixture('qianfan/v1-chat-function-call.json').toString()))
    if (!read.ok) throw read.error
    expect(JSON.parse(String(read.body))).toEqual({
      id: 'as-fixture0003',
      object: 'chat.completion',
      created: 1767268800,
      model: 'upstream-model',
      choices: [
        {
          index: 0,
          logprobs: null,
          finish_reason: 'tool_calls',
          message: {
            role: 'assistant',
            content: null,
            reasoning_content: '用户想知道天气，需要调用工具',
            tool_calls: [
              {
                id: 'call_0190b4a0-0000-7000-8000-000000000001_0',
                type: 'function',
                function: { name: 'get_weather', arguments: '{"location":"上海"}' },
              },
            ],
          },
        },
      ],
      usage: { prompt_tokens: 31, completion_tokens: 24, total_tokens: 55 },
    })
  })

  it.each([
    ['stop', {}],
    ['stop', { finish_reason: 'normal' }],
    ['stop', { finish_reason: 'function_call' }],
    ['length', { is_truncated: true }],
    ['length', { finish_reason: 'length' }],
    ['length', { is_truncated: true, function_call: called }],
    ['content_filter', { need_clear_history: true, is_truncated: true }],
    ['content_filter', { finish_reason: 'content_filter' }],
    ['tool_calls', { function_call: called }],
    ['tool_calls', { function_call: called, finish_reason: 'normal' }],
    ['stop', { function_call: {}, need_clear_history: false, is_truncated: false }],
  ])('ended because of %s: %j', (reason, signs) => {
    const body = { id: 'as-1', result: 'text', usage, ...signs }
    const whole = answer(body)
    expect(whole.ok && whole.finishReason).toBe(reason)
    const { reader, chunks } = stream([{ ...body, is_end: true }])
    expect(reader.state.finishReason).toBe(reason)
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe(reason)
  })

  it('count the tokens of a search in the total, also where none is told', () => {
    const counted = { prompt_tokens: 3, completion_tokens: 9, tool_tokens: 1391 }
    for (const told of [counted, { ...counted, total_tokens: 1403 }]) {
      const read = answer({ result: 'x', usage: told })
      expect(read.ok && read.usage).toEqual({ inputTokens: 3, outputTokens: 9, totalTokens: 1403 })
    }
    const none = answer({ result: 'x' })
    expect(none.ok && none.usage).toBeUndefined()
  })

  it('are refused when they say nothing or are no JSON', () => {
    for (const body of [{}, { result: '' }, [], 'x', null]) {
      expect(answer(body)).toMatchObject({ ok: false, error: { kind: 'upstream_error' } })
    }
  })
})

describe('Qianfan V1, streams', () => {
  it('take the newest usage, and the verdict of any frame', () => {
    const { reader, text } = stream([
      { id: 'as-1', result: 'a', is_end: false, usage, need_clear_history: true },
      { id: 'as-1', result: 'b', is_end: false, usage: { ...usage, completion_tokens: 4, total_tokens: 7 } },
      {
        id: 'as-1',
        result: '',
        is_end: true,
        usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 },
      },
    ])
    expect(text).toBe('ab')
    expect(reader.state).toMatchObject({
      complete: true,
      error: undefined,
      finishReason: 'content_filter',
      usage: { inputTokens: 3, outputTokens: 4, totalTokens: 7 },
      upstreamId: 'as-1',
    })
  })

  it('skip comments', () => {
    const frame = JSON.stringify({ result: 'a', is_end: true })
    const { text, reader } = readStream(
      qianfanV1,
      Buffer.from(`: keep-alive\n\n: OPENROUTER PROCESSING\n\ndata: ${frame}\n\n`),
    )
    expect(text).toBe('a')
    expect(reader.state.complete).toBe(true)
  })

  it('without the frame that ends them were cut', () => {
    const { reader } = stream([{ result: 'a', is_end: false, finish_reason: 'normal' }])
    expect(reader.state.error).toMatchObject({ kind: 'upstream_error', upstreamCode: 'stream_cut' })
    expect(stream([]).reader.state.error?.upstreamCode).toBe('stream_cut')
  })

  it('pass a call on once, also where its arguments come in pieces', () => {
    const { chunks } = stream([
      { function_call: { name: 'get_weather', arguments: '{"a":' }, is_end: false },
      { function_call: { arguments: '1}' }, is_end: true },
    ])
    const pieces = chunks.flatMap((chunk) => chunk.choices[0]?.delta.tool_calls ?? [])
    expect(pieces).toMatchObject([
      { index: 0, type: 'function', function: { name: 'get_weather', arguments: '{"a":' } },
      { index: 0, function: { arguments: '1}' } },
    ])
    expect(pieces[1]).not.toHaveProperty('id')
  })
})

describe('Qianfan V1, the session', () => {
  const session = qianfanV1.session
  const call = callOf(qianfanV1, {
    baseUrl: 'https://aip.baidubce.com',
    credentials: { apiKey: 'key+1', secretKey: 'secret/2' },
  })

  it('is asked for with both keys in the query, and no body', () => {
    expect(session?.request(call)).toEqual({
      transport: 'http',
      method: 'POST',
      url: 'https://aip.baidubce.com/oauth/2.0/token?grant_type=client_credentials&client_id=key%2B1&client_secret=secret%2F2',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
    })
  })

  it('is one for all models, and the proof that the keys are good', () => {
    expect(session?.scope(call)).toBe(session?.scope({ ...call, upstreamModel: 'embedding-v1' }))
    expect(qianfanV1.probe.request(call)).toBeUndefined()
    expect(qianfanV1.probe.spends).toBe(false)
  })

  it('is short where nothing is said of its life', () => {
    expect(open(200, { access_token: '24.a' })).toMatchObject({
      ok: true,
      expiresAtMs: call.nowMs + 3_600_000,
    })
    expect(open(200, { access_token: '24.a', expires_in: '60' })).toMatchObject({
      expiresAtMs: call.nowMs + 60_000,
    })
    expect(open(200, { access_token: '24.a', expires_in: 900_000_000_000 })).toMatchObject({
      expiresAtMs: call.nowMs + 3_600_000,
    })
  })

  it.each([
    [400, { error: 'invalid_client', error_description: 'unknown client id' }, 'invalid_credentials'],
    [
      200,
      { error: 'invalid_client', error_description: 'Client authentication failed' },
      'invalid_credentials',
    ],
    [
      401,
      { error: 'x', error_description: 'unknown client id', access_token: '24.a' },
      'invalid_credentials',
    ],
    [400, { error: 'unauthorized_client' }, 'permission_denied'],
    [400, { error: 'invalid_request', error_description: 'missing grant type' }, 'upstream_error'],
    [200, { error_code: 18, error_msg: 'qps' }, 'rate_limited'],
    [429, '', 'rate_limited'],
    [503, '<html>', 'overloaded'],
    [404, '<html>', 'upstream_error'],
    [200, {}, 'upstream_error'],
    [200, { access_token: 7 }, 'upstream_error'],
  ])('that fails with %i %j is %s, and never the caller’s fault', (status, body, kind) => {
    expect(open(status, body)).toMatchObject({ ok: false, error: { kind } })
  })

  it('shows no key when it fails', () => {
    const failed = open(400, { error: 'invalid_client', error_description: 'no client key+1 with secret/2' })
    expect(failed?.ok === false && failed.error.message).toBe('no client *** with ***')
  })

  function open(status: number, body: unknown) {
    const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
    return session?.read(jsonHead(status), bytes, call)
  }
})

describe('Qianfan V1, embeddings', () => {
  const { embeddings } = qianfanV1

  it.each([
    ['Embedding-V1', 'embedding-v1', 16],
    ['bge-large-zh', 'bge_large_zh', 16],
    ['bge-large-en', 'bge_large_en', 16],
    ['tao-8k', 'tao_8k', 1],
  ])('of %s come from %s, %3$i at a time', (upstreamModel, suffix, inputsMax) => {
    const call = callOf(qianfanV1, { upstreamModel, session: { accessToken: '24.a' } })
    const body = { input: 'a', dimensions: 3, encoding_format: 'base64' }
    const sent = embeddings?.request(modelRequest(body), call)
    if (sent === undefined) throw new Error('no embeddings')
    const exchange = expectHttp(sent)
    expect(exchange.url).toBe(
      `${call.baseUrl}/rpc/2.0/ai_custom/v1/wenxinworkshop/embeddings/${suffix}?access_token=24.a`,
    )
    expect(Buffer.from(exchange.body ?? '').toString()).toBe('{"input":["a"]}')
    expect(embeddings?.inputsMax?.(call)).toBe(inputsMax)
  })

  it('name the model that Qianfan leaves out', () => {
    const call = callOf(qianfanV1, { upstreamModel: 'tao-8k' })
    const read = embeddings?.answer(
      jsonHead(200),
      fixture('qianfan/v1-embedding.json'),
      modelRequest({ input: ['a', 'b'] }),
      call,
    )
    expect(read?.ok === true && JSON.parse(String(read.body))).toMatchObject({
      object: 'list',
      model: 'tao-8k',
    })
  })
})

it('reads a body with anything in any field without a fault', () => {
  const names =
    'id result is_end is_truncated need_clear_history finish_reason function_call usage error_code error_msg'
  const value = fc.oneof(fc.jsonValue(), fc.record({ name: fc.jsonValue(), arguments: fc.jsonValue() }))
  const body = fc.dictionary(fc.constantFrom(...names.split(' ')), value)
  fc.assert(
    fc.property(fc.array(body, { maxLength: 3 }), (frames) => {
      const { state } = stream(frames).reader
      expect(state.complete || state.error !== undefined).toBe(true)
      for (const frame of frames) expect(answer(frame)).toHaveProperty('ok')
    }),
    { numRuns: 300 },
  )
})

function answer(body: unknown): ChatAnswer | Refusal {
  const bytes = Buffer.from(JSON.stringify(body))
  return qianfanV1.chat.answer(jsonHead(200), bytes, chatRequest({}), callOf(qianfanV1))
}

function stream(frames: readonly unknown[]) {
  return readStream(
    qianfanV1,
    Buffer.from(frames.map((frame) => `data: ${JSON.stringify(frame)}\n\n`).join('')),
  )
}

import { describe, expect, it } from 'vitest'
import {
  callOf,
  chatRequest,
  fixture,
  jsonHead,
  modelRequest,
  readStream,
  refusalOf,
  sentChat,
} from '../../test/support.ts'
import { hunyuanOpenai } from './index.ts'

const user = { role: 'user', content: '你好' }
const weather = { type: 'function', function: { name: 'get_weather', parameters: {} } }
const time = { type: 'function', function: { name: 'get_time', parameters: {} } }

describe('Hunyuan, requests', () => {
  it('drops what the endpoint does not list and keeps the vendor’s own fields', () => {
    const body = sent({
      n: 1,
      presence_penalty: 1,
      frequency_penalty: 1,
      response_format: { type: 'json_object' },
      parallel_tool_calls: true,
      logit_bias: {},
      user: 'someone',
      enable_enhancement: true,
      temperature: 0,
    })
    expect(Object.keys(body).sort()).toEqual(['enable_enhancement', 'messages', 'model', 'temperature'])
  })

  it('moves a seed into 1 to 10000', () => {
    expect(sent({ seed: 42 })['seed']).toBe(42)
    expect(sent({ seed: 0 })['seed']).toBe(10_000)
    expect(sent({ seed: 123_456 })['seed']).toBe(3_456)
  })

  it('sends the reserved output as max_tokens, whatever the client called it', () => {
    const { body } = sentChat(
      hunyuanOpenai,
      { messages: [user], max_completion_tokens: 5 },
      { maxOutputTokens: 99 },
    )
    expect(body).toMatchObject({ max_tokens: 99 })
    expect(body).not.toHaveProperty('max_completion_tokens')
  })

  it('brings the messages into order and sends no earlier reasoning back', () => {
    const messages = [
      user,
      { role: 'developer', content: 'Be short.' },
      user,
      { role: 'assistant', content: '好', reasoning_content: '想' },
      user,
    ]
    expect(sent({ messages })['messages']).toEqual([
      { role: 'system', content: 'Be short.' },
      { role: 'user', content: '你好\n\n你好' },
      { role: 'assistant', content: '好' },
      user,
    ])
  })

  it('refuses more than 40 messages before anything is spent, counting what would be sent', () => {
    const turn = [user, { role: 'assistant', content: '好' }]
    const many = Array.from({ length: 20 }, () => turn).flat()
    const refused = hunyuanOpenai.chat.request(
      chatRequest({ messages: [...many, user] }),
      callOf(hunyuanOpenai),
    )
    expect(refused).toMatchObject({
      ok: false,
      error: { kind: 'invalid_request', param: 'messages', message: expect.stringContaining('41') as string },
    })
    expect(sent({ messages: many })['messages']).toHaveLength(40)
    expect(sent({ messages: [...many.slice(0, 39), user, user, user] })['messages']).toHaveLength(39)
  })

  it('forces a tool in the vendor’s way', () => {
    const choice = { type: 'function', function: { name: 'get_time' } }
    expect(sent({ tools: [weather, time], tool_choice: choice })).toMatchObject({
      tool_choice: 'custom',
      custom_tool: time,
    })
    expect(sent({ tools: [weather], tool_choice: 'required' })).toMatchObject({
      tool_choice: 'custom',
      custom_tool: weather,
    })
    expect(sent({ tools: [weather, time], tool_choice: 'required' })).toMatchObject({ tool_choice: 'auto' })
    expect(sent({ tools: [weather], tool_choice: 'none' })).toMatchObject({ tool_choice: 'none' })
  })

  it('asks for embeddings with model and input only', () => {
    const call = callOf(hunyuanOpenai, { upstreamModel: 'hunyuan-embedding' })
    const request = modelRequest({ input: 'x', dimensions: 5, encoding_format: 'float', user: 'u' })
    const exchange = hunyuanOpenai.embeddings?.request(request, call)
    expect(
      JSON.parse(Buffer.from((exchange && 'body' in exchange && exchange.body) || '').toString()),
    ).toEqual({
      model: 'hunyuan-embedding',
      input: 'x',
    })
  })
})

describe('Hunyuan, answers', () => {
  it('passes the answer on as it came, its note included', () => {
    const bytes = fixture('hunyuan/openai-chat.json')
    const read = answer(bytes)
    expect(read.ok && Buffer.from(read.body).equals(bytes)).toBe(true)
    expect(read).toMatchObject({
      finishReason: 'stop',
      usage: { inputTokens: 14, outputTokens: 7, totalTokens: 21 },
    })
  })

  it('takes the stop text out of the answer, if it is there', () => {
    const bytes = fixture('hunyuan/openai-chat.json')
    expect(contentOf(answer(bytes, { stop: '。' }))).toBe('可以试试《三体》')
    expect(contentOf(answer(bytes, { stop: ['；'] }))).toBe('可以试试《三体》。')
  })

  it('takes the stop text out of a stream, if it is there', () => {
    const bytes = fixture('hunyuan/openai-chat-stream.sse.txt')
    for (const size of [1, 64, bytes.length]) {
      const request = chatRequest({ stream: true, stop: ['》。'] })
      const { text, reader, chunks } = readStream(hunyuanOpenai, bytes, { request, size })
      expect(text).toBe('可以试试《三体')
      expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('stop')
      expect(reader.state).toMatchObject({ complete: true, error: undefined, usage: { totalTokens: 21 } })
    }
    const other = readStream(hunyuanOpenai, bytes, { request: chatRequest({ stream: true, stop: '。。' }) })
    expect(other.text).toBe('可以试试《三体》。')
  })

  it('gives id and name of a tool call once', () => {
    const { chunks, reader } = readStream(
      hunyuanOpenai,
      fixture('hunyuan/openai-chat-stream-tool-call.sse.txt'),
    )
    expect(chunks.flatMap((chunk) => chunk.choices[0]?.delta.tool_calls ?? [])).toEqual([
      { index: 0, id: 'call_fixture_1', type: 'function', function: { name: 'get_weather', arguments: '' } },
      expect.objectContaining({ index: 0, function: { arguments: '{"location":"上海"}' } }) as object,
    ])
    expect(reader.state).toMatchObject({ finishReason: 'tool_calls', usage: { totalTokens: 26 } })
  })
})

describe('Hunyuan, errors', () => {
  it.each([
    ['openai-error-400-ratelimit-2003.json', 400, 'rate_limited'],
    ['openai-error-401-bad-key.json', 401, 'invalid_credentials'],
    ['openai-error-401-bad-key.json', 400, 'invalid_credentials'],
    ['openai-error-content.json', 400, 'content_filter'],
    ['openai-error-quota.json', 400, 'free_quota_exhausted'],
    ['openai-error-too-long.json', 400, 'context_length_exceeded'],
  ] as const)('%s with %i is %s', (name, status, kind) => {
    expect(refusalOf(hunyuanOpenai, status, fixture(`hunyuan/${name}`)).kind).toBe(kind)
  })

  it.each([
    ['账户已欠费', 'balance_exhausted'],
    ['并发数超限', 'rate_limited'],
    ['服务未开通', 'permission_denied'],
    ['seed must be in [1,10000]', 'invalid_request'],
  ] as const)('a 400 that says %s is %s', (message, kind) => {
    const body = JSON.stringify({ error: { message, type: 'runtime_error', code: '2999' } })
    expect(refusalOf(hunyuanOpenai, 400, body).kind).toBe(kind)
  })
})

function sent(body: Record<string, unknown>) {
  const { stream: _, ...rest } = sentChat(hunyuanOpenai, { messages: [user], ...body }).body
  return rest
}

function answer(bytes: Buffer, body: Record<string, unknown> = {}) {
  return hunyuanOpenai.chat.answer(jsonHead(200), bytes, chatRequest(body), callOf(hunyuanOpenai))
}

function contentOf(read: ReturnType<typeof answer>): string | undefined {
  if (!read.ok) throw read.error
  const body = JSON.parse(Buffer.from(read.body).toString()) as {
    choices: { message: { content: string } }[]
  }
  return body.choices[0]?.message.content
}

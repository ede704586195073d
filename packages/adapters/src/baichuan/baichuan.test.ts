import { describe, expect, it } from 'vitest'
import {
  callOf,
  chatRequest,
  fixture,
  jsonHead,
  modelRequest,
  probeOf,
  readStream,
  refusalOf,
  sentChat,
} from '../../test/support.ts'
import { baichuan } from './index.ts'

const user = { role: 'user', content: '1加1等于几?' }

describe('Baichuan, requests', () => {
  it('drops what Baichuan does not document and keeps its own fields', () => {
    const body = sent({
      stream: true,
      stream_options: { include_usage: true },
      stop: ['x'],
      n: 1,
      seed: 1,
      presence_penalty: 1,
      user: 'u',
      metadata: { a: 'b' },
      top_k: 5,
      with_search_enhance: true,
      knowledge_base: { ids: ['kb-1'] },
    })
    expect(Object.keys(body).sort()).toEqual([
      'knowledge_base',
      'messages',
      'model',
      'stream',
      'top_k',
      'with_search_enhance',
    ])
  })

  it('leaves M3-Plus the metadata that steers its evidence', () => {
    const metadata = { evidence_scope: 'grounded' }
    expect(sent({ metadata }, { upstreamModel: 'Baichuan-M3-Plus' })['metadata']).toEqual(metadata)
  })

  it('moves temperature and top_p into the ranges', () => {
    expect(sent({ temperature: 1.8, top_p: 1 })).toMatchObject({ temperature: 1, top_p: 0.99 })
    expect(sent({ temperature: 0, top_p: 0.5 })).toMatchObject({ temperature: 0, top_p: 0.5 })
  })

  it.each([
    ['Baichuan4-Air', 2048],
    ['Baichuan3-Turbo-128k', 2048],
    ['Baichuan-M2', 32_000],
    ['Baichuan-M3', 30_000],
    ['Baichuan-M3-Plus', 16_000],
  ])('caps the output of %s at %i', (upstreamModel, cap) => {
    expect(sent({}, { upstreamModel, maxOutputTokens: 100_000 })['max_tokens']).toBe(cap)
    expect(sent({ max_completion_tokens: 1 }, { upstreamModel, maxOutputTokens: 100 })).toMatchObject({
      max_tokens: 100,
    })
  })

  it('folds the system message for the models that take none', () => {
    const messages = [{ role: 'system', content: 'Be short.' }, user]
    expect(sent({ messages }, { upstreamModel: 'Baichuan2-Turbo' })['messages']).toEqual([
      { role: 'user', content: 'Be short.\n\n1加1等于几?' },
    ])
    expect(sent({ messages })['messages']).toEqual(messages)
  })

  it('sends a list of text parts as one text to the models that know no parts', () => {
    const parts = [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }]
    expect(sent({ messages: parts })['messages']).toEqual([{ role: 'user', content: 'hi' }])
    expect(sent({ messages: parts }, { upstreamModel: 'Baichuan-M3' })['messages']).toEqual(parts)
  })

  it('probes with one token', () => {
    const call = callOf(baichuan, { upstreamModel: '' })
    expect(baichuan.probe.spends).toBe(true)
    expect(JSON.parse(String(probeOf(baichuan, call).body))).toEqual({
      model: 'Baichuan4-Air',
      messages: [{ role: 'user', content: 'hi' }],
      max_tokens: 1,
    })
    expect(baichuan.probe.read(jsonHead(200), fixture('baichuan/chat.json'), call)).toBeUndefined()
    const balance = baichuan.probe.read(jsonHead(429), fixture('baichuan/error-429-balance.json'), call)
    expect(balance?.kind).toBe('balance_exhausted')
  })

  it('asks for JSON where a schema was asked for', () => {
    const format = { type: 'json_schema', json_schema: { name: 'a', schema: {} } }
    expect(sent({ response_format: format })['response_format']).toEqual({ type: 'json_object' })
  })

  it('takes at most 16 texts for embeddings', () => {
    const call = callOf(baichuan, { upstreamModel: 'Baichuan-Text-Embedding' })
    expect(baichuan.embeddings?.inputsMax?.(call)).toBe(16)
  })

  it('encodes embeddings in base64 when the client asks for it', () => {
    const call = callOf(baichuan)
    const request = modelRequest({ input: ['春天来了', '秋风起'], encoding_format: 'base64', dimensions: 3 })
    const exchange = baichuan.embeddings?.request(request, call)
    const sentText = Buffer.from((exchange && 'body' in exchange && exchange.body) || '').toString()
    expect(sentText).not.toMatch(/encoding_format|dimensions/)
    const read = baichuan.embeddings?.answer(jsonHead(200), fixture('baichuan/embedding.json'), request, call)
    const body = JSON.parse(Buffer.from(read?.ok === true ? read.body : '').toString()) as {
      data: { embedding: string }[]
    }
    const second = Buffer.from(body.data[1]?.embedding ?? '', 'base64')
    expect([0, 4, 8].map((at) => second.readFloatLE(at))).toEqual([-0.0194, 0.0066, 0.0285].map(Math.fround))
    expect(read).toMatchObject({ usage: { inputTokens: 9, totalTokens: 9 } })
  })
})

describe('Baichuan, answers', () => {
  it.each(['chat-stream.sse.txt', 'chat-stream-no-done.sse.txt'])(
    'reads a stream, with an end mark or without: %s',
    (name) => {
      const { text, chunks, reader } = readStream(baichuan, fixture(`baichuan/${name}`))
      expect(text).toBe('1加1等于2。')
      expect(chunks.map((chunk) => chunk.choices[0]?.finish_reason)).toEqual([null, null, 'stop'])
      expect(chunks.every((chunk) => !('usage' in chunk))).toBe(true)
      expect(reader.state.error).toBeUndefined()
      expect(reader.state.usage).toEqual({ inputTokens: 12, outputTokens: 7, totalTokens: 19 })
    },
  )

  it('ends the answer at a stop text, which Baichuan is not told', () => {
    const request = chatRequest({ stream: true, stop: ['于2'] })
    const { text, reader } = readStream(baichuan, fixture('baichuan/chat-stream.sse.txt'), { request })
    expect(text).toBe('1加1等')
    expect(reader.state).toMatchObject({ finishReason: 'stop', usage: { totalTokens: 19 } })
  })

  it('passes moderation on', () => {
    const { reader } = readStream(baichuan, fixture('baichuan/chat-stream-content-filter.sse.txt'))
    expect(reader.state.finishReason).toBe('content_filter')
  })

  it('passes reasoning and tool calls on', () => {
    const reasoning = readStream(baichuan, fixture('baichuan/chat-stream-reasoning.sse.txt'))
    expect(reasoning.chunks[0]?.choices[0]?.delta.reasoning_content).toBe('先看症状。')
    const calls = readStream(baichuan, fixture('baichuan/chat-stream-tool-call.sse.txt'))
    expect(calls.reader.state.finishReason).toBe('tool_calls')
  })

  it('reads an error in the middle of a stream', () => {
    const { text, reader } = readStream(baichuan, fixture('baichuan/stream-error-mid.sse.txt'))
    expect(text).toBe('从前')
    expect(reader.state.error?.kind).toBe('upstream_error')
  })

  it('keeps the sources of a knowledge base', () => {
    const bytes = fixture('baichuan/chat-knowledge.json')
    const read = baichuan.chat.answer(jsonHead(200), bytes, chatRequest({}), callOf(baichuan))
    expect(read.ok && Buffer.from(read.body).equals(bytes)).toBe(true)
  })
})

describe('Baichuan, errors', () => {
  it.each([
    ['error-400-parameter.json', 400, 'invalid_request'],
    ['error-400-too-long.json', 400, 'context_length_exceeded'],
    ['error-401-authentication.json', 401, 'invalid_credentials'],
    ['error-401-bad-key.json', 401, 'invalid_credentials'],
    ['error-429-balance.json', 429, 'balance_exhausted'],
    ['error-429-rate.json', 429, 'rate_limited'],
    ['error-500.json', 500, 'upstream_error'],
  ] as const)('%s with %i is %s', (name, status, kind) => {
    expect(refusalOf(baichuan, status, fixture(`baichuan/${name}`)).kind).toBe(kind)
  })

  it('tells no money from too fast by the message alone', () => {
    const body = (message: string) => JSON.stringify({ error: { message, code: null, type: null } })
    expect(refusalOf(baichuan, 429, body('Insufficient account balance, please recharge')).kind).toBe(
      'balance_exhausted',
    )
    expect(refusalOf(baichuan, 429, body('Rate limit reached for requests')).kind).toBe('rate_limited')
  })
})

function sent(
  body: Record<string, unknown>,
  change: { upstreamModel?: string; maxOutputTokens?: number } = {},
) {
  return sentChat(baichuan, { messages: [user], ...body }, { upstreamModel: 'Baichuan4-Air', ...change }).body
}

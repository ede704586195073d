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
import { qianfanV2 } from './index.ts'

const user = { role: 'user', content: '推荐一本科幻小说' }

describe('Qianfan V2, requests', () => {
  it('sends stop as a list, also when it is one text', () => {
    expect(sent({ stop: '完' })['stop']).toEqual(['完'])
    expect(sent({ stop: ['完', '终'] })['stop']).toEqual(['完', '终'])
    expect(sent({ stop: null })).not.toHaveProperty('stop')
  })

  it('bounds answer and reasoning together, by one field only', () => {
    const body = sent({ max_tokens: 5, max_completion_tokens: 9 }, 256)
    expect(body['max_completion_tokens']).toBe(256)
    expect(body).not.toHaveProperty('max_tokens')
    const unbounded = sent({})
    expect(unbounded).not.toHaveProperty('max_completion_tokens')
    expect(unbounded).not.toHaveProperty('max_tokens')
  })

  it('drops what Qianfan does not list and keeps its own fields', () => {
    const body = sent({
      n: 1,
      logprobs: true,
      top_logprobs: 2,
      logit_bias: {},
      store: true,
      service_tier: 'auto',
      web_search: { enable: true },
      penalty_score: 1.2,
      enable_thinking: false,
    })
    expect(Object.keys(body).sort()).toEqual([
      'enable_thinking',
      'messages',
      'model',
      'penalty_score',
      'web_search',
    ])
  })

  it('never sends a temperature of 0, and one above 1 only to models of other makers', () => {
    expect(sent({ temperature: 0 })['temperature']).toBe(0.01)
    expect(sent({ temperature: 1.5 })['temperature']).toBe(1)
    expect(sent({ temperature: 0.8 })['temperature']).toBe(0.8)
    expect(sent({ temperature: 1.5 }, undefined, 'deepseek-v3.1')['temperature']).toBe(1.5)
  })

  it('keeps ERNIE’s alternation and leaves other models’ messages alone', () => {
    const messages = [user, { role: 'developer', content: 'Be short.' }, user]
    expect(sent({ messages })['messages']).toEqual([
      { role: 'system', content: 'Be short.' },
      { role: 'user', content: '推荐一本科幻小说\n\n推荐一本科幻小说' },
    ])
    expect(sent({ messages }, undefined, 'kimi-k2')['messages']).toEqual([
      user,
      { role: 'system', content: 'Be short.' },
      user,
    ])
  })

  it('asks for usage in streams only', () => {
    expect(sent({ stream: true })['stream_options']).toEqual({ include_usage: true })
    const own = { include_usage: false, chunk_include_usage: true }
    expect(sent({ stream: true, stream_options: own })['stream_options']).toEqual({
      include_usage: true,
      chunk_include_usage: true,
    })
    expect(sent({})).not.toHaveProperty('stream_options')
  })

  it('sends the key, and the application where one is named', () => {
    const headers = (apiKey: string, options: Record<string, string> = {}) =>
      sentChat(qianfanV2, { messages: [] }, { credentials: { apiKey }, options }).exchange.headers
    expect(headers('bce-v3/a/b')).toMatchObject({ authorization: 'Bearer bce-v3/a/b' })
    expect(headers('bce-v3/a/b')).not.toHaveProperty('appid')
    expect(headers('bce-v3/a/b', { appid: '' })).not.toHaveProperty('appid')
    expect(headers('bce-v3/a/b', { appid: 'app-1' })['appid']).toBe('app-1')
    expect(headers('bce-v3/a/b|app-2')).toMatchObject({ authorization: 'Bearer bce-v3/a/b', appid: 'app-2' })
  })

  it('probes with the account’s own model and key', () => {
    const call = callOf(qianfanV2, {
      upstreamModel: 'ernie-x1.1',
      credentials: { apiKey: 'bce-v3/a/b|app-2' },
    })
    const { headers, body } = probeOf(qianfanV2, call)
    expect(headers).toMatchObject({ authorization: 'Bearer bce-v3/a/b', appid: 'app-2' })
    expect(JSON.parse(String(body))).toMatchObject({ model: 'ernie-x1.1', max_completion_tokens: 1 })
    const bad = qianfanV2.probe.read(jsonHead(401), fixture('qianfan/v2-error-401-bad-key.json'), call)
    expect(bad?.kind).toBe('invalid_credentials')
  })
})

describe('Qianfan V2, answers', () => {
  it.each(['v2-chat-stream.sse.txt', 'v2-chat-stream-usage-only-chunk.sse.txt'])(
    'reads usage wherever it stands and shows none of it: %s',
    (name) => {
      const { chunks, text, reader } = readStream(qianfanV2, fixture(`qianfan/${name}`))
      expect(text).toBe('可以试试《三体》。')
      expect(chunks.every((chunk) => chunk.choices.length === 1 && !('usage' in chunk))).toBe(true)
      expect(reader.state.usage).toEqual({ inputTokens: 14, outputTokens: 7, totalTokens: 21 })
      expect(reader.state).toMatchObject({
        complete: true,
        finishReason: 'stop',
        upstreamId: 'as-fixture1002',
      })
    },
  )

  it('reads the form of 2024: is_end, and running usage that is not added up', () => {
    const bytes = fixture('qianfan/v2-chat-stream-legacy.sse.txt')
    const { chunks, text, reader } = readStream(qianfanV2, bytes)
    expect(text).toBe('你好！')
    expect(chunks.map((chunk) => chunk.choices[0]?.finish_reason)).toEqual([null, 'stop'])
    expect(chunks.every((chunk) => chunk.object === 'chat.completion.chunk' && !('usage' in chunk))).toBe(
      true,
    )
    expect(reader.state.usage).toEqual({ inputTokens: 2, outputTokens: 2, totalTokens: 4 })
  })

  it.each(['"need_clear_history":true', '"need_clear_history":false,"flag":9'])(
    'says content_filter when the platform says %s',
    (verdict) => {
      const source = fixture('qianfan/v2-chat-stream-legacy.sse.txt').toString()
      const bytes = Buffer.from(source.replace('"need_clear_history":false', verdict))
      const { chunks, reader } = readStream(qianfanV2, bytes)
      expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('content_filter')
      expect(reader.state.finishReason).toBe('content_filter')
      // The next stream starts with a clean sheet.
      expect(readStream(qianfanV2, Buffer.from(source)).reader.state.finishReason).toBe('stop')
    },
  )

  it('reads moderation of a whole answer', () => {
    const blocked = fixture('qianfan/v2-chat-content-filter.json')
    expect(answer(blocked)).toMatchObject({ ok: true, finishReason: 'content_filter' })
    const byFlag = Buffer.from(blocked.toString().replace('"content_filter"', '"normal"'))
    expect(answer(byFlag)).toMatchObject({ ok: true, finishReason: 'content_filter' })
    const safe = fixture('qianfan/v2-chat.json')
    const read = answer(safe)
    expect(read).toMatchObject({ ok: true, finishReason: 'stop' })
    expect(read.ok && Buffer.from(read.body).equals(safe)).toBe(true)
  })

  it('asks for embeddings with a list and answers with OpenAI’s object', () => {
    const call = callOf(qianfanV2, { upstreamModel: 'embedding-v1' })
    const request = modelRequest({ input: '第一段文本', encoding_format: 'base64', dimensions: 10 })
    const exchange = qianfanV2.embeddings?.request(request, call)
    expect(
      JSON.parse(Buffer.from((exchange && 'body' in exchange && exchange.body) || '').toString()),
    ).toEqual({
      model: 'embedding-v1',
      input: ['第一段文本'],
    })
    const bytes = fixture('qianfan/v2-embedding.json')
    const read = qianfanV2.embeddings?.answer(jsonHead(200), bytes, request, call)
    expect(read).toMatchObject({ ok: true, usage: { inputTokens: 9, totalTokens: 9 } })
    const body = JSON.parse(Buffer.from(read?.ok === true ? read.body : '').toString()) as {
      object: string
      data: { embedding: string }[]
    }
    expect(body.object).toBe('list')
    const first = Buffer.from(body.data[0]?.embedding ?? '', 'base64')
    expect([0, 4, 8].map((at) => first.readFloatLE(at))).toEqual([0.0125, -0.0375, 0.0625].map(Math.fround))
  })

  it('takes one text at a time for tao-8k', () => {
    const call = callOf(qianfanV2, { upstreamModel: 'tao-8k' })
    expect(qianfanV2.embeddings?.inputsMax?.(call)).toBe(1)
  })
})

describe('Qianfan V2, errors', () => {
  it.each([
    ['v2-error-400-malformed.json', 400, 'invalid_request'],
    ['v2-error-400-model.json', 400, 'permission_denied'],
    ['v2-error-400-model.json', 401, 'permission_denied'],
    ['v2-error-400-too-long.json', 400, 'context_length_exceeded'],
    ['v2-error-401-bad-key.json', 401, 'invalid_credentials'],
    ['v2-error-401-appid.json', 401, 'invalid_credentials'],
    ['v2-error-401-codingplan-key-on-v2.json', 401, 'invalid_credentials'],
    ['v2-error-403-system-unsafe.json', 403, 'content_filter'],
    ['v2-error-429-rpm.json', 429, 'rate_limited'],
    ['v2-error-429-tpm.json', 429, 'rate_limited'],
    ['v2-error-429-codingplan-hour.json', 429, 'balance_exhausted'],
    ['v2-error-quota-arrears.json', 402, 'balance_exhausted'],
    ['v2-error-quota-arrears.json', 403, 'balance_exhausted'],
    ['v2-error-quota-arrears.json', 429, 'balance_exhausted'],
  ] as const)('%s with %i is %s', (name, status, kind) => {
    expect(refusalOf(qianfanV2, status, fixture(`qianfan/${name}`)).kind).toBe(kind)
  })

  it.each([
    ['user_rate_limit_exceeded', 429, 'rate_limited'],
    ['input_tpm_rate_limit_exceeded', 429, 'rate_limited'],
    ['preemptible_rate_limit_exceeded', 429, 'rate_limited'],
    ['Offline_batch_reasoning_refused', 429, 'rate_limited'],
    ['QUOTA_USER_DAILY_FREE', 429, 'free_quota_exhausted'],
    ['BILLING_INSUFFICIENT_BALANCE', 429, 'balance_exhausted'],
    ['coding_plan_month_quota_exceeded', 429, 'balance_exhausted'],
    ['coding_plan_subscription_expired', 403, 'permission_denied'],
    ['no_parameter_permission', 401, 'permission_denied'],
    ['invalid_messages', 400, 'invalid_request'],
    ['dispatch_internal_error', 500, 'upstream_error'],
    ['image_genration_interal_error', 500, 'upstream_error'],
  ] as const)('code %s with %i is %s', (code, status, kind) => {
    const body = JSON.stringify({ error: { code, message: 'x', type: 'access_denied' }, id: 'as-1' })
    expect(refusalOf(qianfanV2, status, body)).toMatchObject({ kind, upstreamCode: code })
    expect(refusalOf(qianfanV2, status, JSON.stringify({ code, message: 'x' })).kind).toBe(kind)
  })

  it('reads an error in a stream that comes as bare JSON', () => {
    const first = fixture('qianfan/v2-chat-stream.sse.txt').toString().split('\n\n')[0] ?? ''
    const error = '{"error":{"code":"tpm_rate_limit_exceeded","message":"Rate limit reached for TPM"}}'
    const { reader, text } = readStream(qianfanV2, Buffer.from(`${first}\n\n${error}\n`))
    expect(text).toBe('可以')
    expect(reader.state.error?.kind).toBe('rate_limited')
  })
})

function sent(
  body: Record<string, unknown>,
  maxOutputTokens?: number,
  upstreamModel = 'ernie-4.5-turbo-128k',
) {
  const change = { upstreamModel, ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }) }
  const { stream: _, ...rest } = sentChat(qianfanV2, { messages: [user], ...body }, change).body
  return rest
}

function answer(bytes: Buffer) {
  return qianfanV2.chat.answer(jsonHead(200), bytes, chatRequest({}), callOf(qianfanV2))
}

import { request as httpRequest } from 'node:http'
import {
  APIUserAbortError,
  AuthenticationError,
  BadRequestError,
  InternalServerError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
  type OpenAI,
} from 'openai'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { until } from '../support/until.ts'

let app: TestGateway
let secret: string
let client: OpenAI

const model = 'gpt-like'
const weather = {
  type: 'function' as const,
  function: {
    name: 'get_weather',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
}

beforeAll(async () => {
  app = await startTestGateway({ limits: { firstByteMs: 500, idleMs: 500 } })
  await app.addAccount({
    protocol: 'openai',
    models: [
      { name: model, maxOutputTokens: undefined },
      { name: 'embed-like', kind: 'embedding' },
    ],
  })
  await app.addAccount({
    protocol: 'tongyi-compatible',
    models: [
      { name: 'qwen3-vl-plus' },
      { name: 'qwen-plus' },
      { name: 'retired', upstream: 'qwen-none' },
      { name: 'text-embedding-v4', kind: 'embedding' },
    ],
  })
  secret = (await app.addTeam()).secret
  client = app.client(secret)
})

afterEach(() => app.simulator.clearFaults())

afterAll(async () => {
  await app.close()
})

describe('the official client, unchanged', () => {
  it('chats, and finds the request id where it looks for it', async () => {
    const answer = await client.chat.completions.create({
      model,
      messages: [{ role: 'user', content: 'hi' }],
    })
    expect(answer.object).toBe('chat.completion')
    expect(answer.choices[0]?.message.role).toBe('assistant')
    expect(answer._request_id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/)
  })

  it('streams with and without usage, once, at the end', async () => {
    for (const include_usage of [true, false]) {
      const stream = await client.chat.completions.create({
        model,
        messages: [{ role: 'user', content: 'hi' }],
        stream: true,
        stream_options: { include_usage },
      })
      const chunks = []
      for await (const chunk of stream) chunks.push(chunk)
      expect(chunks.filter((chunk) => chunk.usage)).toHaveLength(include_usage ? 1 : 0)
      if (include_usage) {
        expect(chunks.at(-1)?.choices).toEqual([])
        expect(chunks.at(-1)?.id).toBe(chunks[0]?.id)
        expect(chunks.at(-1)?.usage?.total_tokens).toBeGreaterThan(0)
      }
      expect(new Set(chunks.map((chunk) => chunk.id)).size).toBe(1)
    }
  })

  it.each([model, 'qwen-plus'])('puts parallel tool calls of a stream of %s together', async (name) => {
    const stream = client.chat.completions.stream({
      model: name,
      messages: [{ role: 'user', content: 'Weather in 杭州 and 北京? [[sim tools=2]]' }],
      tools: [weather, { ...weather, function: { ...weather.function, name: 'get_time' } }],
      parallel_tool_calls: true,
    })
    const calls = (await stream.finalChatCompletion()).choices[0]?.message.tool_calls ?? []
    expect(calls).toHaveLength(2)
    for (const call of calls) {
      expect(call.id).toBeTruthy()
      if (call.type === 'function') expect(JSON.parse(call.function.arguments)).toHaveProperty('city')
    }
  })

  it('gives a tool result back and gets text', async () => {
    const first = await client.chat.completions.create({
      model,
      messages: [{ role: 'user', content: 'Weather?' }],
      tools: [weather],
    })
    const message = first.choices[0]?.message
    if (message === undefined) throw new Error('no message')
    const second = await client.chat.completions.create({
      model,
      messages: [
        { role: 'user', content: 'Weather?' },
        message,
        ...(message.tool_calls ?? []).map((call) => ({
          role: 'tool' as const,
          tool_call_id: call.id,
          content: '{"degrees": 20}',
        })),
      ],
      tools: [weather],
    })
    expect(second.choices[0]?.message.content).toBeTruthy()
  })

  it('sends pictures as message parts', async () => {
    const pixel =
      'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
    const answer = await client.chat.completions.create({
      model: 'qwen3-vl-plus',
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: '这是什么?' },
            { type: 'image_url', image_url: { url: pixel } },
          ],
        },
      ],
    })
    expect(answer.choices[0]?.message.content).toBeTruthy()
    expect(answer.usage?.prompt_tokens).toBeGreaterThan(80)
  })

  it('gets JSON when it asks for it', async () => {
    const answer = await client.chat.completions.create({
      model,
      messages: [{ role: 'user', content: 'Answer in json.' }],
      response_format: { type: 'json_object' },
    })
    expect(JSON.parse(answer.choices[0]?.message.content ?? '')).toBeTypeOf('object')
  })

  it.each(['embed-like', 'text-embedding-v4'])(
    'embeds with %s as floats and as base64, alike',
    async (name) => {
      const input = ['第一段', 'second text']
      const floats = await client.embeddings.create({ model: name, input, encoding_format: 'float' })
      const coded = await client.embeddings.create({ model: name, input, encoding_format: 'base64' })
      expect(floats.data).toHaveLength(2)
      expect(floats.usage.total_tokens).toBeGreaterThan(0)
      const text: unknown = coded.data[0]?.embedding
      const bytes = Buffer.from(String(text), 'base64')
      const decoded = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
      expect(decoded).toHaveLength(floats.data[0]?.embedding.length ?? 0)
      expect(decoded[0]).toBeCloseTo(floats.data[0]?.embedding[0] ?? Number.NaN, 5)
      // What the client asks for by itself: base64, decoded before anybody sees it.
      const plain = await client.embeddings.create({ model: name, input })
      expect(plain.data[0]?.embedding[0]).toBeCloseTo(floats.data[0]?.embedding[0] ?? Number.NaN, 5)
    },
  )

  it('completes a prompt on a platform that only chats', async () => {
    const whole = await client.completions.create({ model: 'qwen-plus', prompt: 'Once upon', max_tokens: 30 })
    expect(whole.object).toBe('text_completion')
    expect(whole.choices[0]?.text).toBeTruthy()
    let text = ''
    for await (const chunk of await client.completions.create({
      model: 'qwen-plus',
      prompt: 'Once upon',
      max_tokens: 30,
      stream: true,
    })) {
      expect(chunk.object).toBe('text_completion')
      text += chunk.choices[0]?.text ?? ''
    }
    expect(text).toBeTruthy()
  })

  it('lists and retrieves models', async () => {
    const names = (await client.models.list()).data.map((entry) => entry.id)
    expect(names).toContain(model)
    expect(names.some((name) => name.includes('-main/'))).toBe(false)
    expect((await client.models.retrieve(model)).id).toBe(model)
    expect((await client.models.retrieve('openai-main/gpt-like')).object).toBe('model')
  })

  it('stops a stream in the middle with its own abort error', async () => {
    const stream = await client.chat.completions.create({
      model,
      messages: [{ role: 'user', content: '[[sim tokens=200 gap=10]]' }],
      stream: true,
    })
    let chunks = 0
    for await (const _chunk of stream) {
      chunks += 1
      if (chunks === 3) stream.controller.abort()
    }
    await until(() => app.books.live.live().inFlight === 0)
    const abort = new AbortController()
    const call = client.chat.completions.create(
      { model, messages: [{ role: 'user', content: '[[sim tokens=200 gap=10]]' }] },
      { signal: abort.signal },
    )
    abort.abort()
    await expect(call).rejects.toBeInstanceOf(APIUserAbortError)
  })
})

describe('each error of the contract is the client’s own error class', () => {
  const chat = (body: Partial<OpenAI.Chat.ChatCompletionCreateParamsNonStreaming> = {}, with_ = client) =>
    with_.chat.completions.create({ model, messages: [{ role: 'user', content: 'hi' }], ...body })

  it('401: missing, unknown, expired and revoked keys', async () => {
    await expect(chat({}, app.client('sk-tg-unknown'))).rejects.toBeInstanceOf(AuthenticationError)
    const expired = await app.addTeam()
    await app.database.prisma.key.update({ where: { id: expired.keyId }, data: { expiresAt: new Date(1) } })
    const revoked = await app.addTeam()
    await app.database.prisma.key.update({ where: { id: revoked.keyId }, data: { revokedAt: new Date() } })
    await app.books.keeper.refresh()
    await expect(chat({}, app.client(expired.secret))).rejects.toMatchObject({
      status: 401,
      code: 'invalid_api_key',
    })
    await expect(chat({}, app.client(revoked.secret))).rejects.toMatchObject({
      status: 401,
      code: 'invalid_api_key',
    })
    const bare = await fetch(`${app.url}/v1/models`)
    expect(bare.status).toBe(401)
    expect(bare.headers.get('x-request-id')).toBeTruthy()
  })

  it('403: a model or an address that is not allowed', async () => {
    const narrow = await app.addTeam({ models: ['qwen-*'] })
    await expect(chat({}, app.client(narrow.secret))).rejects.toBeInstanceOf(PermissionDeniedError)
    await expect(chat({}, app.client(narrow.secret))).rejects.toMatchObject({ code: 'model_not_allowed' })
    const elsewhere = await app.addTeam()
    await app.database.prisma.key.update({
      where: { id: elsewhere.keyId },
      data: { allowedIps: ['10.1.0.0/16', '192.0.2.7'] },
    })
    await app.books.keeper.refresh()
    await expect(chat({}, app.client(elsewhere.secret))).rejects.toMatchObject({
      status: 403,
      code: 'ip_not_allowed',
    })
  })

  it('404: an unknown model, with the nearest names', async () => {
    const error = await chat({ model: 'gtp-like' }).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(NotFoundError)
    expect(error).toMatchObject({ code: 'model_not_found', param: 'model' })
    expect(String(error)).toContain('"gpt-like"')
    await expect(client.models.retrieve('nope')).rejects.toBeInstanceOf(NotFoundError)
  })

  it('404: a model that the provider does not serve any more', async () => {
    const error = await chat({ model: 'retired' }).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(NotFoundError)
    expect(error).toMatchObject({ code: 'model_not_found', param: 'model' })
  })

  it('404: an address outside of the API, with what there is', async () => {
    const response = await fetch(`${app.url}/v1/images/generations`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}` },
    })
    expect(response.status).toBe(404)
    expect(await response.text()).toContain('/v1/chat/completions')
  })

  it.each([
    { name: 'malformed JSON', raw: '{"model": "gpt-like", ', says: 'not valid JSON' },
    { name: 'no JSON object', raw: '[1]', says: 'must be a JSON object' },
    { name: 'an empty body', raw: '', says: 'the body is empty' },
    { name: 'no model', raw: '{"messages":[{"role":"user","content":"x"}]}', says: '"model" is required' },
    { name: 'no messages', raw: '{"model":"gpt-like"}', says: '"messages" is required' },
    { name: 'empty messages', raw: '{"model":"gpt-like","messages":[]}', says: 'at least one message' },
    {
      name: 'messages of the wrong type',
      raw: '{"model":"gpt-like","messages":"hi"}',
      says: 'array of messages',
    },
    {
      name: 'a message without a role',
      raw: '{"model":"gpt-like","messages":[{"content":"x"}]}',
      says: 'messages[0].role',
    },
    {
      name: 'max_tokens of the wrong type',
      raw: '{"model":"gpt-like","messages":[{"role":"user","content":"x"}],"max_tokens":"many"}',
      says: '"max_tokens" must be a whole number',
    },
    {
      name: 'stream of the wrong type',
      raw: '{"model":"gpt-like","messages":[{"role":"user","content":"x"}],"stream":"yes"}',
      says: '"stream" must be true or false',
    },
    {
      name: 'lists in one another without end',
      raw: `{"model":"gpt-like","messages":[{"role":"user","content":"x"}],"tools":${'['.repeat(9_000)}${']'.repeat(9_000)}}`,
      says: 'more than 256 lists and objects in one another',
    },
  ])('400: $name, before anything is reserved or sent', async ({ raw, says }) => {
    const sent = app.simulator.requests().length
    const response = await fetch(`${app.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      body: raw,
    })
    expect(response.status).toBe(400)
    expect(response.headers.get('x-should-retry')).toBe('false')
    const body = (await response.json()) as { error: { message: string; type: string } }
    expect(body.error.type).toBe('invalid_request_error')
    expect(body.error.message).toContain(says)
    expect(app.simulator.requests()).toHaveLength(sent)
  })

  it('400: what the provider refuses keeps its words and is not tried elsewhere', async () => {
    app.simulator.addFault({ match: { model }, fault: { code: 'content-filter' } })
    const error = await chat().catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(BadRequestError)
    expect(error).toMatchObject({ code: 'content_filter' })
  })

  it('413: a body of 30 MB', async () => {
    const status = await new Promise<number>((resolve, reject) => {
      const request = httpRequest(
        `${app.url}/v1/chat/completions`,
        { method: 'POST', headers: { authorization: `Bearer ${secret}`, 'content-length': 31_457_280 } },
        (response) => {
          response.resume()
          resolve(response.statusCode ?? 0)
        },
      )
      request.on('error', reject)
      request.write('{"model":"gpt-like","messages":[{"role":"user","content":"')
    })
    expect(status).toBe(413)
  })

  it('429: the provider’s rate limit, with a hint when to come back', async () => {
    app.simulator.addFault({ match: { model }, times: 1, fault: { code: 'rate-limit' } })
    const error = await chat().catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(RateLimitError)
    expect(error).toMatchObject({ code: 'rate_limit_exceeded' })
    expect(error instanceof RateLimitError && Number(error.headers?.get('retry-after'))).toBeGreaterThan(0)
    await until(async () => (await chat().catch(() => undefined)) !== undefined)
  })

  it.each([
    { fault: { code: 'internal' as const }, status: 502, code: 'upstream_error', retry: true },
    { fault: { html502: true }, status: 502, code: 'upstream_error', retry: true },
    { fault: { code: 'bad-key' as const }, status: 502, code: 'upstream_error', retry: false },
    { fault: { code: 'overloaded' as const }, status: 503, code: 'overloaded', retry: true },
    { fault: { delayMs: 2_000 }, status: 504, code: 'upstream_timeout', retry: true },
  ])('$status: $fault', async ({ fault, status, code, retry }) => {
    app.simulator.addFault({ match: { model: 'qwen-plus' }, times: 1, fault })
    const error = await chat({ model: 'qwen-plus' }).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(InternalServerError)
    expect(error).toMatchObject({ status, code })
    const { headers } = error instanceof InternalServerError ? error : {}
    expect(headers?.get('x-should-retry')).toBe(String(retry))
    app.simulator.clearFaults()
    await until(async () => (await chat({ model: 'qwen-plus' }).catch(() => undefined)) !== undefined, 40_000)
  })
})

describe('failover', () => {
  it('happens before the first byte, is told in the headers, and is booked as one request', async () => {
    for (const name of ['first', 'second']) {
      await app.addAccount({ protocol: 'ark', name, models: [{ name: 'doubao-1-5-lite-32k-250115' }] })
    }
    const team = await app.addTeam()
    const chat = app.client(team.secret).chat.completions
    for (const stream of [false, true] as const) {
      app.simulator.addFault({
        match: { model: 'doubao-1-5-lite-32k-250115' },
        times: 1,
        fault: { code: 'internal' },
      })
      const { response } = await chat
        .create({ model: 'doubao-1-5-lite-32k-250115', messages: [{ role: 'user', content: 'x' }], stream })
        .withResponse()
      expect(response.headers.get('x-tollgate-attempts')).toBe('2')
      expect(response.headers.get('x-tollgate-provider')).toBe('ark')
    }
    await until(() => app.books.live.live().inFlight === 0)
    await app.books.live.drain()
    const { rows } = await app.database.pool.query(
      'select attempts, status from usage_record where team_id = $1',
      [team.teamId],
    )
    expect(rows).toHaveLength(2)
    for (const row of rows) {
      expect(row.status).toBe('ok')
      expect(row.attempts).toHaveLength(2)
      expect(row.attempts[0]).toMatchObject({ outcome: 'upstream_error' })
    }
  })

  it('never answers with another model than the one that was asked for', async () => {
    app.simulator.addFault({ match: { model: 'qwen-plus' }, times: 1, fault: { code: 'internal' } })
    await expect(
      client.chat.completions.create({ model: 'qwen-plus', messages: [{ role: 'user', content: 'x' }] }),
    ).rejects.toBeInstanceOf(InternalServerError)
  })
})

describe('the receipt', () => {
  it('comes inside usage when the request asks for it, and at its own address for the same key only', async () => {
    const headers = { 'x-tollgate-receipt': 'true' }
    const whole = await client.chat.completions.create(
      { model, messages: [{ role: 'user', content: 'hi' }] },
      { headers },
    )
    expect(whole.usage).toHaveProperty('tollgate.settled.total_tokens', whole.usage?.total_tokens)
    const stream = await client.chat.completions.create(
      { model, messages: [{ role: 'user', content: 'hi' }], stream: true },
      { headers },
    )
    let last: unknown
    for await (const chunk of stream) last = chunk.usage
    expect(last).toHaveProperty('tollgate.served_by.provider', 'openai-compatible')

    const id = whole._request_id ?? ''
    const get = (key: string) =>
      fetch(`${app.url}/v1/receipts/${id}`, { headers: { authorization: `Bearer ${key}` } })
    expect((await get(secret)).status).toBe(200)
    expect((await get((await app.addTeam()).secret)).status).toBe(404)
  })
})

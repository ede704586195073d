import { describe, expect, it } from 'vitest'
import {
  callOf,
  chatRequest,
  expectHttp,
  fixture,
  jsonHead,
  probeOf,
  readStream,
  refusalOf,
  sentChat,
} from '../../test/support.ts'
import { sparkHttp } from './index.ts'

const requestId = '0190b4a0-0000-7000-8000-000000000001'
const longName = 'mcp-server.get-weather'
const weather = { tools: [{ type: 'function', function: { name: longName } }] }
const sid = 'cha000fixture@dx0000000000000000'

describe('Spark, whole answers', () => {
  it('fills in what Spark leaves out', () => {
    const { body, ...read } = answer('http-chat.json')
    expect(body).toEqual({
      id: `chatcmpl-${sid}`,
      object: 'chat.completion',
      created: 1767268800,
      model: '4.0Ultra',
      choices: [
        { index: 0, message: { role: 'assistant', content: '可以试试《三体》。' }, finish_reason: 'stop' },
      ],
      usage: { prompt_tokens: 14, completion_tokens: 7, total_tokens: 21 },
    })
    expect(read).toMatchObject({
      upstreamId: sid,
      finishReason: 'stop',
      outputBytes: 27,
      usage: { inputTokens: 14, outputTokens: 7, totalTokens: 21 },
    })
  })

  it('says length when the limit that was sent is reached', () => {
    expect(answer('http-chat.json', {}, 7).finishReason).toBe('length')
    expect(answer('http-chat.json', {}, 8).finishReason).toBe('stop')
  })

  it.each(['object', 'array'])('reads tool calls as one %s, with ids that no other request has', (form) => {
    const { body, finishReason } = answer(`http-chat-tool-call-${form}.json`)
    expect(finishReason).toBe('tool_calls')
    expect(JSON.stringify(body)).not.toContain('call_1"')
    expect(body).toMatchObject({
      choices: [
        {
          finish_reason: 'tool_calls',
          message: {
            tool_calls: [
              {
                id: expect.stringContaining(requestId) as string,
                type: 'function',
                function: { name: 'get_weather', arguments: '{"location":"合肥"}' },
              },
            ],
          },
        },
      ],
    })
  })

  it('gives functions the names back under which the caller knows them', () => {
    const shortName = functionNameSent()
    const bytes = Buffer.from(
      fixture('spark/http-chat-tool-call-array.json').toString().replace('get_weather', shortName),
    )
    const call = callOf(sparkHttp)
    const read = sparkHttp.chat.answer(jsonHead(200), bytes, chatRequest(weather), call)
    expect(Buffer.from(read.ok ? read.body : '').toString()).toContain(`"name":"${longName}"`)
  })

  it('cuts the answer at a stop text, which Spark cannot do', () => {
    const { body, finishReason } = answer('http-chat.json', { stop: ['《', '。'] })
    expect(body).toMatchObject({ choices: [{ message: { content: '可以试试' }, finish_reason: 'stop' }] })
    expect(finishReason).toBe('stop')
  })

  it('takes a code other than 0 inside a 200 as an error', () => {
    const bytes = fixture('spark/http-200-nonzero-code.json')
    const read = sparkHttp.chat.answer(jsonHead(200), bytes, chatRequest({}), callOf(sparkHttp))
    expect(read).toMatchObject({ ok: false, error: { kind: 'content_filter', upstreamCode: '10013' } })
  })
})

describe('Spark, streams', () => {
  it('becomes what OpenAI sends, however the bytes are cut', () => {
    const bytes = fixture('spark/http-chat-stream.sse.txt')
    for (let size = 1; size <= bytes.length; size += size < 40 ? 1 : 37) {
      const { chunks, text, reader } = readStream(sparkHttp, bytes, { size })
      expect(text).toBe('可以试试《三体》。')
      expect(chunks.map((chunk) => chunk.choices[0]?.delta.role)).toEqual([
        'assistant',
        ...chunks.slice(1).map(() => undefined),
      ])
      expect(chunks.map((chunk) => chunk.choices[0]?.finish_reason)).toEqual([null, null, null, 'stop'])
      for (const chunk of chunks) {
        expect(chunk).toMatchObject({
          id: `chatcmpl-${sid}`,
          object: 'chat.completion.chunk',
          created: 1767268800,
          model: 'upstream-model',
        })
        expect(chunk).not.toHaveProperty('usage')
      }
      expect(reader.state).toMatchObject({
        complete: true,
        error: undefined,
        upstreamId: sid,
        outputBytes: 27,
      })
      expect(reader.state.usage).toEqual({ inputTokens: 14, outputTokens: 7, totalTokens: 21 })
    }
  })

  it.each(['object', 'array'])('reads tool calls as one %s', (form) => {
    const { chunks, reader } = readStream(
      sparkHttp,
      fixture(`spark/http-chat-stream-tool-call-${form}.sse.txt`),
    )
    expect(chunks.flatMap((chunk) => chunk.choices[0]?.delta.tool_calls ?? [])).toEqual([
      {
        index: 0,
        id: expect.stringContaining(requestId) as string,
        type: 'function',
        function: { name: 'get_weather', arguments: '{"location":"合肥"}' },
      },
    ])
    expect(reader.state.finishReason).toBe('tool_calls')
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('tool_calls')
  })

  it('gives functions the names back under which the caller knows them', () => {
    const source = fixture('spark/http-chat-stream-tool-call-array.sse.txt').toString()
    const bytes = Buffer.from(source.replace('get_weather', functionNameSent()))
    const { chunks } = readStream(sparkHttp, bytes, { request: chatRequest({ ...weather, stream: true }) })
    expect(JSON.stringify(chunks)).toContain(`"name":"${longName}"`)
  })

  it('says length when the limit that was sent is reached', () => {
    const request = chatRequest({ stream: true }, 7)
    const { reader } = readStream(sparkHttp, fixture('spark/http-chat-stream.sse.txt'), { request })
    expect(reader.state.finishReason).toBe('length')
  })

  it('passes reasoning on', () => {
    const { chunks } = readStream(sparkHttp, fixture('spark/http-x1-stream-reasoning.sse.txt'))
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.reasoning_content ?? '').join('')).toBe('先想想')
  })

  it('keeps the sources of a web search to itself', () => {
    const { chunks, reader } = readStream(sparkHttp, fixture('spark/http-chat-stream-search.sse.txt'))
    expect(JSON.stringify(chunks)).not.toContain('web_search')
    expect(reader.state.finishReason).toBe('stop')
    expect(chunks[0]?.id).toBe(`chatcmpl-${sid}`)
  })

  it('ends with a finish reason where the output is moderated after text, with an error before it', () => {
    const source = fixture('spark/http-chat-stream-output-audit.sse.txt')
    const begun = readStream(sparkHttp, source)
    expect(begun.text).toBe('从前')
    expect(begun.chunks.at(-1)?.choices[0]?.finish_reason).toBe('content_filter')
    expect(begun.reader.state).toMatchObject({ error: undefined, complete: true })
    const silent = readStream(sparkHttp, source.subarray(source.lastIndexOf('data:')))
    expect(silent.chunks).toEqual([])
    expect(silent.reader.state.error).toMatchObject({ kind: 'content_filter', upstreamCode: '10014' })
  })

  it('lets an answer stand that Spark only warns about', () => {
    const { text, reader } = readStream(sparkHttp, fixture('spark/http-chat-stream-warning.sse.txt'))
    expect(text).toBe('可以试试《三体》。')
    expect(reader.state).toMatchObject({ error: undefined, complete: true, finishReason: 'stop' })
  })

  it('is complete at the end of the connection once the usage has come, and cut before', () => {
    const source = fixture('spark/http-chat-stream.sse.txt').toString()
    const whole = readStream(sparkHttp, Buffer.from(source.replace('data:[DONE]\n\n', '')))
    expect(whole.reader.state).toMatchObject({ error: undefined, finishReason: 'stop' })
    const cut = readStream(sparkHttp, Buffer.from(source.slice(0, source.lastIndexOf('data:{'))))
    expect(cut.reader.state.error).toMatchObject({ kind: 'upstream_error', upstreamCode: 'stream_cut' })
  })

  it('cuts the text at a stop text and still reads the usage', () => {
    const request = chatRequest({ stream: true, stop: '试《' })
    const bytes = fixture('spark/http-chat-stream.sse.txt')
    for (const size of [1, 50, bytes.length]) {
      const { text, reader } = readStream(sparkHttp, bytes, { request, size })
      expect(text).toBe('可以试')
      expect(reader.state.usage).toMatchObject({ totalTokens: 21 })
      expect(reader.state.finishReason).toBe('stop')
    }
  })
})

describe('Spark, errors', () => {
  // The status that comes with a code is not documented: every one must give the same kind.
  it.each([
    ['http-error-401-invalid-user.json', 'invalid_credentials'],
    ['http-error-unauthorized-gateway.json', 'invalid_credentials'],
    ['http-error-10013-audit.json', 'content_filter'],
    ['http-error-10907-too-long.json', 'context_length_exceeded'],
    ['http-error-11200-noauth.json', 'permission_denied'],
    ['http-error-11201-daily.json', 'balance_exhausted'],
    ['http-error-11202-qps.json', 'rate_limited'],
  ])('%s is %s, whatever the status', (name, kind) => {
    for (const status of [400, 401, 403, 429, 500]) {
      expect(refusalOf(sparkHttp, status, fixture(`spark/${name}`)).kind).toBe(kind)
    }
  })

  it.each([
    [10003, '格式错误', 'invalid_request'],
    [10007, '用户流量受限', 'rate_limited'],
    [10008, '服务容量不足', 'overloaded'],
    [10012, '引擎内部错误', 'upstream_error'],
    [10014, '输出内容审核不通过', 'content_filter'],
    [10015, 'appid在黑名单中', 'permission_denied'],
    [10016, 'appid授权类的错误：并发数超过授权限制', 'rate_limited'],
    [10016, 'token用完了', 'free_quota_exhausted'],
    [10016, '未开通对应版本', 'permission_denied'],
    [10110, '服务忙', 'overloaded'],
    [10404, 'model not found', 'model_not_found'],
    [11200, 'licc failed', 'permission_denied'],
    [11200, '业务量超限', 'free_quota_exhausted'],
    [11203, '并发流控超限', 'rate_limited'],
  ])('reads code %i "%s" as %s, in every shape', (code, message, kind) => {
    const shapes = [
      { code, message, sid },
      { error: { code: String(code), message } },
      { header: { code, message } },
    ]
    for (const shape of shapes) {
      expect(refusalOf(sparkHttp, 500, JSON.stringify(shape))).toMatchObject({
        kind,
        upstreamCode: String(code),
      })
    }
  })

  it('asks to wait until midnight in Beijing when the day is used up', () => {
    // 12:00 UTC is 20:00 in Beijing.
    expect(refusalOf(sparkHttp, 400, fixture('spark/http-error-11201-daily.json')).retryAfterMs).toBe(
      4 * 3_600_000,
    )
  })

  it('says in words what a code of two meanings may mean', () => {
    expect(refusalOf(sparkHttp, 500, fixture('spark/http-error-11200-noauth.json')).message).toBe(
      'AppIdNoAuthError (this model version is not opened for the application, or its package has ended)',
    )
  })

  it('shows no secret', () => {
    const error = refusalOf(sparkHttp, 401, '{"error":{"message":"bad a-secret-key","code":"10003"}}')
    expect(error.message).toBe('bad ***')
  })
})

describe('Spark, account', () => {
  it('sends the password, or key and secret', () => {
    const authorization = (apiPassword: string) =>
      sentChat(sparkHttp, { messages: [] }, { credentials: { apiPassword } }).exchange.headers[
        'authorization'
      ]
    expect(authorization('password')).toBe('Bearer password')
    expect(authorization('key:secret')).toBe('Bearer key:secret')
    expect(authorization('appid|secret|key')).toBe('Bearer key:secret')
  })

  it('asks below the path of the account, because the path chooses the model too', () => {
    const { exchange } = sentChat(sparkHttp, { messages: [] }, { baseUrl: 'https://spark.test/x2' })
    expect(exchange.url).toBe('https://spark.test/x2/chat/completions')
  })

  it('probes with one token and no web search, and sees an error inside a 200', () => {
    const call = callOf(sparkHttp, { upstreamModel: 'generalv3.5' })
    expect(sparkHttp.probe.spends).toBe(true)
    expect(JSON.parse(String(probeOf(sparkHttp, call).body))).toEqual({
      model: 'generalv3.5',
      messages: [{ role: 'user', content: 'hi' }],
      max_tokens: 1,
      tools: [{ type: 'web_search', web_search: { enable: false } }],
    })
    expect(sparkHttp.probe.read(jsonHead(200), fixture('spark/http-chat.json'), call)).toBeUndefined()
    const failed = sparkHttp.probe.read(
      jsonHead(200),
      Buffer.from('{"code":11200,"message":"licc failed"}'),
      call,
    )
    expect(failed?.kind).toBe('permission_denied')
  })
})

function answer(
  name: string,
  body: Record<string, unknown> = {},
  maxOutputTokens?: number,
): { body: unknown; finishReason: string | undefined; upstreamId: string | undefined; outputBytes: number } {
  const call = callOf(sparkHttp, { upstreamModel: '4.0Ultra' })
  const request = chatRequest(body, maxOutputTokens)
  const read = sparkHttp.chat.answer(jsonHead(200), fixture(`spark/${name}`), request, call)
  if (!read.ok) throw read.error
  const { ok: _, ...rest } = read
  return { ...rest, body: JSON.parse(Buffer.from(read.body).toString()) as unknown }
}

function functionNameSent(): string {
  const exchange = expectHttp(
    sparkHttp.chat.request(chatRequest({ messages: [], ...weather }), callOf(sparkHttp)),
  )
  return /mcp_server_\w+/.exec(Buffer.from(exchange.body ?? '').toString())?.[0] ?? ''
}

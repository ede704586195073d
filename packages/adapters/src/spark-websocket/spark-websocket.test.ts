import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { callOf, chatRequest, fixture, refusalOf, type Chunk } from '../../test/support.ts'
import type { Call, ChatRequest, ChatStreamState } from '../contract/index.ts'
import { sparkWebSocket } from './index.ts'

const sid = 'cht000fixture@dx0000000000000000'
const head = { status: 200, headers: {} }
const longName = 'mcp-server.get-weather'
const weather = { tools: [{ type: 'function', function: { name: longName } }] }
const olderWeather = { functions: [{ name: longName }] }

describe('Spark’s frames, streamed', () => {
  it('become what OpenAI sends', () => {
    const { chunks, state } = stream(framesIn('ws-chat-stream'))
    expect(chunks.map((chunk) => chunk.choices[0]?.delta)).toEqual([
      { role: 'assistant' },
      { content: '可以' },
      { content: '试试' },
      { content: '《三体》' },
      { content: '。' },
      {},
    ])
    for (const chunk of chunks) {
      expect(chunk).toMatchObject({ id: `chatcmpl-${sid}`, created: 1767268800, model: '4.0Ultra' })
    }
    expect(state).toMatchObject({ complete: true, error: undefined, upstreamId: sid, outputBytes: 27 })
    expect(JSON.parse(state.usageJson ?? '')).toEqual({
      prompt_tokens: 14,
      completion_tokens: 7,
      total_tokens: 21,
    })
  })

  it('are complete with the last of them, and cut without it', () => {
    const frames = framesIn('ws-chat-stream')
    expect(stream(frames).state.error).toBeUndefined()
    for (let count = 0; count < frames.length; count++) {
      const { state } = stream(frames.slice(0, count))
      expect(state.error).toMatchObject({ kind: 'upstream_error', upstreamCode: 'stream_cut' })
      expect(state.finishReason).toBeUndefined()
    }
  })

  it('end before a warning about an answer that stands, wherever it comes', () => {
    const [first = '', last = '', warning = ''] = framesIn('ws-error-10019-after-answer')
    const { text, state } = stream([first, last, warning])
    expect(text).toBe('可以试试《三体》。')
    expect(state).toMatchObject({ error: undefined, complete: true, finishReason: 'stop' })
    expect(stream([first, warning]).state).toMatchObject({ error: undefined, complete: true })
  })

  it('say length when the limit that was sent is reached', () => {
    const request = chatRequest({ stream: true }, 7)
    expect(stream(framesIn('ws-chat-stream'), request).state.finishReason).toBe('length')
  })

  it('give functions the names back under which the caller knows them, with ids no other request has', () => {
    const { chunks, state } = stream(calling(nameSent(weather)), chatRequest({ ...weather, stream: true }))
    expect(chunks.flatMap((chunk) => chunk.choices[0]?.delta.tool_calls ?? [])).toEqual([
      {
        index: 0,
        id: expect.stringContaining('0190b4a0') as string,
        type: 'function',
        function: { name: longName, arguments: '{"location":"合肥"}' },
      },
    ])
    expect(state.finishReason).toBe('tool_calls')
  })

  it('call the older way whom asked the older way', () => {
    const request = chatRequest({ ...olderWeather, stream: true })
    const { chunks, state } = stream(calling(nameSent(olderWeather)), request)
    expect(chunks[1]?.choices[0]?.delta).toEqual({
      function_call: { name: longName, arguments: '{"location":"合肥"}' },
    })
    expect(state).toMatchObject({ finishReason: 'function_call', hasOutput: true, error: undefined })
  })

  it('may bring arguments as an object', () => {
    const frame = calling('f').map((text) => text.replace(/"\{.*\}"/, '{"status":2}'))
    const { chunks } = stream(frame)
    expect(chunks[1]?.choices[0]?.delta.tool_calls?.[0]).toMatchObject({
      function: { name: 'f', arguments: '{"status":2}' },
    })
  })
})

describe('Spark’s frames, as a whole answer', () => {
  it('amount to what OpenAI sends', () => {
    const read = answer(framesIn('ws-x1-reasoning'))
    expect(read).toMatchObject({ ok: true, finishReason: 'stop', upstreamId: sid, outputBytes: 48 })
    expect(read.ok && JSON.parse(String(read.body))).toEqual({
      id: `chatcmpl-${sid}`,
      object: 'chat.completion',
      created: 1767268800,
      model: '4.0Ultra',
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: '可以试试《三体》。',
            reasoning_content: '先想想读者口味',
          },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      usage: { prompt_tokens: 14, completion_tokens: 19, total_tokens: 33 },
    })
  })

  it('call the older way whom asked the older way', () => {
    const read = answer(calling(nameSent(olderWeather)), chatRequest(olderWeather))
    expect(read).toMatchObject({ ok: true, finishReason: 'function_call' })
    expect(read.ok && JSON.parse(String(read.body))).toMatchObject({
      choices: [
        {
          message: {
            content: null,
            function_call: { name: longName, arguments: '{"location":"合肥"}' },
          },
          finish_reason: 'function_call',
        },
      ],
    })
  })

  it('are no answer when they were cut, or withdrawn', () => {
    const cut = answer(framesIn('ws-chat-stream').slice(0, 3))
    expect(cut).toMatchObject({ ok: false, error: { kind: 'upstream_error', upstreamCode: 'stream_cut' } })
    const withdrawn = answer(framesIn('ws-error-10014-output-audit'))
    expect(withdrawn).toMatchObject({ ok: false, error: { kind: 'content_filter', upstreamCode: '10014' } })
  })
})

describe('Spark’s errors', () => {
  // Every row of the provider sheet, section 6; the words are the vendor's (websdk-java `sparkchat.md`).
  it.each([
    [10000, '升级为ws出现错误', 'upstream_error'],
    [10001, '通过ws读取用户的消息出错', 'upstream_error'],
    [10002, '通过ws向用户发送消息出错', 'upstream_error'],
    [10003, '用户的消息格式有错误', 'invalid_request'],
    [10004, '用户数据的schema错误', 'invalid_request'],
    [10005, '用户参数值有错误', 'invalid_request'],
    [10163, '请求引擎的参数异常', 'invalid_request'],
    [10006, '用户并发错误', 'rate_limited'],
    [10007, '用户流量受限', 'rate_limited'],
    [10008, '服务容量不足', 'overloaded'],
    [10009, '和引擎建立连接失败', 'upstream_error'],
    [10010, '接收引擎数据的错误', 'upstream_error'],
    [10011, '发送数据给引擎的错误', 'upstream_error'],
    [10012, '引擎内部错误', 'upstream_error'],
    [10222, '引擎网络异常', 'upstream_error'],
    [10223, '找不到引擎节点', 'upstream_error'],
    [10013, '输入内容审核不通过', 'content_filter'],
    [10021, '输入审核不通过', 'content_filter'],
    [10014, '输出内容涉及敏感信息', 'content_filter'],
    [10022, '图片审核不通过', 'content_filter'],
    [10015, 'appid在黑名单中', 'permission_denied'],
    [10016, 'appid授权类的错误：未开通对应版本', 'permission_denied'],
    [10016, 'appid授权类的错误：并发超过授权', 'rate_limited'],
    [10017, '清除历史失败', 'upstream_error'],
    [10018, '连接空闲', 'upstream_error'],
    [10110, '服务忙，请稍后再试', 'overloaded'],
    [10404, 'domain does not match the url', 'model_not_found'],
    [10907, 'token数量超过上限', 'context_length_exceeded'],
    [11200, 'AppIdNoAuthError', 'permission_denied'],
    [11201, '日流控超限', 'balance_exhausted'],
    [11202, 'AppIdQpsOverFlowError', 'rate_limited'],
    [11203, '并发流控超限', 'rate_limited'],
  ])('%i "%s" is %s', (code, message, kind) => {
    const frame = JSON.stringify({ header: { code, message, sid, status: 2 } })
    expect(stream([frame]).state.error).toMatchObject({ kind, upstreamCode: String(code) })
    expect(answer([frame])).toMatchObject({ ok: false, error: { kind, upstreamCode: String(code) } })
  })

  it('leave open whether a free package was used up where the code means both', () => {
    const { error } = stream(framesIn('ws-error-11200-noauth')).state
    expect(error).toMatchObject({ kind: 'permission_denied', mayMeanFreeQuota: true })
  })

  it('ask to wait until midnight in Beijing when the day is used up', () => {
    // 12:00 UTC is 20:00 in Beijing.
    expect(stream(framesIn('ws-error-11201-daily')).state.error?.retryAfterMs).toBe(4 * 3_600_000)
  })

  it('end the stream: nothing is forwarded after one', () => {
    const [first = '', withdrawal = ''] = framesIn('ws-error-10014-output-audit')
    for (const [failure, reason] of [
      [withdrawal, 'content_filter'],
      [framesIn('ws-error-10110-busy')[0] ?? '', null],
    ] as const) {
      const { text, chunks } = stream([first, failure, first])
      expect(text).toBe('部分输出')
      expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe(reason)
    }
  })

  it('of a handshake tell about the clock where the date was not believed', () => {
    const dated = refusalOf(sparkWebSocket, 403, fixture('spark/ws-handshake-403-date.json'))
    expect(dated).toMatchObject({ kind: 'invalid_credentials', status: 403 })
    expect(dated.message).toMatch(/clock of this machine/)
    const wrongKey = refusalOf(sparkWebSocket, 401, fixture('spark/ws-handshake-401.json'))
    expect(wrongKey).toMatchObject({ kind: 'invalid_credentials', status: 401 })
    expect(wrongKey.message).not.toMatch(/clock/)
    expect(refusalOf(sparkWebSocket, 404, '').kind).toBe('model_not_found')
    expect(refusalOf(sparkWebSocket, 502, '<html></html>').kind).toBe('upstream_error')
  })
})

describe('The probe of Spark', () => {
  it('asks the model of the account for one token, or the free model', () => {
    const asked = (upstreamModel: string, options: Record<string, string> = {}) => {
      const exchange = sparkWebSocket.probe.request(call({ upstreamModel, options }))
      if (exchange?.transport !== 'websocket') throw new Error('expected a conversation')
      const frame = JSON.parse(exchange.frames[0] ?? '') as { parameter: { chat: unknown } }
      return { path: new URL(exchange.url).pathname, chat: frame.parameter.chat }
    }
    expect(asked('4.0Ultra')).toMatchObject({
      path: '/v4.0/chat',
      chat: { domain: '4.0Ultra', max_tokens: 1, tools: [{ web_search: { enable: false } }] },
    })
    for (const unknown of ['', 'embedding']) {
      expect(asked(unknown)).toEqual({ path: '/v1.1/chat', chat: { domain: 'lite', max_tokens: 1 } })
    }
    expect(asked('', { chatPath: '/v9/chat' }).path).toBe('/v1.1/chat')
    expect(asked('tuned', { chatPath: '/v9/chat' })).toMatchObject({
      path: '/v9/chat',
      chat: { domain: 'tuned' },
    })
  })

  it('sees an error in a frame, and a page that is no answer', () => {
    const read = (frames: readonly string[]) => sparkWebSocket.probe.read(head, sequence(frames), call())
    expect(read(framesIn('ws-chat-single-frame'))).toBeUndefined()
    expect(read(framesIn('ws-error-11200-noauth'))?.kind).toBe('permission_denied')
    expect(read(['<html></html>'])?.kind).toBe('upstream_error')
    expect(read([])?.kind).toBe('upstream_error')
  })
})

describe('Whatever Spark sends', () => {
  const json = fc.oneof(fc.constantFrom('', 'x', 0, 2, -1, null, true, [], {}), fc.jsonValue({ maxDepth: 2 }))
  // Mostly as it should be, so that whole answers come up too.
  const some = <T>(value: fc.Arbitrary<T>) =>
    fc.oneof({ weight: 15, arbitrary: value }, { weight: 1, arbitrary: json })
  const record = (fields: Record<string, fc.Arbitrary<unknown>>) =>
    some(fc.oneof({ weight: 4, arbitrary: fc.record(fields) }, fc.record(fields, { requiredKeys: [] })))
  const text = record({
    content: some(fc.string()),
    reasoning_content: json,
    function_call: record({ name: json, arguments: json }),
  })
  const frame = record({
    header: record({
      code: some(fc.constantFrom(0, 0, 0, 0, 10013)),
      status: some(fc.constantFrom(0, 1, 2)),
      sid: json,
    }),
    payload: record({
      choices: record({ status: json, text: some(fc.array(text, { maxLength: 3 })) }),
      usage: record({ text: record({ prompt_tokens: json, completion_tokens: json, total_tokens: json }) }),
      plugins: json,
    }),
  })
  const frames = fc.array(
    fc.tuple(frame, fc.nat(400)).map(([value, cut]) => {
      const whole = JSON.stringify(value)
      return cut > 390 ? whole.slice(0, cut - 390) : whole
    }),
    { maxLength: 5 },
  )

  it('comes to an answer or an error, the same whether it was streamed', () => {
    fc.assert(
      fc.property(frames, fc.boolean(), (sent, older) => {
        const body = older ? olderWeather : weather
        const { state } = stream(sent, chatRequest({ ...body, stream: true }))
        const read = answer(sent, chatRequest(body))
        if (read.ok) {
          expect(state).toMatchObject({ error: undefined, complete: true, finishReason: read.finishReason })
          expect(state.usage).toEqual(read.usage)
          expect(state.outputBytes).toBe(read.outputBytes)
          expect(JSON.parse(String(read.body))).toHaveProperty('choices')
        } else {
          expect(state.error?.kind).toBe(read.error.kind)
        }
        sparkWebSocket.probe.read(head, sequence(sent), call())
        refusalOf(sparkWebSocket, 401, sent[0] ?? '')
      }),
    )
  })
})

function call(change: Partial<Call> = {}): Call {
  return callOf(sparkWebSocket, { upstreamModel: '4.0Ultra', baseUrl: 'https://spark.test', ...change })
}

function framesIn(name: string): string[] {
  return fixture(`spark/${name}.ws.jsonl`).toString().trim().split('\n')
}

/** The fixture of a function call, under another name. */
function calling(name: string): string[] {
  return framesIn('ws-chat-function-call').map((frame) => frame.replace('get_weather', name))
}

/** The name under which the only function goes out. */
function nameSent(body: Record<string, unknown>): string {
  const request = chatRequest({ messages: [{ role: 'user', content: 'x' }], ...body })
  const exchange = sparkWebSocket.chat.request(request, call())
  if ('ok' in exchange || exchange.transport !== 'websocket') throw new Error('expected a conversation')
  return /"functions":\{"text":\[\{"name":"(\w{1,32})"/.exec(exchange.frames[0] ?? '')?.[1] ?? ''
}

function stream(
  frames: readonly string[],
  request: ChatRequest = chatRequest({ stream: true }),
): { readonly chunks: readonly Chunk[]; readonly text: string; readonly state: ChatStreamState } {
  let events = ''
  const reader = sparkWebSocket.chat.stream(
    head,
    (part) => (events += Buffer.from(part).toString()),
    request,
    call(),
  )
  for (const frame of frames) reader.push(Buffer.from(frame))
  reader.end()
  const chunks = events
    .split('\n\n')
    .filter((event) => event !== '')
    .map((event) => JSON.parse(event.replace(/^data: /, '')) as Chunk)
  const text = chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')
  return { chunks, text, state: reader.state }
}

function answer(frames: readonly string[], request: ChatRequest = chatRequest({})) {
  return sparkWebSocket.chat.answer(head, sequence(frames), request, call())
}

/** As the service hands over all frames of a conversation. */
function sequence(frames: readonly string[]): Buffer {
  return Buffer.from(frames.map((frame) => `\u001e${frame}\n`).join(''))
}

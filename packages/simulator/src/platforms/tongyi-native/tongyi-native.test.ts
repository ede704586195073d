import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { countTokens } from '../../engine/count-tokens.ts'
import { type JsonObject, isObject } from '../../json.ts'
import { type Simulator, startSimulator } from '../../simulator.ts'
import { at, chunks, joined, objectIn, payloads, send } from '../../testing/client.ts'
import {
  type Asked,
  dashscope,
  message,
  messagePath,
  picture,
  said,
  services,
  user,
  vl,
  weather,
} from '../../testing/dashscope.ts'
import { fixture, shapeOf, streamShape } from '../../testing/shape.ts'

let simulator: Simulator
beforeAll(async () => {
  simulator = await startSimulator()
})
beforeEach(() => simulator.reset())
afterAll(() => simulator.close())

const { ask, stream, openStream } = dashscope(() => simulator)

/** Recordings of several years differ in the order of keys, which says nothing; only their names and values do. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (!isObject(value)) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([name, inner]) => [name, sorted(inner)]))
}

const sortedStream = (text: string) =>
  text
    .trimEnd()
    .replaceAll(
      /^data:(.*)$/gm,
      (_, payload: string) => `data:${JSON.stringify(sorted(JSON.parse(payload)))}`,
    )
    .replaceAll(/^id:\d+$/gm, 'id:N') + '\n\n'

const plain = '1加1等于几? [[sim tokens=9 chunk=3]]'
const thinking = '1加1等于几? [[sim tokens=9 chunk=3 reasoning=6]]'

describe('an answer has the form of the wire sample', () => {
  it.each<[file: string, content: unknown, parameters: JsonObject, asked: Asked]>([
    ['native-chat.json', plain, message, {}],
    ['native-chat-text-format.json', plain, {}, {}],
    ['native-chat-reasoning.json', thinking, { ...message, enable_thinking: true }, {}],
    ['native-chat-tool-call.json', plain, { ...message, tools: [weather] }, {}],
    ['native-vl.json', [picture, { text: plain }], {}, { model: 'qwen-vl-plus', service: 'multimodal' }],
  ])('%s', async (file, content, parameters, asked) => {
    const sent = await ask(user(content), parameters, asked)
    expect(sent.status, sent.text).toBe(200)
    expect(sent.headers.get('content-type')).toBe('application/json')
    expect(shapeOf(sorted(sent.json))).toEqual(shapeOf(sorted(JSON.parse(fixture(`tongyi/${file}`)))))
  })

  const parallel = { tools: [weather], parallel_tool_calls: true }
  it.each<[file: string, content: unknown, parameters: JsonObject, asked: Asked]>([
    ['native-chat-stream.sse.txt', plain, message, {}],
    ['native-chat-stream-cumulative.sse.txt', plain, { ...message, incremental_output: false }, {}],
    ['native-chat-stream-reasoning.sse.txt', thinking, { ...message, enable_thinking: true }, {}],
    ['native-chat-stream-tool-call.sse.txt', '天气? [[sim tools=2]]', { ...message, ...parallel }, {}],
    [
      'native-vl-stream.sse.txt',
      [picture, { text: plain }],
      { incremental_output: true },
      { model: 'qwen-vl-plus', service: 'multimodal' },
    ],
  ])('%s', async (file, content, parameters, asked) => {
    const sent = await stream(user(content), parameters, asked)
    expect(sent.status, sent.text).toBe(200)
    expect(sent.headers.get('content-type')).toMatch(/^text\/event-stream/)
    const shape = streamShape(sortedStream(sent.text))
    const sample = streamShape(sortedStream(fixture(`tongyi/${file}`)))
    if (!file.includes('tool-call')) expect(shape).toEqual(sample)
    // Arguments come in as many pieces as they have; the sample has two for each of its calls.
    else
      expect(new Set(shape.map((event) => JSON.stringify(event)))).toEqual(
        new Set(sample.map((event) => JSON.stringify(event))),
      )
  })

  it('embeddings', async () => {
    const body = objectIn(fixture('tongyi/native-embedding-request.json'))
    const sent = await send(simulator, 'tongyi-native', services.embeddings, body)
    expect(sent.status, sent.text).toBe(200)
    expect(shapeOf(sent.json)).toEqual(shapeOf(JSON.parse(fixture('tongyi/native-embedding.json'))))
    expect(at(sent.json, 'output.embeddings.1.embedding')).toHaveLength(1024)
    expect(sent.json['usage']).toEqual({ total_tokens: 7 })
    expect(simulator.bill().totals).toMatchObject({ requests: 1, inputTokens: 7, totalTokens: 7 })
  })

  it('the request samples are taken as they are', async () => {
    const chat = await send(
      simulator,
      'tongyi-native',
      services.text,
      objectIn(fixture('tongyi/native-chat-request.json')),
    )
    const vision = await send(
      simulator,
      'tongyi-native',
      services.multimodal,
      objectIn(fixture('tongyi/native-vl-request.json')),
    )
    expect([chat.status, vision.status]).toEqual([200, 200])
  })
})

describe('a stream', () => {
  it('numbers its frames, tells a status in each and ends without a mark', async () => {
    const { text } = await stream(user('a [[sim tokens=4]]'))
    const frames = text.split('\n\n').filter((frame) => frame !== '')
    expect(frames).toHaveLength(5)
    frames.forEach((frame, index) =>
      expect(frame).toMatch(new RegExp(`^id:${index + 1}\nevent:result\n:HTTP_STATUS/200\ndata:\\{`)),
    )
    expect(text).not.toContain('[DONE]')
    const reasons = chunks(text).map((chunk) => at(chunk, 'output.choices.0.finish_reason'))
    expect(reasons).toEqual(['null', 'null', 'null', 'null', 'stop'])
  })

  it('may be asked for by what the client accepts', async () => {
    const sent = await ask(user('a'), message, { headers: { accept: 'text/event-stream' } })
    expect(sent.text).toMatch(/^id:1\n/)
    expect((await ask(user('a'), message, { headers: { 'x-dashscope-sse': 'disable' } })).text).toMatch(/^\{/)
  })

  it('says the same as a whole answer, new or repeated', async () => {
    const whole = await ask(user('春天 is here'))
    const text = String(at(whole.json, `${messagePath}.content`))
    expect(text).toContain('春天')
    const pieces = await stream(user('春天 is here'))
    expect(joined(pieces.text, `${messagePath}.content`)).toBe(text)
    const repeated = await stream(user('春天 is here'), { result_format: 'message' })
    const texts = chunks(repeated.text).map((chunk) => String(at(chunk, `${messagePath}.content`)))
    expect(texts.at(-1)).toBe(text)
    texts.forEach((sofar, index) => expect(sofar.startsWith(texts[index - 1] ?? '')).toBe(true))
    const asText = await stream(user('春天 is here'), { incremental_output: true })
    expect(joined(asText.text, 'output.text')).toBe(text)
    expect(at(chunks(asText.text).at(-1), 'output.finish_reason')).toBe('stop')
  })

  it('runs its usage up to the bill', async () => {
    const { text } = await stream(user('你好 [[sim tokens=9 cached=3]]'))
    const totals = chunks(text).map((chunk) => Number(at(chunk, 'usage.total_tokens')))
    expect(totals).toEqual([...totals].sort((a, b) => a - b))
    expect(totals.at(-1)).toBe(simulator.bill().totals.totalTokens)
    expect(at(chunks(text).at(-1), 'usage.prompt_tokens_details.cached_tokens')).toBe(3)
    expect(simulator.bill().totals).toMatchObject({ cachedInputTokens: 3, outputTokens: 9 })
    expect(simulator.requests()).toMatchObject([{ outcome: 'complete', stream: true, usageSent: true }])
  })

  it.each([true, false])(
    'has calls whose pieces join to their arguments (incremental: %s)',
    async (isNew) => {
      const parameters = {
        ...message,
        incremental_output: isNew,
        tools: [weather],
        parallel_tool_calls: true,
      }
      const whole = await ask(user('天气? [[sim tools=2]]'), parameters)
      const calls = at(whole.json, `${messagePath}.tool_calls`) as JsonObject[]
      expect(calls).toHaveLength(2)
      const { text } = await stream(user('天气? [[sim tools=2]]'), parameters)
      const told = chunks(text)
      expect(at(told.at(-1), 'output.choices.0.finish_reason')).toBe('tool_calls')
      calls.forEach((call, index) => {
        const items = told
          .flatMap((chunk) => at(chunk, `${messagePath}.tool_calls`))
          .filter((item) => at(item, 'index') === index)
        const parts = items.map((item) => String(at(item, 'function.arguments')))
        expect(isNew ? parts.join('') : parts.at(-1)).toBe(at(call, 'function.arguments'))
        const ids = items.map((item) => at(item, 'id'))
        const names = items.map((item) => at(item, 'function.name'))
        expect(ids[0]).toMatch(/^call_/)
        expect([ids.slice(1), names]).toEqual(
          isNew
            ? [ids.slice(1).map(() => ''), names.map((_, piece) => (piece === 0 ? 'get_weather' : undefined))]
            : [ids.slice(1).map(() => ids[0]), names.map(() => 'get_weather')],
        )
      })
    },
  )
})

describe('the form of an answer', () => {
  it.each<[model: string, format: 'text' | 'message']>([
    ['qwen-plus', 'text'],
    ['qwen-turbo', 'text'],
    ['qwen3.7-max', 'text'],
    ['qwen3-max', 'message'],
    ['qwen-long', 'message'],
    ['qwen3-next-80b-a3b-instruct', 'text'],
    ['qwen3-235b-a22b-instruct-2507', 'message'],
    ['glm-4.7', 'message'],
  ])('%s answers as %s where the request does not say', async (model, format) => {
    const { json } = await ask(user('a'), {}, { model })
    const output = at(json, 'output')
    expect(isObject(output) && Object.keys(output)).toEqual(
      format === 'text' ? ['finish_reason', 'text'] : ['choices'],
    )
  })

  it('calls one tool at a time unless told otherwise', async () => {
    const { json } = await ask(user('天气? [[sim tools=3]]'), { ...message, tools: [weather] })
    expect(at(json, `${messagePath}.tool_calls`)).toHaveLength(1)
  })

  it('is a text after the result of a tool', async () => {
    const parameters = { ...message, tools: [weather] }
    const first = await ask(user('天气?'), parameters)
    const calls = at(first.json, `${messagePath}.tool_calls`)
    const history = [
      ...user('天气?'),
      said('assistant', '', { tool_calls: calls }),
      said('tool', '晴', { tool_call_id: at(calls, '0.id') }),
    ]
    const { json } = await ask(history, parameters)
    expect(at(json, `${messagePath}.content`)).not.toBe('')
    expect(at(json, 'output.choices.0.finish_reason')).toBe('stop')
  })

  it('stops at max_tokens, which does not bound thinking; thinking_budget does', async () => {
    const parameters = { ...message, enable_thinking: true, max_tokens: 10 }
    const text = 'a [[sim tokens=30 reasoning=12]]'
    const free = await ask(user(text), parameters)
    expect(at(free.json, 'usage.output_tokens')).toBe(22)
    expect(at(free.json, 'output.choices.0.finish_reason')).toBe('length')
    const bound = await ask(user(text), { ...parameters, thinking_budget: 4 })
    expect(at(bound.json, 'usage')).toMatchObject({
      output_tokens: 14,
      output_tokens_details: { reasoning_tokens: 4 },
    })
  })
})

describe('the bill can be recomputed by the published rule', () => {
  it('for texts', async () => {
    const text = '你好 world [[sim tokens=17]]'
    await ask([said('system', 'Be brief.'), said('user', text)])
    const inputTokens = 4 + 3 + 4 + countTokens(text)
    expect(simulator.bill().lines).toMatchObject([
      {
        provider: 'tongyi',
        protocol: 'tongyi-native',
        account: 'sk-sim-tongyi-1',
        model: 'qwen-plus',
        inputTokens,
        outputTokens: 17,
        totalTokens: inputTokens + 17,
      },
    ])
  })

  it('for pictures, and the answer says how many tokens they were', async () => {
    const content = [picture, { text: '这是什么' }, picture, { text: 'and this? [[sim tokens=5]]' }]
    const sent = await stream(user(content), message, { model: 'qwen3-vl-plus', service: 'multimodal' })
    const inputTokens = 4 + 4 + countTokens('and this? [[sim tokens=5]]') + 2 * 85
    expect(at(chunks(sent.text).at(-1), 'usage')).toEqual({
      input_tokens_details: { image_tokens: 170, text_tokens: inputTokens - 170 },
      total_tokens: inputTokens + 5,
      output_tokens: 5,
      input_tokens: inputTokens,
      output_tokens_details: { text_tokens: 5 },
      image_tokens: 170,
    })
    expect(simulator.bill().totals).toMatchObject({ inputTokens, outputTokens: 5 })
  })

  it('for thinking and calls', async () => {
    const sent = await stream(user('a [[sim tokens=5 reasoning=7]]'), { ...message, enable_thinking: true })
    expect(joined(sent.text, `${messagePath}.reasoning_content`)).not.toBe('')
    expect(simulator.bill().totals).toMatchObject({ outputTokens: 5, reasoningTokens: 7 })
    simulator.reset()
    const called = await ask(user('a'), { ...message, tools: [weather] })
    const made = at(called.json, `${messagePath}.tool_calls.0.function`)
    const tokens = countTokens(`${String(at(made, 'name'))}${String(at(made, 'arguments'))}`)
    expect(simulator.bill().totals).toMatchObject({
      inputTokens: 4 + 1 + countTokens(JSON.stringify(weather)),
      outputTokens: tokens,
    })
  })

  it('by account, with the tag of the request', async () => {
    await ask(user('a [[sim tokens=3 tag=mine-1]]'), message, { key: 'sk-sim-tongyi-2' })
    expect(simulator.bill().lines).toMatchObject([{ account: 'sk-sim-tongyi-2', outputTokens: 3 }])
    expect(simulator.requests()).toMatchObject([{ tag: 'mine-1', billed: { outputTokens: 3 } }])
  })

  it('and a grant that stops is shared with the compatible mode', async () => {
    simulator.setGrant({ provider: 'tongyi', model: 'qwen-plus', tokens: 20, whenEmpty: 'provider-stops' })
    expect((await ask(user('a [[sim tokens=30]]'))).status).toBe(200)
    expect(simulator.bill().totals).toMatchObject({ freeTokens: 20, paidTokens: 19 })
    const refused = await ask(user('a'))
    expect([refused.status, refused.json['code']]).toEqual([403, 'AllocationQuota.FreeTierOnly'])
    const body = { model: 'qwen-plus', messages: user('a') }
    expect((await send(simulator, 'tongyi-compatible', '/chat/completions', body)).status).toBe(403)
  })
})

describe('a fault', () => {
  it.each(['text', 'multimodal'] as const)(
    'silences the usage, or has it told as null (%s)',
    async (service) => {
      const asked: Asked = service === 'text' ? {} : vl
      const messages = user(
        service === 'text' ? 'a [[sim tokens=9]]' : [picture, { text: 'a [[sim tokens=9]]' }],
      )
      simulator.addFault({ times: 2, fault: { noUsage: true } })
      for (const sent of [await ask(messages, message, asked), await stream(messages, message, asked)]) {
        expect(sent.text).not.toContain('usage')
      }
      simulator.addFault({ times: 2, fault: { usage: 'null' } })
      for (const sent of [await ask(messages, message, asked), await stream(messages, message, asked)]) {
        expect(sent.text).not.toContain('_tokens')
        expect(sent.text).toContain('"usage":null')
      }
      expect(simulator.bill().totals).toMatchObject({ requests: 4, outputTokens: 36 })
      expect(simulator.requests().map((each) => each.usageSent)).toEqual([false, false, false, false])
    },
  )

  it('changes nothing where running totals are the rule', async () => {
    const ids = /"request_id":"[^"]+"/g
    const { text } = await stream(user('a'))
    simulator.addFault({ fault: { usage: 'every' } })
    expect((await stream(user('a'))).text.replaceAll(ids, '')).toBe(text.replaceAll(ids, ''))
  })

  it('silences the usage of embeddings, or has it told as null', async () => {
    const body = { model: 'text-embedding-v4', input: { texts: ['abc'] } }
    simulator.addFault({ fault: { usage: 'null' } })
    const asNull = await send(simulator, 'tongyi-native', services.embeddings, body)
    expect(asNull.json['usage']).toBeNull()
    simulator.addFault({ fault: { noUsage: true } })
    const silent = await send(simulator, 'tongyi-native', services.embeddings, body)
    expect(silent.json).not.toHaveProperty('usage')
  })

  it('cuts a stream, and what was told until then is billed', async () => {
    simulator.addFault({ fault: { cutAfterChunks: 4 } })
    const response = await openStream(user('a [[sim tokens=9]]'))
    let text = ''
    await expect(async () => {
      for await (const part of response.body ?? []) text += Buffer.from(part).toString()
    }).rejects.toThrow('terminated')
    expect(payloads(text)).toHaveLength(4)
    expect(at(chunks(text).at(-1), 'usage.total_tokens')).toBe(simulator.bill().totals.totalTokens)
    expect(simulator.requests()).toMatchObject([{ outcome: 'cut', completionTokens: 4, usageSent: true }])
  })

  it('stalls a stream', async () => {
    simulator.addFault({ fault: { stallAfterChunks: 3 } })
    const response = await openStream(user('a [[sim tokens=9]]'))
    const reader = response.body?.getReader()
    expect(payloads(Buffer.from((await reader?.read())?.value ?? []).toString())).toHaveLength(3)
    expect(simulator.requests()).toMatchObject([{ outcome: 'stalled', completionTokens: 3 }])
    await reader?.cancel()
  })

  it('breaks an event', async () => {
    simulator.addFault({ fault: { garbageAfterChunks: 2 } })
    const { text } = await stream(user('a'))
    expect(() => JSON.parse(payloads(text).at(-1) ?? '') as unknown).toThrow('JSON')
    expect(simulator.bill().totals.outputTokens).toBe(2)
  })

  it('empties an answer', async () => {
    simulator.addFault({ times: 2, fault: { emptyStream: true } })
    const inStream = await stream(user('a'))
    expect([inStream.status, inStream.text]).toEqual([200, ''])
    const whole = await ask(user('a'))
    expect([whole.status, at(whole.json, 'output.choices')]).toEqual([200, []])
    expect(simulator.bill().totals.requests).toBe(0)
  })

  it('gives another status the internal error', async () => {
    simulator.addFault({ times: 2, fault: { status: 507 } })
    const whole = await ask(user('a'))
    expect([whole.status, whole.json['code']]).toEqual([507, 'InternalError'])
    const inStream = await stream(user('a'))
    expect([inStream.status, at(chunks(inStream.text)[0], 'code')]).toEqual([507, 'InternalError'])
  })

  it('inside a stream is a refusal where nothing is streamed', async () => {
    simulator.addFault({ fault: { errorAfterChunks: 3 } })
    expect((await ask(user('a'))).status).toBe(500)
  })
})

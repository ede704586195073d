import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { countTokens } from '../../engine/count-tokens.ts'
import { type Simulator, startSimulator } from '../../simulator.ts'
import type { JsonObject } from '../../json.ts'
import { at, endpointOf, objectIn } from '../../testing/client.ts'
import { fixture, shapeOf } from '../../testing/shape.ts'
import { type QuestionChanges, ask, question, signed, socketUrl, talk } from '../../testing/spark-socket.ts'

let simulator: Simulator
beforeAll(async () => {
  simulator = await startSimulator()
})
beforeEach(() => simulator.reset())
afterAll(() => simulator.close())

const paths: Readonly<Record<string, string>> = {
  lite: '/v1.1/chat',
  generalv3: '/v3.1/chat',
  'pro-128k': '/chat/pro-128k',
  'generalv3.5': '/v3.5/chat',
  'max-32k': '/chat/max-32k',
  '4.0Ultra': '/v4.0/chat',
  'spark-x': '/v1/x1',
}
const models = Object.keys(paths)

/** Asks the model whose `domain` the request names. */
async function askFor(domain: string, text: string, changes: QuestionChanges = {}): Promise<JsonObject[]> {
  const body = question(simulator, text, { ...changes, chat: { domain, ...changes.chat } })
  return (await ask(socketUrl(simulator, paths[domain] ?? ''), body)).frames
}

async function codeFor(domain: string, changes: QuestionChanges): Promise<unknown> {
  return at((await askFor(domain, 'a', changes)).at(-1), 'header.code')
}

const said = (frames: JsonObject[], field = 'content') =>
  frames.map((frame) => at(frame, `payload.choices.text.0.${field}`) ?? '').join('')
const usageOf = (frames: JsonObject[]) => at(frames.at(-1), 'payload.usage.text')

const linesOf = (file: string) => fixture(`spark/${file}`).trim().split('\n').map(objectIn)

/** The fixture's request, from the application that may send it. */
function fixtureRequest(file: string, text?: string): JsonObject {
  const { appId } = endpointOf(simulator, 'spark-websocket').credentials
  const request = fixture(`spark/${file}`).replace('fixtureid', appId ?? '')
  return objectIn(text === undefined ? request : request.replace('推荐一本科幻小说', text))
}

const sourcesShown = { type: 'web_search', web_search: { enable: true, show_ref_label: true } }

describe('a conversation has the form of the wire sample', () => {
  it('in frames 0, 1 and 2, with the usage in the last', async () => {
    const request = fixtureRequest('ws-request.json', '推荐 [[sim tokens=4]]')
    const { frames, code } = await ask(socketUrl(simulator, '/v4.0/chat'), request)
    expect(shapeOf(frames)).toEqual(shapeOf(linesOf('ws-chat-stream.ws.jsonl')))
    expect(frames.map((frame) => at(frame, 'header.status'))).toEqual([0, 1, 1, 2])
    expect(frames.map((frame) => at(frame, 'payload.choices.status'))).toEqual([0, 1, 1, 2])
    expect(frames.map((frame) => at(frame, 'payload.choices.seq'))).toEqual([0, 1, 2, 3])
    expect(code).toBe(1000)
  })

  it('in one frame when it is short', async () => {
    const frames = await askFor('4.0Ultra', '推荐 [[sim tokens=4 chunk=9]]')
    expect(shapeOf(frames)).toEqual(shapeOf(linesOf('ws-chat-single-frame.ws.jsonl')))
    expect(at(frames[0], 'header.status')).toBe(2)
  })

  it('with a function call, which is one frame and counts nothing', async () => {
    const { frames } = await ask(
      socketUrl(simulator, '/v3.5/chat'),
      fixtureRequest('ws-request-functions.json'),
    )
    expect(shapeOf(frames)).toEqual(shapeOf(linesOf('ws-chat-function-call.ws.jsonl')))
    const call = at(frames[0], 'payload.choices.text.0.function_call')
    expect(at(call, 'name')).toBe('get_weather')
    expect(JSON.parse(String(at(call, 'arguments')))).toMatchObject({ location: expect.any(String) })
    expect(usageOf(frames)).toMatchObject({ completion_tokens: 0 })
  })

  it('with reasoning before the answer and an empty last frame', async () => {
    const frames = await askFor('spark-x', '推荐 [[sim tokens=2 chunk=2 reasoning=2]]')
    const sample = linesOf('ws-x1-reasoning.ws.jsonl')
    expect(shapeOf(frames)).toEqual(shapeOf(sample))
    expect(frames.map((frame) => at(frame, 'header.status'))).toEqual([0, 1, 2])
  })

  it('with the sources of a web search before everything', async () => {
    const frames = await askFor('4.0Ultra', '推荐 [[sim tokens=2]]', { chat: { tools: [sourcesShown] } })
    expect(shapeOf(frames)).toEqual(shapeOf(linesOf('ws-search-plugin.ws.jsonl')))
    expect(JSON.parse(String(at(frames[0], 'payload.plugins.text.0.content')))).toMatchObject([{ index: 1 }])
    expect(at(frames[1], 'payload.choices.seq')).toBe(0)
  })
})

describe('an answer', () => {
  it.each(models)('%s has as many tokens as asked for, and a limit is kept', async (model) => {
    const text = '故事 [[sim tokens=20 reasoning=0]]'
    const frames = await askFor(model, text)
    expect(countTokens(said(frames))).toBe(20)
    expect(usageOf(frames)).toMatchObject({ completion_tokens: 20 })
    const limited = await askFor(model, text, { chat: { max_tokens: 8 } })
    expect(countTokens(said(limited))).toBe(8)
  })

  it('is billed by the published rule, to the application', async () => {
    const text = '你好 world [[sim tokens=17]]'
    const messages = [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: '你好' },
      { role: 'assistant', content: '好' },
      { role: 'user', content: text },
    ]
    const weather = { name: 'get_weather', description: '查询天气', parameters: { type: 'object' } }
    const payload = { functions: { text: [weather] } }
    const frames = await askFor('max-32k', '', { messages, payload })
    const prompt = 4 * 4 + 3 + 2 + 1 + countTokens(text) + countTokens(JSON.stringify(weather))
    expect(usageOf(frames)).toMatchObject({ prompt_tokens: prompt, total_tokens: prompt })
    simulator.reset()
    const plain = await askFor('max-32k', text)
    const inputTokens = 4 + countTokens(text)
    expect(usageOf(plain)).toEqual({
      question_tokens: inputTokens,
      prompt_tokens: inputTokens,
      completion_tokens: 17,
      total_tokens: inputTokens + 17,
    })
    expect(simulator.bill().lines).toMatchObject([
      {
        provider: 'spark',
        protocol: 'spark-websocket',
        account: 'simspark000000000000000000000001',
        model: 'max-32k',
        requests: 1,
        inputTokens,
        outputTokens: 17,
      },
    ])
    expect(simulator.requests()).toMatchObject([
      { outcome: 'complete', status: 101, stream: true, usageSent: true, completionTokens: 17 },
    ])
  })

  it('of the line that thinks is preceded by reasoning unless that is switched off, and bills both', async () => {
    const text = '[[sim tokens=5 reasoning=7]]'
    const frames = await askFor('spark-x', text)
    expect(countTokens(said(frames, 'reasoning_content'))).toBe(7)
    expect(simulator.bill().totals).toMatchObject({ outputTokens: 12, reasoningTokens: 0 })
    const off = await askFor('spark-x', text, { chat: { thinking: { type: 'disabled' } } })
    expect(said(off, 'reasoning_content')).toBe('')
    expect(usageOf(off)).toMatchObject({ completion_tokens: 5 })
  })

  it.each([
    ['generalv3', 64],
    ['generalv3.5', 64],
    ['4.0Ultra', 64],
    ['max-32k', 0],
    ['lite', 0],
  ])('of %s costs %i more prompt tokens unless the web search is switched off', async (model, more) => {
    const promptOf = async (chat: JsonObject) =>
      Number(at(usageOf(await askFor(model, 'a', { chat })), 'prompt_tokens'))
    const off = { tools: [{ type: 'web_search', web_search: { enable: false } }] }
    expect((await promptOf({})) - (await promptOf(off))).toBe(more)
  })

  it('goes by the older names of a domain', async () => {
    const answers = await Promise.all([
      ask(socketUrl(simulator, '/v1.1/chat'), question(simulator, 'a', { chat: { domain: 'general' } })),
      ask(socketUrl(simulator, '/v1/x1'), question(simulator, 'a', { chat: { domain: 'x1' } })),
    ])
    expect(answers.map(({ frames }) => at(frames.at(-1), 'header.code'))).toEqual([0, 0])
    expect(
      simulator
        .bill()
        .lines.map((line) => line.model)
        .sort(),
    ).toEqual(['lite', 'spark-x'])
  })
})

const user = (content: unknown) => ({ role: 'user', content })
const tool = (more: JsonObject = {}) => ({ name: 'f', parameters: { type: 'object' }, ...more })

type Case = readonly [what: string, code: number, changes: QuestionChanges, domain?: string]

const refused: readonly Case[] = [
  ['no application', 10004, { header: { app_id: undefined } }],
  ['an application of somebody else', 11200, { header: { app_id: 'sim00002' } }],
  ['a user of 33 characters', 10005, { header: { uid: 'u'.repeat(33) } }],
  ['a user that is a number', 10004, { header: { uid: 1 } }],
  ['no domain', 10004, { chat: { domain: undefined } }],
  ['a domain that does not fit the URL', 10404, { chat: { domain: '4.0Ultra' } }],
  ['temperature 0', 10163, { chat: { temperature: 0 } }],
  ['temperature above 1', 10163, { chat: { temperature: 1.1 } }],
  ['temperature above 2 on the line that thinks', 10163, { chat: { temperature: 2.1 } }, 'spark-x'],
  ['top_k 0', 10163, { chat: { top_k: 0 } }],
  ['top_k 7', 10163, { chat: { top_k: 7 } }],
  ['top_k 1.5', 10163, { chat: { top_k: 1.5 } }],
  ['max_tokens 0', 10163, { chat: { max_tokens: 0 } }],
  ['max_tokens above the cap', 10163, { chat: { max_tokens: 4097 } }, 'lite'],
  ['max_tokens as a text', 10163, { chat: { max_tokens: '5' } }],
  ['top_p 0 on the line that thinks', 10163, { chat: { top_p: 0 } }, 'spark-x'],
  ['thinking of an unknown type', 10163, { chat: { thinking: { type: 'deep' } } }, 'spark-x'],
  ['functions among the tools', 10163, { chat: { tools: [{ type: 'function', function: tool() }] } }],
  ['no messages', 10004, { payload: { message: {} } }],
  ['an empty conversation', 10163, { messages: [] }],
  ['a system message for Lite', 10163, { messages: [{ role: 'system', content: 's' }, user('a')] }, 'lite'],
  ['a system message later', 10163, { messages: [user('a'), { role: 'system', content: 's' }] }],
  ['two turns of the user', 10163, { messages: [user('a'), user('b')] }],
  ['an assistant last', 10163, { messages: [user('a'), { role: 'assistant', content: 'b' }] }],
  ['a result of a tool', 10163, { messages: [user('a'), { role: 'tool', content: 'b', tool_call_id: 'c' }] }],
  ['an empty message', 10163, { messages: [user('')] }],
  ['content in parts', 10163, { messages: [user([{ type: 'text', text: 'a' }])] }],
  ['too long a prompt', 10907, { messages: [user('长'.repeat(20_000))] }, 'generalv3'],
  ['functions for Pro', 10163, { payload: { functions: { text: [tool()] } } }, 'generalv3'],
  ['no functions in their list', 10004, { payload: { functions: { text: [] } } }],
  [
    'a wrapped function',
    10004,
    { payload: { functions: { text: [{ type: 'function', function: tool() }] } } },
  ],
  ['a function without parameters', 10004, { payload: { functions: { text: [{ name: 'f' }] } } }],
  ['a function name with a dash', 10163, { payload: { functions: { text: [tool({ name: 'a-b' })] } } }],
  ['a function name of 33', 10163, { payload: { functions: { text: [tool({ name: 'a'.repeat(33) })] } } }],
]

const taken: readonly Case[] = [
  ['temperature 1', 0, { chat: { temperature: 1 } }],
  ['temperature 1.2 on the line that thinks', 0, { chat: { temperature: 1.2 } }, 'spark-x'],
  ['the presence penalty of the SDK', 0, { chat: { presence_penalty: 2.01 } }, 'spark-x'],
  ['a user of 32 characters', 0, { header: { uid: 'u'.repeat(32) } }],
  ['no user', 0, { header: { uid: undefined } }],
  ['a system message for Ultra', 0, { messages: [{ role: 'system', content: 's' }, user('a')] }, '4.0Ultra'],
  ['a chat id and unknown fields', 0, { chat: { chat_id: 'c', x: 1 }, payload: { x: 1 }, header: { x: 1 } }],
]

describe('a question', () => {
  for (const [what, code, changes, domain = 'max-32k'] of [...refused, ...taken]) {
    it(`with ${what} is answered with code ${code}`, async () => {
      expect(await codeFor(domain, changes)).toBe(code)
      expect(simulator.bill().totals.requests).toBe(code === 0 ? 1 : 0)
      expect(simulator.requests()).toMatchObject([
        { outcome: code === 0 ? 'complete' : 'refused', status: 101, protocol: 'spark-websocket' },
      ])
    })
  }

  it.each([
    ['that is no JSON', '{"header":'],
    ['that is no object', '[]'],
    ['that is no text', Buffer.from('{}')],
  ])('%s is answered with code 10003', async (_what, frame) => {
    const call = talk(socketUrl(simulator, '/v4.0/chat'), frame)
    expect(await call.over).toEqual({ code: 1000 })
    expect(call.frames.map((text) => at(objectIn(text), 'header.code'))).toEqual([10003])
  })

  it.each([[null], [0], ['a'], [[]], [{}]])(
    'with %j in the place of any part is refused, not fatal',
    async (value) => {
      const whole = question(simulator, 'a')
      for (const body of [
        { ...whole, header: value },
        { ...whole, parameter: value },
        { ...whole, payload: value },
        { ...whole, payload: { message: value } },
        { ...whole, payload: { message: { text: value } } },
        { ...whole, payload: { message: { text: [value] } } },
      ]) {
        const { frames } = await ask(socketUrl(simulator, '/chat/max-32k'), body)
        expect([10004, 10163]).toContain(at(frames[0], 'header.code'))
      }
    },
  )
})

const withoutIds = (text: string) =>
  JSON.parse(text.replaceAll(/"(cht|emb)[^"]*@dx[^"]*"/g, '"ID"')) as unknown

describe('a state of the platform is one frame with its code and no payload', () => {
  it.each([
    ['rate-limit', 'ws-error-11202-qps.ws.jsonl'],
    ['free-quota', 'ws-error-11200-noauth.ws.jsonl'],
    ['balance', 'ws-error-11201-daily.ws.jsonl'],
    ['overloaded', 'ws-error-10110-busy.ws.jsonl'],
    ['content-filter', 'ws-error-10013-input-audit.ws.jsonl'],
  ] as const)('%s', async (code, file) => {
    simulator.addFault({ fault: { code } })
    const frames = await askFor('4.0Ultra', '你好')
    expect(frames.map((frame) => withoutIds(JSON.stringify(frame)))).toEqual([
      withoutIds(fixture(`spark/${file}`)),
    ])
    expect(simulator.bill().totals.requests).toBe(0)
  })

  it.each<[file: string, domain: string, changes: QuestionChanges]>([
    ['ws-error-10404-domain.ws.jsonl', 'lite', { chat: { domain: 'generalv3' } }],
    ['ws-error-10907-too-long.ws.jsonl', 'lite', { messages: [user('长'.repeat(13_000))] }],
    ['ws-error-11200-noauth.ws.jsonl', 'lite', { header: { app_id: 'other' } }],
  ])('%s, caused by the request itself', async (file, domain, changes) => {
    const body = question(simulator, 'a', { ...changes, chat: { domain, ...changes.chat } })
    const { frames } = await ask(socketUrl(simulator, paths[domain] ?? ''), body)
    expect(withoutIds(JSON.stringify(frames))).toEqual([withoutIds(fixture(`spark/${file}`))])
  })

  it('at zero a stopping grant says what "used up" says', async () => {
    simulator.setGrant({ provider: 'spark', model: '4.0Ultra', tokens: 1, whenEmpty: 'provider-stops' })
    expect(await codeFor('4.0Ultra', {})).toBe(0)
    expect(await codeFor('4.0Ultra', {})).toBe(11200)
    expect(await codeFor('max-32k', {})).toBe(0)
  })
})

describe('one user', () => {
  const uid = (name: string) => ({ header: { uid: name } })

  it('asks one question at a time', async () => {
    const body = question(simulator, '[[sim tokens=5000 gap=5]]', uid('one'))
    const first = talk(socketUrl(simulator, '/chat/max-32k'), JSON.stringify(body))
    await first.next()
    expect(await codeFor('max-32k', uid('one'))).toBe(10007)
    expect(await codeFor('max-32k', uid('two'))).toBe(0)
    first.socket.terminate()
    await first.over
  })

  it('may ask again once the answer is there, also after one that failed', async () => {
    for (const fault of [undefined, { cutAfterChunks: 2 }, { errorAfterChunks: 2 }]) {
      if (fault !== undefined) simulator.addFault({ fault })
      await askFor('max-32k', 'a', uid('one'))
      expect(await codeFor('max-32k', uid('one'))).toBe(0)
    }
  })
})

describe('embeddings', () => {
  const url = () => endpointOf(simulator, 'spark-websocket').embeddingUrl ?? ''
  const packed = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64')
  const one = (content: unknown) => packed({ messages: [{ content, role: 'user' }] })

  async function embed(body: unknown, target = signed(simulator, url(), { method: 'POST' })) {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const response = await fetch(target, { method: 'POST', body: text })
    return { status: response.status, text: await response.text() }
  }
  function request(text: string, domain = 'para'): JsonObject {
    const body = fixtureRequest('embedding-request.json')
    const messages = at(body, 'payload.messages') as JsonObject
    return { ...body, parameter: { emb: { domain } }, payload: { messages: { ...messages, text } } }
  }
  const vectorOf = (text: string) => String(at(objectIn(text), 'payload.feature.text'))

  it('have the form of the wire sample: 2560 numbers of 32 bits, and no usage', async () => {
    const { status, text } = await embed(fixtureRequest('embedding-request.json'))
    expect(status).toBe(200)
    expect(shapeOf(objectIn(text))).toEqual(shapeOf(objectIn(fixture('spark/embedding.json'))))
    const bytes = Buffer.from(vectorOf(text), 'base64')
    expect(bytes.length).toBe(2560 * 4)
    let squares = 0
    for (let index = 0; index < 2560; index += 1) squares += bytes.readFloatLE(index * 4) ** 2
    expect(squares).toBeCloseTo(1, 5)
    expect(simulator.bill().lines).toMatchObject([
      { model: 'spark-embedding', inputTokens: countTokens('第一段文本'), outputTokens: 0 },
    ])
    expect(simulator.requests()).toMatchObject([{ outcome: 'complete', status: 200, usageSent: false }])
  })

  it('take what the official SDK sends, and tell questions from documents', async () => {
    const texts = [request(one('春天')), request(one('春天')), request(one('春天'), 'query')]
    const [first, again, asQuestion] = await Promise.all(
      texts.map(async (body) =>
        vectorOf(
          (await embed({ ...body, payload: { messages: { text: at(body, 'payload.messages.text') } } })).text,
        ),
      ),
    )
    expect(again).toBe(first)
    expect(asQuestion).not.toBe(first)
  })

  it.each([
    ['two texts', () => request(packed({ messages: [{ content: 'a' }, { content: 'b' }] })), 10004],
    ['an empty text', () => request(one('')), 10004],
    ['a text in no JSON', () => request('春天'), 10004],
    ['another domain', () => request(one('a'), 'both'), 10163],
    ['no JSON', () => '{', 10003],
    ['no application', () => ({ ...request(one('a')), header: {} }), 10004],
    [
      'an application of somebody else',
      () => ({ ...request(one('a')), header: { app_id: 'sim00002' } }),
      11200,
    ],
  ])('with %s are refused in a body of status 200', async (_what, body, code) => {
    const { status, text } = await embed(body())
    expect([status, at(objectIn(text), 'header.code')]).toEqual([200, code])
    expect(simulator.bill().totals.requests).toBe(0)
  })
  it('tell a state of the platform in the header', async () => {
    simulator.addFault({ fault: { code: 'free-quota' } })
    const { status, text } = await embed(request(one('a')))
    expect(status).toBe(200)
    expect(withoutIds(text)).toEqual(withoutIds(fixture('spark/embedding-error-11200.json')))
  })

  it('need a signature that was made for POST and for their path', async () => {
    const get = await embed(request(one('a')), signed(simulator, url()))
    const elsewhere = await embed(request(one('a')), signed(simulator, url(), { method: 'POST', path: '/' }))
    expect([get.status, elsewhere.status]).toEqual([401, 401])
    expect(get.text).toBe('{"message":"HMAC signature does not match"}')
    simulator.addFault({ fault: { code: 'bad-key' } })
    const struck = await embed(request(one('a')))
    expect([struck.status, objectIn(struck.text)]).toEqual([
      401,
      objectIn(fixture('spark/ws-handshake-401.json')),
    ])
  })
})

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Simulator, startSimulator } from '../simulator.ts'
import {
  at,
  chat,
  chatBody,
  chunks,
  open,
  payloads,
  protocols,
  send,
  until,
  usageIn,
} from '../testing/client.ts'
import { fixture } from '../testing/shape.ts'

let simulator: Simulator
beforeAll(async () => {
  simulator = await startSimulator()
})
beforeEach(() => simulator.reset())
afterAll(() => simulator.close())

const streamed = chatBody('openai', 'a [[sim tokens=9]]', { stream: true })
const whole = chatBody('openai', 'a [[sim tokens=9]]')
const promptTokens = 4 + Math.ceil('a [[sim tokens=9]]'.length / 4)

/** Reads until the connection ends, well or badly. */
async function readAll(response: Response): Promise<{ text: string; broken: boolean }> {
  let text = ''
  try {
    for await (const part of response.body ?? []) text += Buffer.from(part).toString()
    return { text, broken: false }
  } catch {
    return { text, broken: true }
  }
}

const stream = async () => readAll(await open(simulator, 'openai', '/chat/completions', streamed))

describe('faults that refuse before anything is generated', () => {
  it('a status alone comes with the internal error of the platform', async () => {
    simulator.addFault({ fault: { status: 507 } })
    const sent = await chat(simulator, 'openai', whole)
    expect(sent.status).toBe(507)
    expect(sent.text).toContain('server_error')
    expect(simulator.bill().totals.requests).toBe(0)
    expect(simulator.requests()).toMatchObject([{ outcome: 'refused', status: 507 }])
  })

  it('a body goes out as it is, with headers', async () => {
    simulator.addFault({ fault: { status: 429, body: { odd: 1 }, headers: { 'retry-after': '7' } } })
    const object = await chat(simulator, 'openai', whole)
    expect([object.status, object.text, object.headers.get('retry-after')]).toEqual([429, '{"odd":1}', '7'])
    simulator.addFault({ fault: { status: 401, body: '"Invalid token"' } })
    expect((await chat(simulator, 'openai', whole)).text).toBe('"Invalid token"')
  })

  it('a code may come under another status', async () => {
    simulator.addFault({ fault: { code: 'rate-limit', status: 418 } })
    const sent = await chat(simulator, 'hunyuan-openai', chatBody('hunyuan-openai', 'a'))
    expect(sent.status).toBe(418)
    expect(sent.text).toContain('"2003"')
  })

  it('the page of a broken gateway', async () => {
    simulator.addFault({ fault: { html502: true } })
    const sent = await chat(simulator, 'openai', whole)
    expect(sent.status).toBe(502)
    expect(sent.headers.get('content-type')).toBe('text/html')
    expect(sent.text.trim()).toBe(fixture('openai-compatible/odd-html-502.txt').trim())
    expect(simulator.bill().totals.requests).toBe(0)
  })

  it('an empty stream, and an answer without choices', async () => {
    simulator.addFault({ times: 2, fault: { emptyStream: true } })
    expect(await stream()).toEqual({ text: '', broken: false })
    const sent = await chat(simulator, 'openai', whole)
    expect([sent.status, sent.json['choices']]).toEqual([200, []])
    expect(simulator.bill().totals.requests).toBe(0)
  })
})

describe('faults on the way', () => {
  it('a delay holds the first byte back and a gap the next ones', async () => {
    simulator.addFault({ fault: { delayMs: 40, gapMs: 5 } })
    const startedAt = performance.now()
    const response = await open(simulator, 'openai', '/chat/completions', streamed)
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(39)
    await readAll(response)
    // Role, 9 texts, finish, usage and end mark: 12 gaps.
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(39 + 12 * 5)
  })

  it('a cut ends the connection in the middle, and what was produced is billed', async () => {
    simulator.addFault({ fault: { cutAfterChunks: 4 } })
    const { text, broken } = await stream()
    expect(broken).toBe(true)
    expect(payloads(text)).toHaveLength(4)
    // The role and three texts.
    expect(simulator.bill().totals).toMatchObject({ requests: 1, inputTokens: promptTokens, outputTokens: 3 })
    expect(simulator.requests()).toMatchObject([{ outcome: 'cut', completionTokens: 3, usageSent: false }])
  })

  it('a cut at once ends the connection without an answer', async () => {
    simulator.addFault({ fault: { cutAfterChunks: 0 } })
    await expect(open(simulator, 'openai', '/chat/completions', streamed)).rejects.toThrow('fetch failed')
    expect(simulator.bill().totals).toMatchObject({ requests: 1, inputTokens: promptTokens, outputTokens: 0 })
  })

  it('a cut in an answer that is not streamed leaves half a body', async () => {
    simulator.addFault({ fault: { cutAfterChunks: 1 } })
    const { text, broken } = await readAll(await open(simulator, 'openai', '/chat/completions', whole))
    expect(broken).toBe(true)
    expect(() => JSON.parse(text) as unknown).toThrow('JSON')
    expect(simulator.bill().totals.outputTokens).toBe(9)
    expect(simulator.requests()).toMatchObject([{ outcome: 'cut' }])
  })

  it.each([true, false])('a stall keeps the connection open and silent (stream: %s)', async (isStream) => {
    simulator.addFault({ fault: { stallAfterChunks: 3 } })
    const hangUp = new AbortController()
    const body = isStream ? streamed : whole
    const response = await open(simulator, 'openai', '/chat/completions', body, { signal: hangUp.signal })
    const reader = response.body?.getReader()
    if (isStream)
      expect(payloads(Buffer.from((await reader?.read())?.value ?? []).toString())).toHaveLength(3)
    const silent = reader?.read().then(
      () => 'more',
      () => 'aborted',
    )
    expect(simulator.requests()).toMatchObject([{ outcome: 'stalled' }])
    expect(simulator.requests()[0]?.closedAt).toBeUndefined()
    expect(simulator.bill().totals.outputTokens).toBe(isStream ? 2 : 9)
    hangUp.abort()
    expect(await silent).toBe('aborted')
    await until(() => simulator.requests()[0]?.closedAt !== undefined)
    expect(simulator.requests()).toMatchObject([{ outcome: 'stalled' }])
  })

  it.each(protocols)(
    '%s: an error inside the stream comes after the chunks and ends it',
    async (protocol) => {
      simulator.addFault({ fault: { errorAfterChunks: 3 } })
      const sent = await chat(simulator, protocol, chatBody(protocol, 'a [[sim tokens=9]]', { stream: true }))
      const [error] = chunks(sent.text).slice(3)
      expect(chunks(sent.text)).toHaveLength(4)
      expect(error).toBeDefined()
      expect('error' in (error ?? {}) || 'errors' in (error ?? {}) || error?.['code'] !== 0).toBe(true)
      expect(simulator.requests()).toMatchObject([{ outcome: 'error', usageSent: false }])
      expect(simulator.bill().totals.outputTokens).toBeGreaterThanOrEqual(2)
    },
  )

  it('an error inside a stream is a refusal where nothing is streamed', async () => {
    simulator.addFault({ fault: { errorAfterChunks: 3 } })
    expect((await chat(simulator, 'openai', whole)).status).toBe(500)
    expect(simulator.bill().totals.requests).toBe(0)
  })

  it('garbage is an event that is no JSON, then the end', async () => {
    simulator.addFault({ fault: { garbageAfterChunks: 2 } })
    const { text, broken } = await stream()
    expect(broken).toBe(false)
    const [, , last] = payloads(text)
    expect(() => JSON.parse(last ?? '') as unknown).toThrow('JSON')
    expect(text).not.toContain('[DONE]')
    expect(simulator.bill().totals.outputTokens).toBe(1)
  })

  it.each(protocols)('%s: usage can be silenced, and is billed all the same', async (protocol) => {
    simulator.addFault({ times: 2, fault: { noUsage: true } })
    const text = 'a [[sim tokens=9]]'
    const inStream = await chat(simulator, protocol, chatBody(protocol, text, { stream: true }))
    const inWhole = await chat(simulator, protocol, chatBody(protocol, text))
    expect(inStream.text).not.toContain('prompt_tokens')
    expect(inWhole.text).not.toContain('prompt_tokens')
    expect(inWhole.status).toBe(200)
    expect(simulator.bill().totals).toMatchObject({ requests: 2, outputTokens: 18 })
    expect(simulator.requests().map((request) => request.usageSent)).toEqual([false, false])
  })

  it.each(protocols)('%s: usage can be told as null, and is billed all the same', async (protocol) => {
    simulator.addFault({ times: 2, fault: { usage: 'null' } })
    const text = 'a [[sim tokens=9]]'
    const inStream = await chat(simulator, protocol, chatBody(protocol, text, { stream: true }))
    const inWhole = await chat(simulator, protocol, chatBody(protocol, text))
    for (const sent of [inStream, inWhole]) {
      expect(sent.status).toBe(200)
      expect(sent.text).toContain('"usage":null')
      expect(sent.text).not.toContain('_tokens')
    }
    expect(chunks(inStream.text).every((chunk) => chunk['usage'] === null)).toBe(true)
    expect(simulator.bill().totals).toMatchObject({ requests: 2, outputTokens: 18 })
    expect(simulator.requests().map((request) => request.usageSent)).toEqual([false, false])
  })

  it.each(protocols)(
    '%s: usage can be told in every chunk, and the last one is the bill',
    async (protocol) => {
      simulator.addFault({ times: 2, fault: { usage: 'every' } })
      const text = 'a [[sim tokens=9 cached=2]]'
      const inStream = await chat(simulator, protocol, chatBody(protocol, text, { stream: true }))
      const totals = chunks(inStream.text).map((chunk) => Number(at(chunk, 'usage.total_tokens')))
      expect(totals.length).toBeGreaterThanOrEqual(9)
      expect(totals).toEqual([...totals].sort((a, b) => a - b))
      expect(totals.at(-1)).toBe(simulator.bill().totals.totalTokens)
      expect(usageIn(inStream.text)).toMatchObject({ completion_tokens: 9 })
      expect(simulator.requests()).toMatchObject([{ outcome: 'complete', usageSent: true }])
      const inWhole = await chat(simulator, protocol, chatBody(protocol, text))
      expect(inWhole.json['usage']).toMatchObject({ total_tokens: totals.at(-1), completion_tokens: 9 })
    },
  )

  it('a tool call tells its running usage as well, piece by piece', async () => {
    const tools = [{ type: 'function', function: { name: 'get_weather', parameters: { type: 'object' } } }]
    for (const protocol of protocols) {
      simulator.reset()
      simulator.addFault({ fault: { usage: 'every' } })
      const sent = await chat(simulator, protocol, chatBody(protocol, 'a', { stream: true, tools }))
      const totals = chunks(sent.text).map((chunk) => Number(at(chunk, 'usage.total_tokens')))
      expect(totals, protocol).toEqual([...totals].sort((a, b) => a - b))
      expect(totals.at(-1), protocol).toBe(simulator.bill().totals.totalTokens)
    }
  })

  it('usage that breaks off with the stream was told up to there', async () => {
    simulator.addFault({ fault: { usage: 'every', cutAfterChunks: 4 } })
    const { text } = await stream()
    expect(at(chunks(text).at(-1), 'usage.total_tokens')).toBe(simulator.bill().totals.totalTokens)
    expect(simulator.requests()).toMatchObject([{ outcome: 'cut', usageSent: true }])
  })

  it.each([
    ['openai', 'embed-like'],
    ['tongyi-compatible', 'text-embedding-v4'],
    ['ark', 'ep-20260101000000-simem'],
    ['baichuan', 'Baichuan-Text-Embedding'],
    ['modelscope', 'Qwen/Qwen3-Embedding-8B'],
    ['qianfan-v2', 'embedding-v1'],
    ['hunyuan-openai', 'hunyuan-embedding'],
  ])('%s: the usage of embeddings can be told as null or not at all', async (protocol, model) => {
    const body = { model, input: ['abc'] }
    const told = async () => (await send(simulator, protocol, '/embeddings', body)).json
    simulator.addFault({ fault: { usage: 'null' } })
    expect((await told())['usage']).toBeNull()
    simulator.addFault({ fault: { noUsage: true } })
    expect(await told()).not.toHaveProperty('usage')
    expect(at(await told(), 'usage.total_tokens')).toBe(1)
    expect(simulator.bill().totals).toMatchObject({ requests: 3, inputTokens: 3 })
    expect(simulator.requests().map((request) => request.usageSent)).toEqual([true, false, false])
  })

  it('a fault beyond the end never comes about', async () => {
    simulator.addFault({ fault: { cutAfterChunks: 500 } })
    const { text, broken } = await stream()
    expect([broken, text.endsWith('data: [DONE]\n\n')]).toEqual([false, true])
    expect(simulator.requests()).toMatchObject([{ outcome: 'complete', usageSent: true }])
  })
})

describe('a fault strikes', () => {
  const status = async (protocol: string, text: string, key?: string) =>
    (await chat(simulator, protocol, chatBody(protocol, text), key === undefined ? {} : { key })).status

  it('once, so many times, or until cleared', async () => {
    simulator.addFault({ fault: { status: 500 } })
    expect([await status('openai', 'a'), await status('openai', 'a')]).toEqual([500, 200])
    simulator.addFault({ times: 2, fault: { status: 501 } })
    expect([await status('openai', 'a'), await status('openai', 'a'), await status('openai', 'a')]).toEqual([
      501, 501, 200,
    ])
    simulator.addFault({ times: 0, fault: { status: 502 } })
    expect([await status('openai', 'a'), await status('openai', 'a')]).toEqual([502, 502])
    simulator.clearFaults()
    expect(await status('openai', 'a')).toBe(200)
  })

  it('only what it is meant for', async () => {
    const match = {
      provider: 'tongyi',
      protocol: 'tongyi-compatible',
      account: 'sk-sim-b',
      model: 'qwen-plus',
      contains: 'boom',
    }
    simulator.addFault({ times: 0, match, fault: { status: 500 } })
    expect(await status('openai', 'boom', 'sk-sim-b')).toBe(200)
    expect(await status('tongyi-compatible', 'boom')).toBe(200)
    expect(await status('tongyi-compatible', 'a', 'sk-sim-b')).toBe(200)
    expect(await status('tongyi-compatible', 'boom', 'sk-sim-b')).toBe(500)
  })

  it('no request that the platform refuses anyway, and no list of models', async () => {
    simulator.addFault({ fault: { status: 500 } })
    expect(await status('openai', 'a', 'wrong')).toBe(401)
    const headers = { authorization: 'Bearer sk-sim' }
    expect((await fetch(`${simulator.url}/openai/v1/models`, { headers })).status).toBe(200)
    expect(await status('openai', 'a')).toBe(500)
  })
})

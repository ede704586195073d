import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../json.ts'
import { type Simulator, startSimulator } from '../simulator.ts'
import { at, chat, chatBody, chatModels, keyOf, open, protocols, send, until } from '../testing/client.ts'
import { countTokens } from './count-tokens.ts'

let simulator: Simulator
beforeAll(async () => {
  simulator = await startSimulator()
})
beforeEach(() => simulator.reset())
afterAll(() => simulator.close())

const tool = {
  type: 'function',
  function: { name: 'get_weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } },
}

describe('the bill can be recomputed by the published rule', () => {
  it.each(protocols)('%s: one chat', async (protocol) => {
    const text = '你好 world [[sim tokens=17]]'
    await chat(simulator, protocol, chatBody(protocol, text, { stream: true }))
    const inputTokens = 4 + countTokens(text)
    expect(simulator.bill().lines).toEqual([
      {
        provider: simulator.endpoints[protocol]?.provider,
        protocol,
        account: keyOf(simulator, protocol),
        model: chatModels[protocol],
        requests: 1,
        inputTokens,
        cachedInputTokens: 0,
        outputTokens: 17,
        reasoningTokens: 0,
        totalTokens: inputTokens + 17,
        freeTokens: 0,
        paidTokens: inputTokens + 17,
      },
    ])
  })

  it('messages, pictures, calls and tools all count', async () => {
    const call = {
      id: 'c1',
      type: 'function',
      function: { name: 'get_weather', arguments: '{"city":"杭州"}' },
    }
    const picture = { type: 'image_url', image_url: { url: 'https://example.test/a.png' } }
    const messages: JsonObject[] = [
      { role: 'system', content: 'Be brief.' },
      {
        role: 'user',
        content: [{ type: 'text', text: '这是什么' }, picture, { type: 'text', text: 'and this?' }, picture],
      },
      { role: 'assistant', content: null, tool_calls: [call] },
      { role: 'tool', tool_call_id: 'c1', content: '晴天' },
      { role: 'user', content: 'a [[sim tools=0 tokens=3]]' },
    ]
    const sent = await chat(simulator, 'openai', { model: 'gpt-like', messages, tools: [tool] })
    const byHand =
      5 * 4 +
      3 + // Be brief.
      (4 + 3 + 2 * 85) +
      (2 + Math.ceil('get_weather{"city":""}'.length / 4)) +
      2 +
      Math.ceil('a [[sim tools=0 tokens=3]]'.length / 4) +
      Math.ceil(JSON.stringify(tool).length / 4)
    expect(at(sent.json, 'usage.prompt_tokens')).toBe(byHand)
    expect(simulator.bill().totals).toMatchObject({ inputTokens: byHand, outputTokens: 3 })
  })

  it('a tool call counts its name and arguments; spark reports and bills none', async () => {
    const sent = await chat(simulator, 'openai', chatBody('openai', 'a', { tools: [tool] }))
    const made = at(sent.json, 'choices.0.message.tool_calls.0.function')
    const tokens = countTokens(`${String(at(made, 'name'))}${String(at(made, 'arguments'))}`)
    expect(at(sent.json, 'usage.completion_tokens')).toBe(tokens)
    expect(simulator.bill().totals.outputTokens).toBe(tokens)
    simulator.reset()
    await chat(simulator, 'spark-http', chatBody('spark-http', 'a', { tools: [tool] }))
    expect(simulator.bill().totals).toMatchObject({ requests: 1, outputTokens: 0 })
  })

  it('cached and reasoning tokens are buckets of their own where the platform tells them', async () => {
    const text = 'a [[sim tokens=5 reasoning=7 cached=3]]'
    const prompt = 4 + countTokens(text)
    await chat(simulator, 'openai', chatBody('openai', text))
    expect(simulator.bill().totals).toMatchObject({
      inputTokens: prompt - 3,
      cachedInputTokens: 3,
      outputTokens: 5,
      reasoningTokens: 7,
      totalTokens: prompt + 12,
    })
    simulator.reset()
    await chat(simulator, 'baichuan', chatBody('baichuan', text))
    expect(simulator.bill().totals).toMatchObject({
      inputTokens: prompt,
      cachedInputTokens: 0,
      outputTokens: 12,
      reasoningTokens: 0,
      totalTokens: prompt + 12,
    })
  })

  it('sums up over accounts and models, each on a line of its own', async () => {
    const body = chatBody('tongyi-compatible', 'a [[sim tokens=4]]')
    await chat(simulator, 'tongyi-compatible', body)
    await chat(simulator, 'tongyi-compatible', body, { key: 'sk-sim-tongyi-2' })
    await chat(simulator, 'tongyi-compatible', { ...body, model: 'qwen-turbo' }, { key: 'sk-sim-tongyi-2' })
    await chat(simulator, 'tongyi-compatible', body, { key: 'sk-sim-tongyi-2' })
    const bill = simulator.bill()
    expect(bill.lines.map((line) => [line.account, line.model, line.requests])).toEqual([
      ['sk-sim-tongyi-1', 'qwen-plus', 1],
      ['sk-sim-tongyi-2', 'qwen-plus', 2],
      ['sk-sim-tongyi-2', 'qwen-turbo', 1],
    ])
    for (const name of ['requests', 'inputTokens', 'outputTokens', 'totalTokens', 'paidTokens'] as const) {
      expect(bill.totals[name]).toBe(bill.lines.reduce((sum, line) => sum + line[name], 0))
    }
  })

  it('holds for a thousand requests at once', async () => {
    const texts = Array.from({ length: 1000 }, (_, index) => `question ${index} [[sim tokens=${index % 40}]]`)
    await Promise.all(
      texts.map((text, index) =>
        chat(simulator, 'openai', chatBody('openai', text, { stream: index % 2 === 0 })),
      ),
    )
    expect(simulator.bill().totals).toMatchObject({
      requests: 1000,
      inputTokens: texts.reduce((sum, text) => sum + 4 + countTokens(text), 0),
      outputTokens: texts.reduce((sum, _, index) => sum + (index % 40), 0),
    })
  })
})

describe('a client that hangs up pays for the prompt and what was produced until then', () => {
  it('in a paced stream', async () => {
    const hangUp = new AbortController()
    const body = chatBody('openai', '故事 [[sim tokens=5000 gap=2]]', { stream: true })
    const response = await open(simulator, 'openai', '/chat/completions', body, { signal: hangUp.signal })
    let seen = ''
    await expect(async () => {
      for await (const part of response.body ?? []) {
        seen += Buffer.from(part).toString()
        if (seen.split('\n\n').length > 12) hangUp.abort()
      }
    }).rejects.toThrow('aborted')
    await until(() => simulator.requests()[0]?.outcome !== undefined)
    const [request] = simulator.requests()
    const { totals } = simulator.bill()
    expect(request).toMatchObject({ outcome: 'client-closed', stream: true, usageSent: false, status: 200 })
    expect(request?.closedAt).toBeGreaterThan(0)
    expect(totals).toMatchObject({
      requests: 1,
      inputTokens: 4 + countTokens('故事 [[sim tokens=5000 gap=2]]'),
    })
    expect(totals.outputTokens).toBeGreaterThanOrEqual(10)
    expect(totals.outputTokens).toBeLessThan(5000)
    expect(request?.completionTokens).toBe(totals.outputTokens)
  })

  it('in an answer that is not streamed', async () => {
    const hangUp = new AbortController()
    const body = chatBody('openai', '故事 [[sim tokens=5000 gap=2]]')
    const waiting = open(simulator, 'openai', '/chat/completions', body, { signal: hangUp.signal })
    await until(() => simulator.requests().length === 1)
    hangUp.abort()
    await expect(waiting).rejects.toThrow('aborted')
    await until(() => simulator.requests()[0]?.outcome !== undefined)
    expect(simulator.requests()).toMatchObject([{ outcome: 'client-closed' }])
    expect(simulator.bill().totals.inputTokens).toBeGreaterThan(0)
    expect(simulator.bill().totals.outputTokens).toBeLessThan(5000)
  })

  it('before the first token, the prompt alone', async () => {
    simulator.addFault({ fault: { delayMs: 60_000 } })
    const hangUp = new AbortController()
    const waiting = open(simulator, 'ark', '/chat/completions', chatBody('ark', '你好'), {
      signal: hangUp.signal,
    })
    await until(() => simulator.requests().length === 1)
    hangUp.abort()
    await expect(waiting).rejects.toThrow('aborted')
    await until(() => simulator.requests()[0]?.outcome !== undefined)
    expect(simulator.requests()).toMatchObject([{ outcome: 'client-closed', completionTokens: 0 }])
    expect(simulator.bill().totals).toMatchObject({ requests: 1, inputTokens: 6, outputTokens: 0 })
  })

  it('but not on a bill that was reset meanwhile', async () => {
    const hangUp = new AbortController()
    const body = chatBody('openai', '[[sim tokens=5000 gap=2]]', { stream: true })
    await open(simulator, 'openai', '/chat/completions', body, { signal: hangUp.signal })
    const closed = new Promise((resolve) => hangUp.signal.addEventListener('abort', resolve))
    simulator.reset()
    hangUp.abort()
    await closed
    // A whole call later the server has seen the hang-up.
    await chat(simulator, 'openai', chatBody('openai', 'a [[sim tokens=1 gap=20]]'))
    expect(simulator.bill().totals).toMatchObject({ requests: 1, outputTokens: 1 })
  })

  it('a slow reader is waited for, and pays for what he was sent', async () => {
    const body = chatBody('openai', 'a [[sim tokens=60000]]', { stream: true })
    const hangUp = new AbortController()
    const response = await open(simulator, 'openai', '/chat/completions', body, { signal: hangUp.signal })
    const reader = response.body?.getReader()
    await reader?.read()
    expect(simulator.bill().totals.requests).toBe(0)
    hangUp.abort()
    await until(() => simulator.bill().totals.requests === 1)
    expect(simulator.bill().totals.outputTokens).toBeGreaterThan(0)
    expect(simulator.bill().totals.outputTokens).toBeLessThan(60_000)
    expect(simulator.requests()).toMatchObject([{ outcome: 'client-closed' }])
  })
})

describe('the list of requests', () => {
  it('is newest first and knows what was asked, told and answered', async () => {
    const before = Date.now()
    await chat(simulator, 'openai', chatBody('openai', 'a [[sim tokens=3]]'), {
      headers: { 'x-client-request-id': 'mine-1' },
    })
    await chat(simulator, 'baichuan', { model: 'none', messages: [] })
    await send(simulator, 'openai', '/embeddings', { model: 'bge-m3', input: 'abc' })
    const requests = simulator.requests()
    expect(requests).toMatchObject([
      {
        provider: 'openai-compatible',
        model: 'bge-m3',
        outcome: 'complete',
        promptTokens: 1,
        completionTokens: 0,
      },
      { provider: 'baichuan', protocol: 'baichuan', model: 'none', outcome: 'refused', status: 400 },
      {
        model: 'gpt-like',
        account: 'sk-sim-openai-1',
        stream: false,
        status: 200,
        outcome: 'complete',
        completionTokens: 3,
        reasoningTokens: 0,
        cachedTokens: 0,
        usageSent: true,
        clientRequestId: 'mine-1',
      },
    ])
    expect(new Set(requests.map((request) => request.id)).size).toBe(3)
    for (const request of requests) expect(request.receivedAt).toBeGreaterThanOrEqual(before)
  })

  it.each(protocols)('%s: keeps the tag of a request and its own part of the bill', async (protocol) => {
    await chat(simulator, protocol, chatBody(protocol, 'a [[sim tokens=3 tag=storm-1.a]]'))
    await chat(simulator, protocol, chatBody(protocol, 'b [[sim tag=storm-2 tokens=4]]', { stream: true }))
    await chat(simulator, protocol, {
      model: 'none',
      messages: [{ role: 'user', content: '[[sim tag=no]]' }],
    })
    const [refused, second, first] = simulator.requests()
    expect([refused?.tag, second?.tag, first?.tag]).toEqual(['no', 'storm-2', 'storm-1.a'])
    expect(refused?.billed).toBeUndefined()
    expect(first?.billed).toMatchObject({ requests: 1, outputTokens: 3 })
    expect(second?.billed).toMatchObject({ requests: 1, outputTokens: 4 })
    expect(simulator.bill().totals.totalTokens).toBe(
      Number(first?.billed?.totalTokens) + Number(second?.billed?.totalTokens),
    )
  })
})

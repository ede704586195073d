import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../json.ts'
import { type Simulator, startSimulator } from '../simulator.ts'
import { at, chat, chatBody, chatModels, joined, protocols, send, usageIn } from '../testing/client.ts'
import { countTokens } from './count-tokens.ts'

let simulator: Simulator
beforeAll(async () => {
  simulator = await startSimulator({ seed: 7 })
})
beforeEach(() => simulator.reset())
afterAll(() => simulator.close())

const tool = (name: string) => ({
  type: 'function',
  function: {
    name,
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
})

async function answerOf(protocol: string, text: string, more: JsonObject = {}) {
  const sent = await chat(simulator, protocol, chatBody(protocol, text, more))
  expect(sent.status, sent.text).toBe(200)
  return sent
}

describe.each(protocols)('an answer of %s', (protocol) => {
  it('is the same for the same request, streamed or not', async () => {
    const first = await answerOf(protocol, '春天 is here', { temperature: 0.5 })
    const again = await answerOf(protocol, '春天 is here', { temperature: 0.5 })
    const streamed = await answerOf(protocol, '春天 is here', { temperature: 0.5, stream: true })
    const text = at(first.json, 'choices.0.message.content')
    expect(text).toContain('春天')
    expect(at(again.json, 'choices.0.message.content')).toBe(text)
    expect(joined(streamed.text, 'choices.0.delta.content')).toBe(text)
  })

  it('has as many tokens as asked for, by the published rule', async () => {
    const sent = await answerOf(protocol, '故事 [[sim tokens=50]]')
    expect(countTokens(String(at(sent.json, 'choices.0.message.content')))).toBe(50)
    expect(sent.json['usage']).toMatchObject({ completion_tokens: 50 })
    const streamed = await answerOf(protocol, '故事 [[sim tokens=50]]', { stream: true })
    expect(countTokens(joined(streamed.text, 'choices.0.delta.content'))).toBe(50)
    // A stream may tell fewer details, never other counts.
    expect(sent.json['usage']).toMatchObject(usageIn(streamed.text) as object)
  })

  it('stays at or below max_tokens and says so', async () => {
    const sent = await answerOf(protocol, '故事 [[sim tokens=50]]', { max_tokens: 8 })
    expect(sent.json['usage']).toMatchObject({ completion_tokens: 8 })
    // Spark tells no reason.
    if (protocol !== 'spark-http') expect(at(sent.json, 'choices.0.finish_reason')).toBe('length')
    const enough = await answerOf(protocol, '故事 [[sim tokens=8]]', { max_tokens: 8 })
    if (protocol !== 'spark-http') expect(at(enough.json, 'choices.0.finish_reason')).toBe('stop')
  })

  it('calls tools with arguments that are JSON of the schema, and answers their results with text', async () => {
    const model = protocol === 'hunyuan-openai' ? 'hunyuan-functioncall' : chatModels[protocol]
    const sent = await answerOf(protocol, '天气?', { model, tools: [tool('get_weather')] })
    const calls = at(sent.json, 'choices.0.message.tool_calls')
    const call = Array.isArray(calls) ? at(calls, '0') : calls
    expect(at(call, 'function.name')).toBe('get_weather')
    expect(JSON.parse(String(at(call, 'function.arguments')))).toMatchObject({ city: expect.any(String) })
    const result = await answerOf(protocol, '', {
      model,
      tools: [tool('get_weather')],
      messages: [
        { role: 'user', content: '天气?' },
        { role: 'assistant', content: '', tool_calls: [call] },
        { role: 'tool', tool_call_id: at(call, 'id'), content: '晴' },
      ],
    })
    expect(String(at(result.json, 'choices.0.message.content'))).not.toBe('')
    expect(at(result.json, 'choices.0.message.tool_calls')).toBeUndefined()
  })
})

describe('directives', () => {
  it('several tools are called in parallel, with pieces that join to the whole', async () => {
    const tools = [tool('get_weather'), tool('get_time')]
    const whole = await answerOf('openai', 'a [[sim tools=3]]', { tools })
    const calls = at(whole.json, 'choices.0.message.tool_calls')
    expect(Array.isArray(calls) && calls.map((call) => at(call, 'function.name'))).toEqual([
      'get_weather',
      'get_time',
      'get_weather',
    ])
    const streamed = await answerOf('openai', 'a [[sim tools=3]]', { tools, stream: true })
    const pieces = joined(streamed.text, 'choices.0.delta.tool_calls.0.function.arguments')
    expect(pieces).toBe(
      Array.isArray(calls) ? calls.map((call) => String(at(call, 'function.arguments'))).join('') : '',
    )
    expect(
      (await answerOf('openai', 'a [[sim tools=3]]', { tools, parallel_tool_calls: false })).text,
    ).not.toContain('get_time')
    expect((await answerOf('openai', 'a [[sim tools=0]]', { tools })).text).not.toContain('tool_calls"')
    expect((await answerOf('openai', 'a', { tools, tool_choice: 'none' })).text).not.toContain('get_weather')
    const named = { type: 'function', function: { name: 'get_time' } }
    expect((await answerOf('openai', 'a', { tools, tool_choice: named })).text).toContain('get_time')
  })

  it('reasoning comes first and counts into the completion', async () => {
    const sent = await answerOf('ark', 'a [[sim tokens=9 reasoning=12]]', {
      model: 'doubao-seed-2-0-lite-260428',
      stream: true,
    })
    expect(countTokens(joined(sent.text, 'choices.0.delta.reasoning_content'))).toBe(12)
    expect(usageIn(sent.text)).toMatchObject({
      completion_tokens: 21,
      completion_tokens_details: { reasoning_tokens: 12 },
    })
    expect(sent.text.lastIndexOf('reasoning_content')).toBeLessThan(sent.text.indexOf('"content":"收"'))
  })

  it('ark counts max_tokens without reasoning and max_completion_tokens with it', async () => {
    const text = 'a [[sim tokens=30 reasoning=12]]'
    const model = 'doubao-seed-2-0-lite-260428'
    const answer = await answerOf('ark', text, { model, max_tokens: 10 })
    expect(answer.json['usage']).toMatchObject({ completion_tokens: 22 })
    const both = await answerOf('ark', text, { model, max_completion_tokens: 20 })
    expect(both.json['usage']).toMatchObject({
      completion_tokens: 20,
      completion_tokens_details: { reasoning_tokens: 12 },
    })
  })

  it('tongyi counts max_tokens without reasoning, which its own budget bounds', async () => {
    const text = 'a [[sim tokens=30 reasoning=12]]'
    const body = { model: 'qwen-plus', max_tokens: 10, enable_thinking: true }
    const free = await answerOf('tongyi-compatible', text, body)
    expect(free.json['usage']).toMatchObject({ completion_tokens: 22 })
    const bound = await answerOf('tongyi-compatible', text, { ...body, thinking_budget: 4 })
    expect(bound.json['usage']).toMatchObject({ completion_tokens: 14 })
  })

  it('thinking that is switched off stays off', async () => {
    const off = { thinking: { type: 'disabled' }, model: 'doubao-seed-2-0-lite-260428' }
    expect((await answerOf('ark', 'a [[sim reasoning=5]]', off)).text).not.toContain('reasoning_content')
    const qwen = await answerOf('tongyi-compatible', 'a [[sim reasoning=9]]', {
      enable_thinking: true,
      thinking_budget: 4,
    })
    expect(qwen.json['usage']).toMatchObject({ completion_tokens_details: { reasoning_tokens: 4 } })
  })

  it('cached tokens are never more than the prompt', async () => {
    const sent = await answerOf('openai', 'a [[sim cached=5]]')
    expect(sent.json['usage']).toMatchObject({ prompt_tokens_details: { cached_tokens: 5 } })
    const most = await answerOf('openai', 'a [[sim cached=500]]')
    const prompt = at(most.json, 'usage.prompt_tokens')
    expect(at(most.json, 'usage.prompt_tokens_details.cached_tokens')).toBe(prompt)
  })

  it('chunk sets the tokens of a chunk', async () => {
    const sent = await answerOf('openai', 'a [[sim tokens=12 chunk=4]]', { stream: true })
    // Role, three pieces, finish, usage, end mark.
    expect(sent.text.split('\n\n').filter((event) => event !== '').length).toBe(7)
  })
})

describe('the shape of the answer', () => {
  it.each(['openai', 'tongyi-compatible', 'qianfan-v2', 'spark-http'])(
    '%s: json_object',
    async (protocol) => {
      const body = { response_format: { type: 'json_object' } }
      const sent = await answerOf(protocol, 'answer in json [[sim tokens=20]]', body)
      const text = String(at(sent.json, 'choices.0.message.content'))
      expect(JSON.parse(text)).toMatchObject({ answer: expect.any(String) })
      expect(countTokens(text)).toBe(20)
    },
  )

  it('json_schema', async () => {
    const schema = { type: 'object', properties: { total: { type: 'integer' } }, required: ['total'] }
    const sent = await answerOf('openai', 'a', {
      response_format: { type: 'json_schema', json_schema: { name: 'sum', schema } },
    })
    expect(JSON.parse(String(at(sent.json, 'choices.0.message.content')))).toMatchObject({
      total: expect.any(Number),
    })
  })

  it('ends before a stop text, on hunyuan after it', async () => {
    const text = '一二三四五'
    const openai = await answerOf('openai', text, { stop: ['三'] })
    expect(at(openai.json, 'choices.0.message.content')).toBe('收到：一二')
    const hunyuan = await answerOf('hunyuan-openai', text, { stop: ['三'] })
    expect(at(hunyuan.json, 'choices.0.message.content')).toBe('收到：一二三')
  })

  it('usage is told in a stream only when asked, and in every chunk where the platform can', async () => {
    const silent = await answerOf('openai', 'a', { stream: true, stream_options: { include_usage: false } })
    expect(silent.text).not.toContain('usage')
    const every = await answerOf('ark', 'a [[sim tokens=4]]', {
      stream: true,
      stream_options: { include_usage: true, chunk_include_usage: true },
    })
    const counts = [...every.text.matchAll(/"completion_tokens":(\d+)/g)].map((match) => Number(match[1]))
    expect(counts).toEqual([1, 2, 3, 4, 4, 4])
  })

  it('spark adds the tokens of a web search that nobody switched off', async () => {
    const tokens = async (more: JsonObject) =>
      at((await answerOf('spark-http', '你好', { model: '4.0Ultra', ...more })).json, 'usage.prompt_tokens')
    const off = { tools: [{ type: 'web_search', web_search: { enable: false } }] }
    expect(Number(await tokens({})) - Number(await tokens(off))).toBe(64)
  })

  it('two seeds give two answers', async () => {
    const other = await startSimulator({ seed: 8 })
    const body = chatBody('openai', 'a [[sim tokens=60]]')
    const texts = [await chat(simulator, 'openai', body), await chat(other, 'openai', body)].map((sent) =>
      at(sent.json, 'choices.0.message.content'),
    )
    await other.close()
    expect(texts[0]).not.toBe(texts[1])
  })
})

describe('embeddings', () => {
  const vectorOf = (sent: { json: JsonObject }, index = 0) => at(sent.json, `data.${index}.embedding`)

  it('are unit vectors of the asked size that depend on the text alone', async () => {
    const body = { model: 'text-embedding-v4', input: ['春天', '秋天', '春天'], dimensions: 256 }
    const sent = await send(simulator, 'tongyi-compatible', '/embeddings', body)
    const vectors = [0, 1, 2].map((index) => vectorOf(sent, index) as number[])
    for (const vector of vectors) {
      expect(vector).toHaveLength(256)
      expect(Math.hypot(...vector)).toBeCloseTo(1, 4)
    }
    expect(vectors[0]).toEqual(vectors[2])
    expect(vectors[0]).not.toEqual(vectors[1])
    expect(sent.json['usage']).toEqual({ prompt_tokens: 6, total_tokens: 6 })
    expect(simulator.bill().totals).toMatchObject({
      requests: 1,
      inputTokens: 6,
      outputTokens: 0,
      totalTokens: 6,
    })
  })

  it('are the same in base64', async () => {
    const body = { model: 'embed-like', input: 'a', dimensions: 256 }
    const plain = vectorOf(await send(simulator, 'openai', '/embeddings', body)) as number[]
    const coded = vectorOf(
      await send(simulator, 'openai', '/embeddings', { ...body, encoding_format: 'base64' }),
    )
    const bytes = Buffer.from(String(coded), 'base64')
    expect(bytes).toHaveLength(1024)
    plain.forEach((value, index) => expect(bytes.readFloatLE(index * 4)).toBeCloseTo(value, 5))
  })
})

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { StateKind } from '../../contract/refusal.ts'
import type { JsonObject } from '../../json.ts'
import { type Simulator, startSimulator } from '../../simulator.ts'
import { at, chunks, joined, send } from '../../testing/client.ts'
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
import { fixture } from '../../testing/shape.ts'

let simulator: Simulator
beforeAll(async () => {
  simulator = await startSimulator()
})
beforeEach(() => simulator.reset())
afterAll(() => simulator.close())

const { ask, stream } = dashscope(() => simulator)

/** Everything but the request's own id, and numbers of a model. */
const neutral = (text: string) =>
  text
    .replaceAll(/"request_id":"[^"]+"/g, '"request_id":"ID"')
    .replace('131072]', '129024]')
    .trim()

describe('a refusal has the platform’s own body', () => {
  const states: readonly [code: StateKind, status: number, name: string, file?: string][] = [
    ['bad-key', 401, 'InvalidApiKey', '401-bad-key'],
    ['rate-limit', 429, 'Throttling.RateQuota', '429-rate'],
    ['free-quota', 403, 'AllocationQuota.FreeTierOnly', '403-free-tier-only'],
    ['balance', 400, 'Arrearage', '400-arrearage'],
    ['content-filter', 400, 'DataInspectionFailed', '400-content'],
    ['overloaded', 503, 'ModelServingError'],
    ['internal', 500, 'InternalError'],
  ]
  it.each(states)('in the state %s: %i %s', async (code, status, name, file) => {
    simulator.addFault({ times: 2, fault: { code } })
    const whole = await ask(user('a'))
    expect([whole.status, whole.json['code']]).toEqual([status, name])
    if (file !== undefined) {
      expect(neutral(whole.text)).toBe(neutral(fixture(`tongyi/native-error-${file}.json`)))
    }
    const inStream = await stream(user('a'))
    expect(inStream.status).toBe(200)
    expect(inStream.headers.get('content-type')).toMatch(/^text\/event-stream/)
    expect(neutral(inStream.text)).toBe(
      `id:1\nevent:error\n:HTTP_STATUS/${status}\ndata:${neutral(whole.text)}`,
    )
    expect(simulator.bill().totals.requests).toBe(0)
    expect(simulator.requests().map((each) => each.outcome)).toEqual(['refused', 'refused'])
  })

  it('of a stream may come under its own status as well', async () => {
    simulator.addFault({ fault: { code: 'rate-limit', status: 429 } })
    const sent = await stream(user('a'))
    expect([sent.status, at(chunks(sent.text)[0], 'code')]).toEqual([429, 'Throttling.RateQuota'])
    expect(sent.text).toMatch(/^id:1\nevent:error\n/)
  })

  it.each<[file: string, status: number, content: unknown, asked: Asked]>([
    ['native-error-400-parameter.json', 400, '', {}],
    ['native-error-400-too-long.json', 400, '长'.repeat(131_100), { model: 'qwen-max' }],
    ['native-error-401-bad-key.json', 401, 'a', { key: 'sk-real' }],
    ['native-error-404-model.json', 404, 'a', { model: 'qwen-none' }],
  ])('%s', async (file, status, content, asked) => {
    const sent = await ask(user(content), message, asked)
    expect(sent.status).toBe(status)
    expect(neutral(sent.text)).toBe(neutral(fixture(`tongyi/${file}`)))
  })

  it('in a stream that was refused, the recorded first frame', async () => {
    const sent = await stream(user(''))
    expect(neutral(sent.text)).toBe(neutral(fixture('tongyi/native-stream-error-first-frame.sse.txt')))
  })

  it('inside a stream, the next frame', async () => {
    simulator.addFault({ fault: { errorAfterChunks: 2 } })
    const sent = await stream(user('从前 [[sim tokens=9]]'))
    const last = (text: string) => neutral(text).split('\n\n').at(-1)
    expect(last(sent.text)).toBe(last(fixture('tongyi/native-stream-error-mid.sse.txt')))
    expect(simulator.requests()).toMatchObject([{ outcome: 'error', completionTokens: 2 }])
    expect(simulator.bill().totals.outputTokens).toBe(2)
  })

  it('for a key of the coding plan, and for none', async () => {
    const plan = await ask(user('a'), message, { key: 'sk-sp-sim' })
    expect([plan.status, plan.json['message']]).toEqual([401, 'invalid access token or token expired'])
    expect((await ask(user('a'), message, { key: '' })).status).toBe(401)
  })
})

type Extra = readonly [what: string, parameters: JsonObject, asked?: Asked, messages?: unknown]

const called = { id: 'c1', type: 'function', function: { name: 'get_weather', arguments: '{}' } }
const named = { type: 'function', function: { name: 'get_weather' } }

describe('it refuses as InvalidParameter', () => {
  const refused: readonly Extra[] = [
    ['temperature 2', { temperature: 2 }],
    ['temperature below 0', { temperature: -0.1 }],
    ['top_p 0', { top_p: 0 }],
    ['top_p above 1', { top_p: 1.1 }],
    ['a broken top_k', { top_k: 1.5 }],
    ['max_tokens above the cap', { max_tokens: 32_769 }],
    ['max_tokens of 0', { max_tokens: 0 }],
    ['a negative seed', { seed: -1 }],
    ['presence_penalty above 2', { presence_penalty: 2.1 }],
    ['repetition_penalty 0', { repetition_penalty: 0 }],
    ['several answers', { n: 2 }],
    ['a budget of 0', { thinking_budget: 0 }],
    ['an unknown format', { result_format: 'json' }],
    ['tool_choice required', { tools: [weather], tool_choice: 'required' }],
    ['a named tool while thinking', { tools: [weather], tool_choice: named, enable_thinking: true }],
    ['tools with a text for an answer', { tools: [weather], result_format: 'text' }],
    ['thinking with a text for an answer', { enable_thinking: true, result_format: 'text' }],
    ['a text from Qwen3-Max', { result_format: 'text' }, { model: 'qwen3-max' }],
    ['tools on qwen-long', { tools: [weather] }, { model: 'qwen-long' }],
    [
      'tools on a vision model before Qwen3',
      { tools: [weather] },
      { model: 'qwen-vl-max', service: 'multimodal' },
      user([{ text: 'a' }]),
    ],
    ['reasoning_effort on a budget model', { reasoning_effort: 'low' }],
    ['logprobs on a closed model', { logprobs: true }],
    ['max_completion_tokens', { max_completion_tokens: 5 }],
    ['frequency_penalty', { frequency_penalty: 0 }],
    ['user', { user: 'u' }],
    ['logit_bias', { logit_bias: {} }],
    ['metadata', { metadata: {} }],
    ['store', { store: true }],
    ['service_tier', { service_tier: 'auto' }],
    ['stream in the body', { stream: true }],
    ['stream_options', { stream_options: { include_usage: true } }],
    ['json_object without the word', { response_format: { type: 'json_object' } }],
    ['no stream on qwq', {}, { model: 'qwq-plus' }],
    ['no stream on qvq', {}, { model: 'qvq-max', service: 'multimodal' }, user([{ text: 'a' }])],
    ['no stream on an open Qwen3 that thinks', {}, { model: 'qwen3-32b' }],
    ['no stream on an open Qwen3 that always thinks', {}, { model: 'qwen3-235b-a22b-thinking-2507' }],
    ['messages that are no list', {}, {}, 'a'],
    ['role developer', {}, {}, [said('developer', 'a'), said('user', 'a')]],
    ['system after the first message', {}, {}, [...user('a'), said('system', 'a'), ...user('a')]],
    ['an assistant at the end', {}, {}, [...user('a'), said('assistant', 'a')]],
    ['a result without a call', {}, {}, [...user('a'), said('tool', 'x', { tool_call_id: 'c1' })]],
    ['no messages', {}, {}, []],
    ['parts on a text model', {}, {}, user([{ text: 'a' }])],
    ['OpenAI’s parts on a text model', {}, {}, user([{ type: 'text', text: 'a' }])],
    ['a string on a vision model', {}, vl, user('a')],
    ['no content on a vision model', {}, vl, user([])],
    ['OpenAI’s picture on a vision model', {}, vl, user([{ type: 'image_url', image_url: { url: 'x' } }])],
    ['a picture said by the assistant', {}, vl, [...user([{ text: 'a' }]), said('assistant', [picture])]],
    ['a text model among the vision models', {}, { service: 'multimodal' }, user([{ text: 'a' }])],
    ['a vision model among the text models', {}, { model: 'qwen-vl-plus' }],
    ['a model that can see, without a picture, among the text models', {}, { model: 'qwen3.5-plus' }],
  ]
  for (const [what, parameters, asked = {}, messages = user('a')] of refused) {
    it(what, async () => {
      const sent = await ask(messages, { ...message, ...parameters }, asked)
      expect(sent.status, sent.text).toBe(400)
      expect(sent.json).toEqual({
        code: 'InvalidParameter',
        message: expect.any(String),
        request_id: expect.any(String),
      })
      // For the reason given, not for another one of the same request.
      const names = Object.keys(parameters)
      if (names.length > 0)
        expect(names.some((name) => String(sent.json['message']).includes(name))).toBe(true)
    })
  }

  it.each<[what: string, model: string, parameters: JsonObject]>([
    ['thinking that repeats', 'qwen-plus', { enable_thinking: true, incremental_output: false }],
    ['thinking that repeats by default', 'qwen-plus', { enable_thinking: true, incremental_output: null }],
    ['thinking of a hosted model that repeats', 'deepseek-r1-0528', { incremental_output: null }],
    ['an open Qwen3 that repeats', 'qwen3-32b', { enable_thinking: false, incremental_output: false }],
    ['QwQ that repeats', 'qwq-plus', { incremental_output: false }],
  ])('in a stream: %s', async (_, model, parameters) => {
    const { text } = await stream(user('a'), { ...message, ...parameters }, { model })
    expect(text).toMatch(/^id:1\nevent:error\n:HTTP_STATUS\/400\n/)
    expect(chunks(text)[0]).toMatchObject({ code: 'InvalidParameter' })
  })

  it.each<[what: string, body: JsonObject | string]>([
    ['messages outside of input', { model: 'qwen-plus', messages: user('a') }],
    [
      'a parameter outside of parameters',
      { model: 'qwen-plus', input: { messages: user('a') }, temperature: 1 },
    ],
    ['parameters that are none', { model: 'qwen-plus', input: { messages: user('a') }, parameters: 'a' }],
    ['no input', { model: 'qwen-plus' }],
    ['no model', { input: { messages: user('a') } }],
    ['broken JSON', '{"model":'],
  ])('%s', async (_, body) => {
    const sent = await send(simulator, 'tongyi-native', services.text, body)
    expect([sent.status, sent.json['code']]).toEqual([400, 'InvalidParameter'])
  })

  it.each<[what: string, input: unknown, parameters: JsonObject]>([
    ['a bare text', { texts: 'a' }, {}],
    ['OpenAI’s input', 'a', {}],
    ['11 texts', { texts: Array(11).fill('a') }, {}],
    ['an empty text', { texts: [''] }, {}],
    ['a size that is not offered', { texts: ['a'] }, { dimension: 1000 }],
    ['OpenAI’s name of the size', { texts: ['a'] }, { dimensions: 1024 }],
    ['encoding_format', { texts: ['a'] }, { encoding_format: 'float' }],
    ['an unknown type of text', { texts: ['a'] }, { text_type: 'title' }],
  ])('embeddings: %s', async (_, input, parameters) => {
    const body = { model: 'text-embedding-v4', input, parameters }
    const sent = await send(simulator, 'tongyi-native', services.embeddings, body)
    expect([sent.status, sent.json['code']]).toEqual([400, 'InvalidParameter'])
  })

  it('but an asynchronous call as AccessDenied', async () => {
    const sent = await ask(user('a'), message, { headers: { 'x-dashscope-async': 'enable' } })
    expect([sent.status, sent.json['code']]).toEqual([403, 'AccessDenied'])
  })
})

describe('it takes', () => {
  const taken: readonly Extra[] = [
    ['temperature 1.99 and 0', { temperature: 1.99 }],
    ['top_p 1', { top_p: 1 }],
    ['top_k above 100 or none', { top_k: 200 }],
    ['a bare stop', { stop: 'zzz' }],
    ['stops as tokens', { stop: [[104307], [108386]] }],
    ['a large seed', { seed: 2 ** 40 }],
    ['an unknown field', { enable_code_interpreter: false }],
    ['a named tool', { tools: [weather], tool_choice: named }],
    ['reasoning_effort on a level model', { reasoning_effort: 'low' }, { model: 'glm-5.2' }],
    ['thinking of Qwen3-Max without a stream', { enable_thinking: true }, { model: 'qwen3-max' }],
    ['Qwen3 told not to think', { enable_thinking: false }, { model: 'qwen3-32b' }],
    ['logprobs on an open model', { logprobs: true, top_logprobs: 5 }, { model: 'qwen2.5-7b-instruct' }],
    ['a workspace', {}, { headers: { 'x-dashscope-workspace': 'llm-1' } }],
    ['system first', {}, {}, [said('system', 'a'), ...user('a')]],
    ['a started answer', {}, {}, [...user('a'), said('assistant', 'a', { partial: true })]],
    ['json_object with the word', { response_format: { type: 'json_object' } }, {}, user('in json')],
    ['a text for a vision model', {}, vl, [said('system', [{ text: 'a' }]), ...user([{ text: 'a' }])]],
    ['a model that can see among its kind', {}, { ...vl, model: 'qwen3.5-plus' }, user([{ text: 'a' }])],
    [
      'a turn of tools on a vision model',
      { tools: [weather] },
      vl,
      [
        ...user([picture, { text: 'a' }]),
        said('assistant', [], { tool_calls: [called] }),
        said('tool', 'x', { tool_call_id: 'c1' }),
      ],
    ],
  ]
  for (const [what, parameters, asked = {}, messages = user('a')] of taken) {
    it(what, async () => {
      const sent = await ask(messages, { ...message, ...parameters }, asked)
      expect(sent.status, sent.text).toBe(200)
    })
  }

  it('thinking in a stream of what is new', async () => {
    for (const model of ['qwq-plus', 'qwen3-32b', 'qwen3-235b-a22b-thinking-2507']) {
      const { text } = await stream(user('a'), {}, { model })
      expect(joined(text, `${messagePath}.reasoning_content`), model).not.toBe('')
    }
    const seen = await stream(user([picture]), {}, { model: 'qvq-max', service: 'multimodal' })
    expect(joined(seen.text, `${messagePath}.reasoning_content`)).not.toBe('')
    expect(at(chunks(seen.text)[0], `${messagePath}.content`)).toEqual([])
  })
})

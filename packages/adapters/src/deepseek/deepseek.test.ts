import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { callOf, chatRequest, fixture, jsonHead, probeOf, refusalOf, sentChat } from '../../test/support.ts'
import { deepseek } from './index.ts'

const user = { role: 'user', content: 'What is the weather in Oslo?' }
const tool = { type: 'function', function: { name: 'get_weather', parameters: { type: 'object' } } }
const named = { type: 'function', function: { name: 'get_weather' } }
const enabled = { type: 'enabled' }
const disabled = { type: 'disabled' }

describe('DeepSeek, thinking', () => {
  it.each([
    ['is left to the platform where nothing stands against it', {}, undefined],
    ['is left alone beside tools the model may call', { tools: [tool], tool_choice: 'auto' }, undefined],
    ['gives way to a tool that must be called', { tools: [tool], tool_choice: named }, disabled],
    ['is as the client switches it', { thinking: enabled }, enabled],
    ['off lets every choice of tools through', { thinking: disabled, tool_choice: 'required' }, disabled],
    [
      'is on, whatever the effort, where the switch says so',
      { thinking: enabled, reasoning_effort: 'none' },
      enabled,
    ],
    ['is off with an effort of none', { reasoning_effort: 'none', tool_choice: named }, disabled],
  ])('%s', (_promise, more, thinking) => {
    const body = sent(more)
    expect(body['thinking']).toEqual(thinking)
    expect(body['reasoning_effort']).toBeUndefined()
  })

  it.each([
    ['asked for by an effort', { reasoning_effort: 'low', tool_choice: 'required' }],
    ['asked for by the switch', { thinking: enabled, tool_choice: named }],
  ])('%s and a tool that must be called are refused before anything is spent', (_how, more) => {
    const asked = deepseek.chat.request(chatRequest({ messages: [user], ...more }), callOf(deepseek))
    expect('ok' in asked && [asked.error.kind, asked.error.param]).toEqual(['invalid_request', 'tool_choice'])
  })
})

describe('DeepSeek, what was thought before', () => {
  const called = (more: object) => ({
    messages: [
      user,
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'c1', type: 'function', function: { name: 'get_weather', arguments: '{}' } }],
        ...more,
      },
      { role: 'tool', tool_call_id: 'c1', content: 'rain' },
    ],
    tools: [tool],
  })

  it('goes back as the client kept it', () => {
    const kept = called({ reasoning_content: 'I need the weather.' })
    expect(sent(kept)).toMatchObject({ messages: kept.messages })
    expect(sent(kept)).not.toHaveProperty('thinking')
  })

  it.each([
    ['left out', {}],
    ['empty', { reasoning_content: '' }],
    ['null', { reasoning_content: null }],
  ])('is not missed where the client sends it %s: the model does not think then', (_how, more) => {
    expect(sent(called(more))['thinking']).toEqual(disabled)
  })

  it('is the client’s to send where it wants thinking: the platform says so', () => {
    expect(sent({ ...called({}), thinking: enabled })['thinking']).toEqual(enabled)
  })

  it('is no matter without tool calls', () => {
    const messages = [user, { role: 'assistant', content: 'Rain.' }, user]
    expect(sent({ messages })).not.toHaveProperty('thinking')
  })
})

describe('DeepSeek, requests', () => {
  it('carries out the functions of old as tools', () => {
    const { functions, tools, tool_choice } = sent({
      functions: [tool.function],
      function_call: { name: 'get_weather' },
    })
    expect(functions).toBeUndefined()
    expect(tools).toEqual([tool])
    expect(tool_choice).toEqual(named)
  })

  it('says JSON even where the schema is not there', () => {
    const format = { type: 'json_schema', json_schema: { name: 'a' } }
    expect(sent({ response_format: format })['messages']).toEqual([
      { role: 'system', content: 'Answer with one JSON object and nothing else.' },
      user,
    ])
  })

  it('has an answer to whatever stands in a field', () => {
    const field = fc.constantFrom(
      'messages',
      'thinking',
      'tool_choice',
      'response_format',
      'reasoning_effort',
    )
    fc.assert(
      fc.property(field, fc.jsonValue(), (name, value) => {
        const request = chatRequest({ messages: [user], tools: [tool], [name]: value })
        expect(() => deepseek.chat.request(request, callOf(deepseek))).not.toThrow()
      }),
    )
  })
})

describe('DeepSeek, the test of a key', () => {
  it.each([
    ['https://api.deepseek.com', 'https://api.deepseek.com/user/balance'],
    ['https://api.deepseek.com/v1', 'https://api.deepseek.com/user/balance'],
    ['https://proxy.test/deepseek', 'https://proxy.test/deepseek/user/balance'],
  ])('of %s asks for the balance, which is free', (baseUrl, url) => {
    expect(deepseek.probe.spends).toBe(false)
    expect(probeOf(deepseek, callOf(deepseek, { baseUrl })).url).toBe(url)
  })

  it('tells a good key from one without money', () => {
    const call = callOf(deepseek)
    const read = (file: string) => deepseek.probe.read(jsonHead(200), fixture(`deepseek/${file}`), call)
    expect(read('balance.json')).toBeUndefined()
    expect(read('balance-empty.json')?.kind).toBe('balance_exhausted')
  })
})

describe('DeepSeek, errors', () => {
  it('takes less at once for slower, although the message is about money', () => {
    const error = refusalOf(deepseek, 429, fixture('deepseek/error-429-concurrency.json'))
    expect([error.kind, error.mayMeanFreeQuota]).toEqual(['rate_limited', false])
  })

  it.each([
    [
      { error: { message: 'Insufficient Balance', type: 'unknown_error', code: 'invalid_request_error' } },
      500,
    ],
    ['', 402],
  ])('knows an empty balance by %o with status %i', (body, status) => {
    const error = refusalOf(deepseek, status, typeof body === 'string' ? body : JSON.stringify(body))
    expect([error.kind, error.mayMeanFreeQuota]).toEqual(['balance_exhausted', true])
  })
})

function sent(body: Record<string, unknown>): Record<string, unknown> {
  return sentChat(deepseek, { messages: [user], ...body }, { upstreamModel: 'deepseek-flash' }).body
}

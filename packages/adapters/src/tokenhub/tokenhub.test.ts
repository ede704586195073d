import { describe, expect, it } from 'vitest'
import {
  callOf,
  chatRequest,
  fixture,
  jsonHead,
  readStream,
  refusalOf,
  sentChat,
} from '../../test/support.ts'
import { tokenhub } from './index.ts'

const user = { role: 'user', content: '你好' }

describe('TokenHub, requests', () => {
  it('always asks for usage in streams, which it does not send otherwise', () => {
    const options = { include_usage: false }
    const { body } = sentChat(tokenhub, { messages: [user], stream: true, stream_options: options })
    expect(body['stream_options']).toEqual({ include_usage: true })
  })

  it('names the reasoning effort as Hy models know it, and as the client did for others', () => {
    const effort = (upstreamModel: string, value: string) =>
      sentChat(tokenhub, { messages: [user], reasoning_effort: value }, { upstreamModel }).body[
        'reasoning_effort'
      ]
    expect(effort('hy3-preview', 'none')).toBe('no_think')
    expect(effort('hy3-preview', 'minimal')).toBe('no_think')
    expect(effort('hy3-preview', 'low')).toBe('low')
    expect(effort('hy3-preview', 'medium')).toBe('high')
    expect(effort('hy3-preview', 'no_think')).toBe('no_think')
    expect(effort('deepseek-v4', 'medium')).toBe('medium')
  })

  it('changes nothing else', () => {
    const raw = '{"model":"m", "messages":[{"role":"user","content":"hi"}], "x_vendor": 1.0, "n":1}'
    const request = {
      ...chatRequest({}),
      body: JSON.parse(raw) as Record<string, unknown>,
      raw: Buffer.from(raw),
    }
    const exchange = tokenhub.chat.request(request, callOf(tokenhub, { upstreamModel: 'm' }))
    expect('body' in exchange && Buffer.from(exchange.body ?? '').toString()).toBe(raw)
  })

  it('probes without spending', () => {
    const call = callOf(tokenhub)
    expect(tokenhub.probe.spends).toBe(false)
    expect(tokenhub.probe.request(call)).toMatchObject({
      method: 'GET',
      url: 'https://provider.test/v1/models',
    })
    const error = tokenhub.probe.read(jsonHead(401), fixture('hunyuan/tokenhub-error-401.json'), call)
    expect(error?.kind).toBe('invalid_credentials')
    expect(
      tokenhub.probe.read(jsonHead(200), Buffer.from('{"object":"list","data":[]}'), call),
    ).toBeUndefined()
    // A web page at a wrong base URL is no proof of a key.
    expect(tokenhub.probe.read(jsonHead(200), Buffer.from('<html></html>'), call)?.kind).toBe(
      'upstream_error',
    )
  })
})

describe('TokenHub, answers', () => {
  it('reads usage and reasoning of a whole answer', () => {
    const bytes = fixture('hunyuan/tokenhub-chat.json')
    const read = tokenhub.chat.answer(jsonHead(200), bytes, chatRequest({}), callOf(tokenhub))
    expect(read).toMatchObject({
      ok: true,
      usage: { inputTokens: 14, cachedInputTokens: 0, outputTokens: 7, reasoningTokens: 12, totalTokens: 33 },
    })
  })

  it('reads a stream with usage on its own chunk', () => {
    const { text, reader } = readStream(tokenhub, fixture('hunyuan/tokenhub-chat-stream.sse.txt'))
    expect(text).toBe('可以试试《三体》。')
    expect(reader.state).toMatchObject({ complete: true, finishReason: 'stop', usage: { totalTokens: 33 } })
  })

  it('knows no usage where none came', () => {
    const { reader } = readStream(tokenhub, fixture('hunyuan/tokenhub-chat-stream-no-usage.sse.txt'))
    expect(reader.state).toMatchObject({ complete: true, usage: undefined, outputBytes: 27 })
  })
})

describe('TokenHub, errors', () => {
  it.each([
    ['tokenhub-error-400.json', 400, 'invalid_request'],
    ['tokenhub-error-400-too-long.json', 400, 'context_length_exceeded'],
    ['tokenhub-error-401.json', 401, 'invalid_credentials'],
    ['tokenhub-error-402-free-quota.json', 402, 'free_quota_exhausted'],
    ['tokenhub-error-403-ip.json', 403, 'permission_denied'],
    ['tokenhub-error-429-rpm.json', 429, 'rate_limited'],
    ['tokenhub-error-451-content.json', 451, 'content_filter'],
    ['tokenhub-error-502-upstream.json', 502, 'upstream_error'],
  ] as const)('%s with %i is %s', (name, status, kind) => {
    expect(refusalOf(tokenhub, status, fixture(`hunyuan/${name}`)).kind).toBe(kind)
  })

  it('tells used up from not allowed by the status, never by the type', () => {
    const body = (code: string) =>
      JSON.stringify({ error: { type: 'permission_error', code, message: 'no', source: 'gateway' } })
    expect(refusalOf(tokenhub, 402, body('401007')).kind).toBe('balance_exhausted')
    expect(refusalOf(tokenhub, 402, body('403999')).kind).toBe('balance_exhausted')
    expect(refusalOf(tokenhub, 403, body('403002')).kind).toBe('permission_denied')
  })

  it('gives an error inside a stream, which has no status, the kind of its code', () => {
    const first = fixture('hunyuan/tokenhub-chat-stream.sse.txt').toString().split('\n\n')[0] ?? ''
    for (const [name, kind] of [
      ['tokenhub-error-429-rpm.json', 'rate_limited'],
      ['tokenhub-error-451-content.json', 'content_filter'],
      ['tokenhub-error-502-upstream.json', 'upstream_error'],
    ] as const) {
      const error = JSON.stringify(JSON.parse(fixture(`hunyuan/${name}`).toString()))
      const { reader } = readStream(tokenhub, Buffer.from(`${first}\n\ndata: ${error}\n\n`))
      expect(reader.state.error?.kind).toBe(kind)
    }
  })
})

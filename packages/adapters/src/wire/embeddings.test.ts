import { describe, expect, it } from 'vitest'
import type { Call } from '../contract/index.ts'
import { openAiEmbeddings } from './embeddings.ts'

const call: Call = {
  credentials: { apiKey: 'k' },
  baseUrl: 'http://upstream.test/v1',
  options: {},
  upstreamModel: 'm',
  requestId: 'r1',
  nowMs: 0,
}
const head = { status: 200, headers: {} }
const requestOf = (body: Record<string, unknown>) => ({ body, raw: Buffer.from(JSON.stringify(body)) })
const embeddings = openAiEmbeddings({ errors: [], formats: 'float' })

describe('embeddings', () => {
  it('refuse token ids that the platform cannot read, before anything is sent', () => {
    for (const input of [[1, 2], [[1, 2]]]) {
      const sent = embeddings.request(requestOf({ model: 'm', input }), call)
      expect('ok' in sent && { kind: sent.error.kind, param: sent.error.param }).toEqual({
        kind: 'invalid_request',
        param: 'input',
      })
    }
  })

  it('encode little-endian 32-bit floats, as OpenAI does', () => {
    const request = requestOf({ model: 'm', input: 'a', encoding_format: 'base64' })
    const body = Buffer.from(
      JSON.stringify({
        object: 'list',
        data: [{ object: 'embedding', index: 0, embedding: [1, -2.5] }],
        model: 'm',
      }),
    )
    const answer = embeddings.answer(head, body, request, call)
    expect(answer.ok && JSON.parse(String(answer.body))).toMatchObject({
      data: [{ embedding: 'AACAPwAAIMA=' }],
    })
  })

  it('decode base64 that nobody asked for', () => {
    const request = requestOf({ model: 'm', input: 'a' })
    const body = Buffer.from(
      JSON.stringify({
        object: 'list',
        data: [{ object: 'embedding', index: 0, embedding: 'AACAPwAAIMA=' }],
      }),
    )
    const answer = embeddings.answer(head, body, request, call)
    expect(answer.ok && JSON.parse(String(answer.body))).toMatchObject({ data: [{ embedding: [1, -2.5] }] })
  })

  it('count a bare total as input', () => {
    const body = Buffer.from(
      '{"object":"list","data":[{"object":"embedding","index":0,"embedding":[1]}],"usage":{"total_tokens":4}}',
    )
    const answer = embeddings.answer(head, body, requestOf({ input: 'a' }), call)
    expect(answer.ok && answer.usage).toEqual({ inputTokens: 4, totalTokens: 4 })
  })

  it('are refused when a 200 holds none', () => {
    for (const body of ['{"object":"list","data":[]}', '{"error":{"message":"broken"}}', 'oops']) {
      expect(embeddings.answer(head, Buffer.from(body), requestOf({ input: 'a' }), call).ok).toBe(false)
    }
  })

  const vector = (index: unknown, embedding: unknown) => ({ object: 'embedding', index, embedding })
  const read = (data: unknown, rest: object = {}, format = 'float') => {
    const body = Buffer.from(JSON.stringify({ object: 'list', data, model: 'm', ...rest }))
    return embeddings.answer(head, body, requestOf({ input: ['a', 'b'], encoding_format: format }), call)
  }
  const placed = (data: unknown) => {
    const answer = read(data)
    return (
      answer.ok &&
      JSON.parse(String(answer.body)).data.map((item: Record<string, unknown>) => item['embedding'])
    )
  }

  it('are refused when one of them is none: the next would stand for the wrong input', () => {
    for (const odd of [
      null,
      7,
      {},
      vector(1, []),
      vector(1, [1, null]),
      vector(1, ['1']),
      vector(1, 'AAA'),
      vector(1, 'AADAfw=='),
    ]) {
      expect(read([vector(0, [1]), odd]).ok, JSON.stringify(odd)).toBe(false)
    }
  })

  it('come in the order of their inputs, and in the order they came in where the indices tell nothing', () => {
    expect(placed([vector(1, [2]), vector(0, [1])])).toEqual([[1], [2]])
    for (const indices of [
      [0, 0],
      [undefined, undefined],
      [5, 9],
      ['1', '0'],
      [1e300, 0.5],
    ]) {
      expect(placed([vector(indices[0], [1]), vector(indices[1], [2])])).toEqual([[1], [2]])
    }
  })

  it('go on as they came, without what is no JSON to a client', () => {
    const text = '{"object":"list","data":[{"object":"embedding","index":0,"embedding":[1]}],"model":"m"}'
    const answer = embeddings.answer(head, Buffer.from(`\ufeff \n${text}`), requestOf({ input: 'a' }), call)
    expect(answer.ok && String(answer.body).trim()).toBe(text)
    const broken = Buffer.concat([Buffer.from(text.slice(0, -2)), Buffer.from([0xff]), Buffer.from('"}')])
    const repaired = embeddings.answer(head, broken, requestOf({ input: 'a' }), call)
    expect(repaired.ok && JSON.parse(String(repaired.body)).model).toBe('m\ufffd')
  })

  it('show figures as numbers, and no usage that is none', () => {
    const usageOf = (usage: unknown) => {
      const answer = read([vector(0, [1])], { usage })
      return answer.ok && JSON.parse(String(answer.body)).usage
    }
    expect(usageOf({ prompt_tokens: '5', total_tokens: 5 })).toEqual({ prompt_tokens: 5, total_tokens: 5 })
    expect(usageOf({ prompt_tokens: [5], total_tokens: 5 })).toEqual({ total_tokens: 5 })
    expect(usageOf({ prompt_tokens: 5 })).toEqual({ prompt_tokens: 5, total_tokens: 5 })
    expect(usageOf(7)).toBeUndefined()
    expect(usageOf(null)).toBeNull()
  })
})

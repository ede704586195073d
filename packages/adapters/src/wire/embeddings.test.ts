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
})

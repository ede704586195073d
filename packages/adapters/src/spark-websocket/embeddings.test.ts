import { expect, it } from 'vitest'
import { callOf, fixture, jsonHead, modelRequest } from '../../test/support.ts'
import type { Call, HttpExchange, Refusal } from '../contract/index.ts'
import { sparkEmbeddings } from './embeddings.ts'
import { sparkWebSocket } from './index.ts'

const call = callOf(sparkWebSocket, { upstreamModel: 'embedding', credentials: { appId: 'fixtureid' } })

it('sends the vendor’s own form of a request', () => {
  const sent = bodyOf(request({ input: '第一段文本' }))
  const known = JSON.parse(fixture('spark/embedding-request.json').toString()) as Body
  expect(textOf(sent)).toEqual(textOf(known))
  expect(sent.header).toEqual({ ...known.header, uid: expect.stringMatching(/^\w{1,32}$/) as string })
  expect(sent.parameter).toEqual(known.parameter)
  expect({ ...sent.payload.messages, text: '' }).toEqual({ ...known.payload.messages, text: '' })
})

it('says that a text is a question where the caller says so', () => {
  expect(bodyOf(request({ input: 'x', domain: 'query' })).parameter).toMatchObject({
    emb: { domain: 'query' },
  })
})

it('takes one text at a time, in a list or not', () => {
  expect(sparkEmbeddings.inputsMax?.(call)).toBe(1)
  expect(textOf(bodyOf(request({ input: ['x'] })))).toEqual(textOf(bodyOf(request({ input: 'x' }))))
  for (const input of [['a', 'b'], [], [1, 2], [[1, 2]], 5, null, undefined]) {
    const refused = request({ input })
    expect('ok' in refused && refused.error).toMatchObject({ kind: 'invalid_request', param: 'input' })
  }
})

it('asks the embedding service, or what the account names in its place', () => {
  const addressOf = (options: Record<string, string>) => {
    const sent = request({ input: 'x' }, { ...call, options, baseUrl: 'http://127.0.0.1:1' })
    if ('ok' in sent) throw sent.error
    return sent.url.split('?')[0]
  }
  expect(addressOf({})).toBe('https://emb-cn-huabei-1.xf-yun.com/')
  expect(addressOf({ embeddingUrl: 'http://127.0.0.1:8080/embedding' })).toBe(
    'http://127.0.0.1:8080/embedding',
  )
  for (const embeddingUrl of ['emb.test', 'ws://emb.test/', 'https://']) {
    const refused = request({ input: 'x' }, { ...call, options: { embeddingUrl } })
    expect('ok' in refused && refused.error.kind).toBe('unreachable')
  }
})

it('gives the vector as numbers or as it came, and tells no usage that nobody told', () => {
  const known = JSON.parse(fixture('spark/embedding.json').toString()) as {
    payload: { feature: { text: string } }
  }
  const read = (format: string | undefined) => {
    const body = modelRequest({ input: 'x', encoding_format: format })
    const answer = sparkEmbeddings.answer(jsonHead(200), fixture('spark/embedding.json'), body, call)
    if (!answer.ok) throw answer.error
    expect(answer.usage).toBeUndefined()
    expect(answer.upstreamId).toBe('emb000fixture@dx0000000000000000')
    return JSON.parse(String(answer.body)) as unknown
  }
  const vector = (embedding: unknown) => ({
    object: 'list',
    data: [{ object: 'embedding', index: 0, embedding }],
    model: 'embedding',
  })
  expect(read('base64')).toEqual(vector(known.payload.feature.text))
  const numbers = [0.0125, -0.0375, 0.0625].map((value) => expect.closeTo(value, 6) as number)
  expect(read('float')).toEqual(vector(numbers))
  expect(read(undefined)).toEqual(vector(numbers))
})

it('reads the error inside a 200', () => {
  const bytes = fixture('spark/embedding-error-11200.json')
  const answer = sparkEmbeddings.answer(jsonHead(200), bytes, modelRequest({ input: 'x' }), call)
  expect(answer).toMatchObject({ ok: false, error: { kind: 'permission_denied', upstreamCode: '11200' } })
  const mistaken = sparkEmbeddings.refusal(jsonHead(403), fixture('spark/ws-handshake-403-date.json'), call)
  expect(mistaken).toMatchObject({ kind: 'invalid_credentials', status: 403 })
})

it.each([
  '',
  '[]',
  '<html></html>',
  '{}',
  '{"header":5,"payload":[]}',
  '{"header":{"code":0},"payload":{"feature":{"text":5}}}',
  '{"header":{"code":0},"payload":{"feature":{"text":"AAA="}}}',
  '{"header":{"code":0},"payload":{"feature":{"text":""}}}',
  fixture('spark/embedding.json').toString().slice(0, 150),
])('calls an answer without a vector none: %s', (body) => {
  const answer = sparkEmbeddings.answer(jsonHead(200), Buffer.from(body), modelRequest({ input: 'x' }), call)
  expect(answer).toMatchObject({ ok: false, error: { kind: 'upstream_error' } })
})

interface Body {
  readonly header: Record<string, unknown>
  readonly parameter: Record<string, unknown>
  readonly payload: { readonly messages: Record<string, unknown> & { readonly text: string } }
}

function request(body: Record<string, unknown>, own: Call = call): HttpExchange | Refusal {
  return sparkEmbeddings.request(modelRequest(body), own)
}

function bodyOf(sent: HttpExchange | Refusal): Body {
  if ('ok' in sent) throw sent.error
  expect(sent.method).toBe('POST')
  return JSON.parse(String(sent.body)) as Body
}

function textOf(body: Body): unknown {
  return JSON.parse(Buffer.from(body.payload.messages.text, 'base64').toString())
}

import { stringify } from 'node:querystring'
import { describe, expect, it } from 'vitest'
import { type SignedRequest, canonicalRequest, sha256, signVolcengine } from './signature.ts'
import { fixture } from '../../testing/shape.ts'

interface Vector {
  readonly name: string
  readonly input: {
    readonly secretAccessKey: string
    readonly region: string
    readonly service: string
    readonly method: string
    readonly path: string
    readonly query: Readonly<Record<string, string>>
    readonly headers: Readonly<Record<string, string>>
    readonly body: string
  }
  readonly steps: Readonly<
    Record<'bodySha256' | 'canonicalRequest' | 'canonicalRequestSha256' | 'signature', string>
  >
}

const vectors = JSON.parse(fixture('ark/signature-vectors.json')) as readonly Vector[]

function requestOf({ input }: Vector, query: string): SignedRequest {
  const { method, path, body, region, service } = input
  const headers = Object.entries(input.headers)
  return { method, path, query, body, headers, date: input.headers['X-Date'] ?? '', region, service }
}

describe('a Volcengine signature is the one of the test vector', () => {
  it('of which there are three', () => {
    expect(vectors.map((vector) => vector.name)).toEqual([
      'post-without-content-type',
      'post-with-content-type',
      'get-query-escaping',
    ])
  })

  it.each(vectors)('$name', (vector) => {
    const { input, steps } = vector
    const request = requestOf(vector, stringify(input.query))
    expect(sha256(input.body)).toBe(steps.bodySha256)
    expect(canonicalRequest(request)).toBe(steps.canonicalRequest)
    expect(sha256(canonicalRequest(request))).toBe(steps.canonicalRequestSha256)
    expect(signVolcengine(request, input.secretAccessKey)).toBe(steps.signature)
  })

  it.each(vectors)('$name, however the query is escaped and ordered on the way', (vector) => {
    const other = new URLSearchParams(Object.entries(vector.input.query).toReversed()).toString()
    expect(signVolcengine(requestOf(vector, other), vector.input.secretAccessKey)).toBe(
      vector.steps.signature,
    )
  })
})

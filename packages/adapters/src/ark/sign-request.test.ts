import { describe, expect, it } from 'vitest'
import { fixture } from '../../test/support.ts'
import { signVolcengineRequest } from './sign-request.ts'

interface Vector {
  readonly name: string
  readonly input: {
    readonly accessKeyId: string
    readonly secretAccessKey: string
    readonly region: string
    readonly service: string
    readonly method: string
    readonly host: string
    readonly path: string
    readonly query: Record<string, string>
    readonly headers: Record<string, string>
    readonly body: string
    readonly time: string
  }
  readonly steps: { readonly canonicalRequest: string; readonly bodySha256: string }
  readonly authorization: string
}

const vectors = JSON.parse(fixture('ark/signature-vectors.json').toString()) as Vector[]

describe('Volcengine’s signature', () => {
  // Two of them come from the vendor's package for Node, one from the one for Python.
  it.each(vectors.map((vector) => [vector.name, vector] as const))(
    'is the vendor’s own: %s',
    (_name, vector) => {
      const { time, headers, ...request } = vector.input
      const contentType = headers['Content-Type']
      const signed = signVolcengineRequest({
        ...request,
        headers: contentType === undefined ? {} : { 'content-type': contentType },
        atMs: Date.parse(time),
      })
      expect(signed.headers['authorization']).toBe(vector.authorization)
      expect(signed.headers['x-date']).toBe(headers['X-Date'])
      expect(signed.headers['x-content-sha256']).toBe(headers['X-Content-Sha256'])
      expect(signed.query).toBe(vector.steps.canonicalRequest.split('\n')[2])
    },
  )
})

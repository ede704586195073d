import { describe, expect, it } from 'vitest'
import { callFor } from './conformance/table.ts'
import { tables } from './conformance/tables.ts'

describe.each(tables.map((table) => [table.adapter.protocol, table] as const))(
  'the probe of %s',
  (_protocol, table) => {
    const { probe } = table.adapter
    const call = callFor(table)

    it('is one small request with the account’s credentials, which a good answer passes', () => {
      const exchange = probe.request(call) ?? table.adapter.session?.request(call)
      if (exchange === undefined) throw new Error('neither a probe nor a session proves the credentials')
      expect(exchange.url).toMatch(/^(https?|wss?):\/\//)
      const { headers, url } = exchange
      const text = exchange.transport === 'http' ? String(exchange.body ?? '') : exchange.frames.join('')
      const proof = [headers['authorization'] ?? '', url, text].join(' ')
      // A signature names the key that made it; a secret that only signs is never sent.
      expect(Object.values(call.credentials).some((value) => holds(proof, value))).toBe(true)
      expect(text.length).toBeLessThan(400)
      const good = Buffer.from(table.probe?.good ?? goodAnswer)
      expect(probe.read({ status: 200, headers: {} }, good, call)).toBeUndefined()
    })

    it('knows a wrong key', () => {
      const { status, body } = table.probe?.bad ?? badKey
      expect(probe.read({ status, headers: {} }, Buffer.from(body), call)?.kind).toBe('invalid_credentials')
    })
  },
)

const goodAnswer = '{"success":true,"data":[{"id":"m"}],"choices":[{"message":{"content":"x"}}]}'
const badKey = {
  status: 401,
  body: '{"error":{"message":"Incorrect API key provided.","code":"invalid_api_key"}}',
}

/** As it is, or in the base64 of a signed URL (Spark). */
function holds(text: string, value: string): boolean {
  if (text.includes(value)) return true
  return [...text.matchAll(/authorization=([^&\s]+)/g)].some(([, encoded]) =>
    Buffer.from(decodeURIComponent(encoded ?? ''), 'base64').includes(value),
  )
}

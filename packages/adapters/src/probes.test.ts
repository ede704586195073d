import { describe, expect, it } from 'vitest'
import { callFor } from './conformance/table.ts'
import { tables } from './conformance/tables.ts'

describe.each(tables.map((table) => [table.adapter.protocol, table] as const))(
  'the probe of %s',
  (_protocol, table) => {
    const { probe } = table.adapter
    const call = callFor(table)

    it('is one small request with the account’s key, which a good answer passes', () => {
      const exchange = probe.request(call)
      expect(exchange.url).toMatch(/^https?:\/\//)
      expect(JSON.stringify(exchange.headers)).toContain(Object.values(call.credentials)[0])
      expect(String(exchange.body ?? '').length).toBeLessThan(300)
      const good = Buffer.from('{"success":true,"data":[{"id":"m"}],"choices":[{"message":{"content":"x"}}]}')
      expect(probe.read({ status: 200, headers: {} }, good, call)).toBeUndefined()
    })

    it('knows a wrong key', () => {
      const body = Buffer.from('{"error":{"message":"Incorrect API key provided.","code":"invalid_api_key"}}')
      expect(probe.read({ status: 401, headers: {} }, body, call)?.kind).toBe('invalid_credentials')
    })
  },
)

import { adapters } from '@tollgate/adapters'
import type { Protocol, ProviderErrorKind } from '@tollgate/adapters/contract'
import type { StateKind } from '@tollgate/simulator'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { baseUrlOf, upstreamModels } from '../support/upstream-models.ts'

/**
 * Each state a platform can be in, told in its own words on its own wire, through the whole service: what the client is
 * told, what the books say, and that nothing is billed and nothing stays held. The bodies one by one are in
 * `test/providers`.
 */
let app: TestGateway

beforeAll(async () => {
  app = await startTestGateway()
})

afterEach(() => app.simulator.clearFaults())

afterAll(async () => {
  await app.close()
})

interface Told {
  readonly status: number
  readonly code: string
  readonly retry: boolean
  readonly kind: ProviderErrorKind
}

const told: Readonly<Record<StateKind, Told>> = {
  'rate-limit': { status: 429, code: 'rate_limit_exceeded', retry: true, kind: 'rate_limited' },
  'free-quota': { status: 429, code: 'insufficient_quota', retry: false, kind: 'free_quota_exhausted' },
  balance: { status: 429, code: 'insufficient_quota', retry: false, kind: 'balance_exhausted' },
  'bad-key': { status: 502, code: 'upstream_error', retry: false, kind: 'invalid_credentials' },
  overloaded: { status: 503, code: 'overloaded', retry: true, kind: 'overloaded' },
  internal: { status: 502, code: 'upstream_error', retry: true, kind: 'upstream_error' },
  'content-filter': { status: 400, code: 'content_filter', retry: false, kind: 'content_filter' },
}

const notOpened: Told = { ...told['bad-key'], kind: 'permission_denied' }

/** Where a platform has no word of its own for a state, what it says instead. `answer`: no error, but a finish reason. */
const insteadOf: Partial<Record<Protocol, Partial<Record<StateKind, Told | 'answer'>>>> = {
  // No code of V2's says that a gift is used up; 17 of V1 means the balance as well.
  'qianfan-v2': { 'free-quota': told.balance, overloaded: told.internal },
  'qianfan-v1': { 'free-quota': told.balance, 'content-filter': 'answer' },
  tokenhub: { overloaded: told.internal },
  'hunyuan-native': { overloaded: told['rate-limit'] },
  // 11200 says "not opened, or used up".
  'spark-http': { 'free-quota': notOpened },
  'spark-websocket': { 'free-quota': notOpened },
  // The gift is part of the balance.
  baichuan: { 'free-quota': told.balance, overloaded: told.internal, 'content-filter': 'answer' },
  // There is nothing to pay with: the magicubes of the day are all there is.
  modelscope: { balance: told['free-quota'] },
  deepseek: { 'free-quota': told.balance },
  openai: { 'free-quota': told.balance },
}

describe.each(Object.keys(adapters) as Protocol[])('%s', (protocol) => {
  describe.each([false, true])('stream: %s', (stream) => {
    it.each(Object.keys(told) as StateKind[])('%s', async (state) => {
      // An account of its own: what went wrong a moment ago on another must not be passed over here.
      const name = `${protocol}-${state}-${stream}`
      const upstream = upstreamModels[protocol].plain
      const baseUrl = baseUrlOf(app.simulator, protocol, upstream)
      await app.addAccount({ protocol, name, baseUrl, models: [{ name, upstream }] })
      const { secret, teamId } = await app.addTeam()
      app.simulator.addFault({ match: { protocol }, fault: { code: state } })
      const response = await fetch(`${app.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          model: name,
          messages: [{ role: 'user', content: 'hi' }],
          max_tokens: 50,
          stream,
        }),
      })
      const text = await response.text()
      await app.books.live.drain()
      const rows = await app.database.prisma.usageRecord.findMany({ where: { teamId } })
      expect(rows).toHaveLength(1)
      expect(app.books.services.counters.open().reservations).toBe(0)
      const expected = insteadOf[protocol]?.[state] ?? told[state]
      if (expected === 'answer') {
        expect(response.status).toBe(200)
        expect(text).toContain('"finish_reason":"content_filter"')
        return
      }
      const { error } = JSON.parse(text) as { error: { code: string; message: string } }
      expect({
        status: response.status,
        code: error.code,
        retry: response.headers.get('x-should-retry') === 'true',
        kind: rows[0]?.errorKind,
      }).toEqual(expected)
      // The platform's own words, without its wire.
      expect(error.message).toMatch(/^[^{}\p{Cc}]{8,}$/u)
      expect(rows[0]).toMatchObject({
        status: 'error',
        totalTokens: 0,
        billedCost: 0n,
        httpStatus: expected.status,
      })
    })
  })
})

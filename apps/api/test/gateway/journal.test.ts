import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { InternalServerError } from 'openai'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { until } from '../support/until.ts'

let app: TestGateway
const model = 'doubao-1-5-pro-32k-250115'

beforeAll(async () => {
  app = await startTestGateway({ journalBytesMax: 40_000 })
  await app.addAccount({ protocol: 'ark', models: [{ name: model }] })
})

afterAll(async () => {
  await app.close()
})

describe('while Postgres takes no usage records', () => {
  it('requests go on until the journal is full, are refused then, and every served one is booked once afterwards', async () => {
    const { secret, teamId } = await app.addTeam()
    const ask = () =>
      app
        .client(secret)
        .chat.completions.create({ model, messages: [{ role: 'user', content: 'hi' }], max_tokens: 30 })
    const lock = new pg.Client({ connectionString: app.database.url })
    await lock.connect()
    await lock.query('begin')
    await lock.query('lock table usage_record in access exclusive mode')

    let served = 0
    let refusal: unknown
    while (refusal === undefined) {
      try {
        await ask()
        served += 1
      } catch (error) {
        refusal = error
      }
    }
    expect(served).toBeGreaterThan(5)
    expect(refusal).toBeInstanceOf(InternalServerError)
    expect(refusal).toMatchObject({ status: 503, code: 'overloaded' })
    expect(String(refusal)).toContain('journal is full')
    expect(app.simulator.requests()).toHaveLength(served)
    expect(app.books.live.live().inFlight).toBe(0)

    await lock.query('rollback')
    await lock.end()
    await until(async () => (await ask().catch(() => undefined)) !== undefined)
    await app.books.live.drain()
    const { rows } = await app.database.pool.query(
      'select count(*)::int as records, sum(total_tokens)::int as tokens from usage_record where team_id = $1',
      [teamId],
    )
    expect(rows[0]).toEqual({ records: served + 1, tokens: app.simulator.bill().totals.totalTokens })
  })
})

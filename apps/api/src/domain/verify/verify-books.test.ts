import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startTestGateway, type TestGateway } from '../../../test/support/gateway.ts'
import { usageRecord } from '../../../test/support/usage-records.ts'
import { systemClock } from '../../ports/clock.ts'
import type { JobFinding } from '../../ports/jobs.ts'
import { grantCounter, quotaCounter } from '../counters/windows.ts'
import { verifyBooks } from './verify-books.ts'

const model = 'doubao-1-5-pro-32k-250115'
let app: TestGateway
let secret: string
/** Puts back what a test tampered with, so that the next one begins with books that are in order. */
let repair: () => Promise<unknown>

beforeAll(async () => {
  app = await startTestGateway()
  const { accountId } = await app.addAccount({ protocol: 'ark', models: [{ name: model }] })
  await app.addGrant({ accountId, models: [model], amount: 2_000n, whenEmpty: 'provider-bills' })
  const team = await app.addTeam({
    name: 'red',
    quotas: [
      { metric: 'tokens', window: 'month', limit: 10_000_000n },
      { metric: 'cost', window: 'total', limit: 1_000_000_000_000n },
      { metric: 'requests', window: 'minute', limit: 10_000n },
      { metric: 'requests', window: 'hour', limit: 10_000n },
      { metric: 'concurrency', window: 'total', limit: 1_000n },
    ],
  })
  secret = team.secret
})
afterAll(() => app.close())
afterEach(async () => {
  await repair()
  repair = async () => {}
  expect(await differences()).toEqual([])
})
repair = async () => {}

/** What is quiet needs no pauses; what is wrong is wrong at once. */
async function verify(pausesMs: readonly number[] = [0]) {
  return verifyBooks(
    {
      db: app.database.prisma,
      books: app.books.live,
      clock: systemClock,
      ledger: app.books.ledger,
      snapshot: () => app.books.keeper.current(),
    },
    new AbortController().signal,
    { pausesMs },
  )
}

async function differences(): Promise<JobFinding[]> {
  const { findings } = await verify()
  return Array.isArray(findings) ? findings : []
}

const query = (text: string, values: unknown[] = []) => app.database.pool.query(text, values)

async function ask(given: { readonly stream?: boolean; readonly abort?: boolean } = {}): Promise<void> {
  const content = given.abort === true ? '[[sim tokens=30 gap=20]]' : 'hi'
  const request = { model, messages: [{ role: 'user' as const, content }], max_tokens: 30 }
  try {
    if (given.stream !== true) {
      await app.client(secret).chat.completions.create(request)
      return
    }
    const stream = await app.client(secret).chat.completions.create({ ...request, stream: true })
    for await (const _chunk of stream) if (given.abort === true) stream.controller.abort()
  } catch {
    // Hung up: booked all the same.
  }
}

describe('verify', () => {
  it('finds nothing after a storm of answers, streams and hang-ups, paid by a grant and by money', async () => {
    await Promise.all(
      Array.from({ length: 120 }, (_, index) => ask({ stream: index % 3 > 0, abort: index % 3 === 2 })),
    )
    const result = await verify()
    expect(result).toEqual({ months: 1, counters: 5, differences: 0, findings: [] })
    const { rows } = await query(
      `select count(*)::int as records, count(grant_id)::int as granted, (count(*) filter (where billed_cost > 0))::int as paid,
         (count(*) filter (where status = 'cancelled'))::int as cancelled from usage_record`,
    )
    expect(rows[0].records).toBe(120)
    for (const kind of ['granted', 'paid', 'cancelled']) expect(rows[0][kind]).toBeGreaterThan(0)
  })

  it('finds nothing while requests go on', async () => {
    let stop = false
    const busy = Promise.all(
      Array.from({ length: 8 }, async () => {
        while (!stop) await ask()
      }),
    )
    for (let round = 0; round < 3; round += 1) {
      expect((await verify([0, 100, 500]))['findings']).toEqual([])
    }
    stop = true
    await busy
  })

  it('names a rollup row that somebody changed, and by how much', async () => {
    const { rows } = await query('select ctid::text, total_tokens from usage_rollup limit 1')
    const [row] = rows
    await query('update usage_rollup set total_tokens = total_tokens + 7 where ctid::text = $1', [row.ctid])
    repair = () =>
      query('update usage_rollup set total_tokens = total_tokens - 7 where total_tokens = $1', [
        BigInt(row.total_tokens) + 7n,
      ])
    const found = await differences()
    expect(found).toHaveLength(1)
    expect(found[0]?.subject).toMatch(
      /^rollup of 20\d\d-.*:00Z: team red, key test, model doubao.*, account ark-main/,
    )
    expect(found[0]?.message).toBe(
      `total tokens: the rollup says ${BigInt(row.total_tokens) + 7n}, the records say ${row.total_tokens}`,
    )
  })

  it('names the hour of a record that somebody deleted', async () => {
    await query('create table deleted as select * from usage_record order by started_at limit 1')
    repair = () => query('insert into usage_record select * from deleted')
    await query('delete from usage_record where request_id in (select request_id from deleted)')
    const found = await differences()
    const [rollup] = found.filter(({ subject }) => subject.startsWith('rollup'))
    expect(rollup?.message).toMatch(
      /^requests: the rollup says \d+, the records say \d+; input tokens: .*total tokens: /,
    )
    // The counters remember it.
    expect(found.map(({ subject }) => subject)).toContain('counter of team red: tokens per month')
  })

  it('names a rollup without any record, and a correction that is in no rollup', async () => {
    const record = usageRecord({ startedAtMs: Date.now() - 40 * 86_400_000, teamName: 'gone' })
    await app.books.ledger.write([record])
    await query('delete from usage_record where request_id = $1', [record.requestId])
    await query(
      `insert into usage_adjustment (id, request_id, started_at, kind, reason, actor, team_id, key_id, model, provider,
         status, currency, list_cost, billed_cost, grant_amount)
       select gen_random_uuid(), request_id, started_at, 'reconciliation', 'by hand', 'test', team_id, key_id, model,
         provider, status, currency, 5, 5, 0 from usage_record where account_id is not null limit 1`,
    )
    repair = async () => {
      await query('delete from usage_adjustment')
      await query('delete from usage_rollup where team_id = $1', [record.teamId])
    }
    const found = (await differences()).filter(({ subject }) => subject.startsWith('rollup'))
    expect(found.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^requests: the rollup says 1, the records say 0;/),
      expect.stringMatching(/^list cost: the rollup says .*; billed cost: the rollup says /),
    ])
    expect(found[0]?.subject).toContain(`team ${record.teamId}`)
  })

  it.each([
    { metric: 'tokens', window: 'month', subject: 'counter of team red: tokens per month' },
    { metric: 'cost', window: 'total', subject: 'counter of team red: cost in total' },
    { metric: 'requests', window: 'hour', subject: 'counter of team red: requests per hour' },
  ])(
    'names the counter of $metric per $window that somebody changed',
    async ({ metric, window, subject }) => {
      const { quotas, timeZone } = app.books.keeper.current()
      const quota = [...quotas.values()].find((one) => one.metric === metric && one.window === window)
      if (quota === undefined) throw new Error('no such quota')
      const change = (amount: bigint) =>
        app.books.upkeep.adjust([{ ...quotaCounter(quota, Date.now(), timeZone), amount }], Date.now())
      await change(3n)
      repair = () => change(-3n)
      const found = await differences()
      expect(found).toHaveLength(1)
      expect(found[0]?.subject).toBe(subject)
      expect(found[0]?.message).toMatch(/^the counter says \d+ settled, the records say \d+( to \d+)?$/)
    },
  )

  it('names the counter of a grant that somebody changed', async () => {
    const { grants, timeZone } = app.books.keeper.current()
    const [grant] = grants.values()
    if (grant === undefined) throw new Error('no grant')
    const change = (amount: bigint) =>
      app.books.upkeep.adjust([{ ...grantCounter(grant, Date.now(), timeZone), amount }], Date.now())
    await change(-3n)
    repair = () => change(3n)
    expect((await differences())[0]?.subject).toBe(`counter of grant ${grant.name} (${grant.id}): tokens`)
  })

  it('ends at a bound when everything is wrong', async () => {
    await query('create table kept as select * from usage_rollup')
    repair = async () => {
      await query('delete from usage_rollup')
      await query('insert into usage_rollup select * from kept')
    }
    await query(
      `insert into usage_rollup select hour, team_id, gen_random_uuid(), member_id, model, provider, account_id, grant_id,
         status, currency, requests, input_tokens, cached_input_tokens, cache_write_tokens, output_tokens, reasoning_tokens,
         total_tokens, list_cost, billed_cost, grant_amount, estimated_requests, interrupted_requests, unpriced_requests
       from usage_rollup, generate_series(1, 200)`,
    )
    expect((await differences()).length).toBe(100)
  })
})

import { bucketCount, sizeCount } from '../../src/domain/estimate/ratio-histogram.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { testRedis } from '../support/redis.ts'
import { until } from '../support/until.ts'

const modes = [{ name: 'counters in memory' }, { name: 'counters on Redis', shared: true }] as const

describe.each(modes)('the worst case of a request, $name', (mode) => {
  let app: TestGateway
  let closeRedis = async () => {}

  beforeAll(async () => {
    const redis = 'shared' in mode ? await testRedis() : undefined
    if (redis !== undefined) closeRedis = redis.close
    app = await startTestGateway(redis === undefined ? {} : { redisUrl: redis.url })
    await app.addAccount({
      protocol: 'tongyi-compatible',
      name: 'tongyi',
      models: [{ name: 'qwen-plus' }, { name: 'qwen3-8b' }, { name: 'qwq-plus' }],
    })
    await app.addAccount({
      protocol: 'ark',
      name: 'ark',
      models: [
        { name: 'doubao-seed-2-0-lite-260428', maxOutputTokens: 600 },
        { name: 'doubao-1-5-pro-32k-250115' },
      ],
    })
    await app.addAccount({
      protocol: 'openai',
      name: 'big',
      models: [{ name: 'gpt-like', maxOutputTokens: 4_096 }],
    })
    await app.addAccount({
      protocol: 'baichuan',
      name: 'small',
      models: [{ name: 'Baichuan4-Air', maxOutputTokens: 300 }],
    })
    await app.addAccount({
      protocol: 'openai',
      name: 'flaky',
      models: [{ name: 'gpt-flaky', maxOutputTokens: 4_096 }],
    })
    await app.addRoute('either', 'priority', ['flaky/gpt-flaky', 'small/Baichuan4-Air'])
  })

  afterAll(async () => {
    await app.close()
    await closeRedis()
  })

  it.each([
    { model: 'qwen-plus', body: { enable_thinking: true, max_tokens: 40 } },
    { model: 'qwen-plus', body: { enable_thinking: true, thinking_budget: 15, max_tokens: 40 } },
    { model: 'qwen-plus', body: { enable_thinking: true } },
    { model: 'qwen3-8b', body: { max_tokens: 40 } },
    { model: 'doubao-seed-2-0-lite-260428', body: { max_tokens: 40 } },
    { model: 'doubao-seed-2-0-lite-260428', body: {} },
  ])('covers thinking that $model does not count into $body', async ({ model, body }) => {
    const limit = 4_000n
    const { secret, teamId } = await app.addTeam({ quotas: [{ metric: 'tokens', window: 'day', limit }] })
    let most = 0
    let sampling = true
    const sampler = (async () => {
      while (sampling) {
        const [quota] = await quotasOf(secret)
        most = Math.max(most, Number(quota?.settled) + Number(quota?.held))
      }
    })()
    const outcomes = await Promise.allSettled(
      Array.from({ length: 40 }, (_, index) =>
        post(secret, {
          model,
          messages: [
            { role: 'user', content: `${index}: why? [[sim tokens=3000 reasoning=3000 gap=1 chunk=50]]` },
          ],
          stream: index % 2 === 0,
          ...body,
        }),
      ),
    )
    sampling = false
    await sampler
    expect(outcomes.some((outcome) => outcome.status === 'fulfilled' && outcome.value === 200)).toBe(true)
    const [quota] = await quotasOf(secret)
    expect(most).toBeLessThanOrEqual(Number(limit))
    expect(quota).toMatchObject({ held: 0 })
    const records = await recordsOf(teamId)
    expect(Number(quota?.settled)).toBe(records.reduce((sum, record) => sum + record.total_tokens, 0))
    for (const record of records) expect(record.total_tokens).toBeLessThanOrEqual(record.reserved_tokens)
  })

  it('of a model that thinks as long as it likes is its context, and the refusal says so', async () => {
    const few = await app.addTeam({ quotas: [{ metric: 'tokens', window: 'day', limit: 100_000n }] })
    const ask = (secret: string) =>
      app.client(secret).chat.completions.create({
        model: 'qwq-plus',
        messages: [{ role: 'user', content: 'why? [[sim tokens=30 reasoning=9000]]' }],
        max_tokens: 20,
      })
    await expect(ask(few.secret)).rejects.toThrow(/thinks as long as it likes/)
    const many = await app.addTeam({ quotas: [{ metric: 'tokens', window: 'day', limit: 200_000n }] })
    const answer = await ask(many.secret)
    expect(answer.usage?.completion_tokens).toBe(9_020)
    const [record] = await recordsOf(many.teamId)
    expect(record?.total_tokens).toBeLessThanOrEqual(record?.reserved_tokens ?? 0)
  })

  it('shrinks to a shorter answer where the rest bears one, also when another offering with a smaller cap serves it', async () => {
    const { secret } = await app.addTeam({ quotas: [{ metric: 'tokens', window: 'day', limit: 1_500n }] })
    app.simulator.addFault({ match: { model: 'gpt-flaky' }, fault: { status: 503 } })
    const { data, response } = await app
      .client(secret)
      .chat.completions.create({
        model: 'either',
        messages: [{ role: 'user', content: 'long [[sim tokens=2000]]' }],
        max_tokens: 3_000,
      })
      .withResponse()
      .finally(() => app.simulator.clearFaults())
    expect(response.headers.get('x-tollgate-account')).toBe('small')
    expect(data.usage?.completion_tokens).toBe(300)
    const receipt = await getJson(secret, `/v1/receipts/${response.headers.get('x-request-id')}`)
    // What the second one cannot give anyway was not taken away from it.
    expect(receipt).toMatchObject({ clamped_max_tokens: null, reserved: { tokens: expect.any(Number) } })
    expect((receipt as { reserved: { tokens: number } }).reserved.tokens).toBeLessThanOrEqual(1_500)
  })

  it('is not what a bounded quota holds: more run at once, by how far it may be passed is told, and all is settled', async () => {
    learnShortAnswers(app, 'openai-compatible', 'gpt-like')
    const { secret, teamId } = await app.addTeam({
      quotas: [{ metric: 'tokens', window: 'day', limit: 4_200n }],
    })
    const ask = (tokens: number) =>
      post(secret, {
        model: 'gpt-like',
        messages: [{ role: 'user', content: `why? [[sim tokens=${tokens} gap=${tokens === 40 ? 20 : 0}]]` }],
        stream: true,
      })
    await app.database.prisma.quota.updateMany({ where: { teamId }, data: { guarantee: 'bounded' } })
    await app.books.keeper.refresh()
    const asked = Array.from({ length: 6 }, () => ask(40))
    await until(async () => app.books.live.live().inFlight === 6)
    const [running] = await quotasOf(secret)
    expect(running).toMatchObject({ guarantee: 'bounded' })
    expect(Number(running?.held)).toBeLessThan(1_500)
    // Six times the cap is what they could write, were they to write all they may.
    expect(Number(running?.overshoot_bound) + Number(running?.held)).toBeGreaterThan(6 * 4_096)
    expect(await Promise.all(asked)).toEqual([200, 200, 200, 200, 200, 200])
    const [after] = await quotasOf(secret)
    const sum = (await recordsOf(teamId)).reduce((total, record) => total + record.total_tokens, 0)
    expect(after).toMatchObject({ settled: sum, held: 0, overshoot_bound: 0 })
    // One that writes far more than usual is settled in full, within what was said to be possible, and ends it.
    await ask(4_096)
    const [passed] = await quotasOf(secret)
    expect(Number(passed?.settled)).toBeGreaterThan(4_200)
    expect(await ask(10)).toBe(429)
  })

  it('is clamped only where asked for: a soft quota is passed, and the receipt and the ledger name it', async () => {
    const { secret, teamId } = await app.addTeam({
      name: `soft ${mode.name}`,
      quotas: [{ metric: 'tokens', window: 'day', limit: 5n, hard: false }],
    })
    const { data, response } = await app
      .client(secret)
      .chat.completions.create({
        model: 'gpt-like',
        messages: [{ role: 'user', content: 'why? [[sim tokens=500]]' }],
      })
      .withResponse()
    expect(data.usage?.completion_tokens).toBe(500)
    const path = `/v1/receipts/${response.headers.get('x-request-id')}`
    const passed = { scope: 'team', name: `soft ${mode.name}`, metric: 'tokens', window: 'day' }
    const [row] = await app.database.prisma.quota.findMany({ where: { teamId } })
    const expected = { soft_quotas_passed: [{ id: row?.id, ...passed }], clamped_max_tokens: null }
    expect(await getJson(secret, path)).toMatchObject(expected)
    await app.books.live.drain()
    const record = await app.database.prisma.usageRecord.findFirst({ where: { teamId } })
    expect(record?.softQuotasPassed).toEqual([row?.id])
    await app.database.prisma.quota.deleteMany({ where: { teamId } })
    await app.books.keeper.refresh()
    expect(await getJson(secret, path)).toMatchObject({
      soft_quotas_passed: [{ id: row?.id, scope: null, name: null, metric: null, window: null }],
    })
  })

  it('that the provider passed is settled in full, counted as a miss, and not believed again', async () => {
    // Prompts of this size were short of their bound by far, until now.
    learn(app, { provider: 'ark', model: 'doubao-1-5-pro-32k-250115', side: 'input', size: 1, bucket: 70 })
    const { secret, teamId } = await app.addTeam({
      quotas: [{ metric: 'tokens', window: 'day', limit: 1_000_000n }],
    })
    const ask = () =>
      app.client(secret).chat.completions.create({
        model: 'doubao-1-5-pro-32k-250115',
        messages: [{ role: 'user', content: '为什么天是蓝色的呢？'.repeat(100) }],
        max_tokens: 10,
      })
    const before = await missedTokens(app)
    const first = await ask()
    const [record] = await recordsOf(teamId)
    expect(record?.input_tokens).toBeGreaterThan(record?.input_bound_tokens ?? 0)
    expect(record?.total_tokens).toBe(first.usage?.total_tokens)
    expect(Number((await quotasOf(secret))[0]?.settled)).toBe(record?.total_tokens)
    expect((await missedTokens(app)) - before).toBe(
      (record?.input_tokens ?? 0) - (record?.input_bound_tokens ?? 0),
    )
    await ask()
    const second = (await recordsOf(teamId)).at(-1)
    expect(second?.input_bound_tokens).toBeGreaterThanOrEqual(second?.input_tokens ?? Infinity)
    const drift = app.books.services.estimator.drift().find(({ model }) => model.startsWith('doubao-1-5'))
    expect(drift).toMatchObject({ misses: 1 })
    const metrics = await app.books.meter.registry.metrics()
    expect(metrics).toMatch(/tollgate_estimator_factor\{.*doubao-1-5-pro-32k-250115.*size="2048"\}/)
    expect(metrics).toMatch(/tollgate_estimator_input_ratio\{.*quantile="0.999"\}/)
  })

  async function post(secret: string, body: object): Promise<number> {
    const response = await fetch(`${app.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    await response.text()
    if (response.status !== 200 && response.status !== 429) throw new Error(`answered ${response.status}`)
    return response.status
  }

  async function getJson(secret: string, path: string): Promise<unknown> {
    const response = await fetch(`${app.url}${path}`, { headers: { authorization: `Bearer ${secret}` } })
    return response.json()
  }

  async function quotasOf(secret: string): Promise<readonly Quota[]> {
    const usage = (await getJson(secret, '/v1/usage')) as { quotas: Quota[] }
    return usage.quotas
  }

  async function recordsOf(teamId: string) {
    await app.books.live.drain()
    const { rows } = await app.database.pool.query<{
      total_tokens: number
      input_tokens: number
      reserved_tokens: number
      input_bound_tokens: number
    }>(
      `select total_tokens, input_tokens, reserved_tokens, input_bound_tokens
       from usage_record where team_id = $1 order by request_id`,
      [teamId],
    )
    return rows
  }
})

interface Quota {
  readonly settled: number
  readonly held: number
  readonly guarantee: string
  readonly overshoot_bound: number | null
}

/** As if a thousand answers had been a hundredth of what they might have been. */
function learnShortAnswers(app: TestGateway, provider: string, model: string): void {
  learn(app, { provider, model, side: 'output', size: 2, bucket: 96 - 8 * 6 })
}

function learn(
  app: TestGateway,
  what: { provider: string; model: string; side: 'input' | 'output'; size: number; bucket: number },
): void {
  const counts = Array.from({ length: sizeCount * bucketCount }, () => 0)
  counts[what.size * bucketCount + what.bucket] = 2_000
  app.books.services.estimator.adopt([{ ...what, counts, samples: 2_000, misses: 0 }])
}

async function missedTokens(app: TestGateway): Promise<number> {
  const metrics = await app.books.meter.registry.metrics()
  return Number(/tollgate_estimator_missed_tokens_total\{.*ark.*\} (\d+)/.exec(metrics)?.[1] ?? 0)
}

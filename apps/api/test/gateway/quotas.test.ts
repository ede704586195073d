import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { APIError, RateLimitError } from 'openai'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'

let app: TestGateway
const model = 'doubao-1-5-pro-32k-250115'

beforeAll(async () => {
  app = await startTestGateway()
  await app.addAccount({ protocol: 'ark', models: [{ name: model }] })
})

afterAll(async () => {
  await app.close()
})

describe('a token quota', () => {
  /** A request of the storm uses about 60 tokens. */
  const tokensFor20 = 1_200n

  it.each([
    { name: 'with max_tokens', body: { max_tokens: 24 }, stream: false },
    { name: 'without max_tokens', body: {}, stream: false },
    { name: 'streamed', body: { max_tokens: 24 }, stream: true },
  ])('serves about 20 of 200 concurrent requests $name, and is never passed', async ({ body, stream }) => {
    const { secret, teamId } = await app.addTeam({
      quotas: [{ metric: 'tokens', window: 'day', limit: tokensFor20 }],
    })
    const client = app.client(secret)
    let worst = 0n
    const sampler = setInterval(() => void sample(), 5)
    const sample = async () => {
      const { settled, held } = await readQuota(secret)
      if (settled + held > worst) worst = settled + held
    }
    const outcomes = await Promise.all(
      Array.from({ length: 200 }, async (_, index) => {
        const request = {
          ...body,
          model,
          messages: [{ role: 'user' as const, content: `问题 ${index}: why? [[sim tokens=24 gap=1]]` }],
        }
        try {
          if (!stream) {
            await client.chat.completions.create(request)
          } else {
            for await (const _chunk of await client.chat.completions.create({ ...request, stream: true }))
              continue
          }
          return 'served'
        } catch (error) {
          if (error instanceof APIError && error.code === 'insufficient_quota') return 'refused'
          throw error
        }
      }),
    )
    clearInterval(sampler)
    const served = outcomes.filter((outcome) => outcome === 'served').length
    const { settled, held } = await readQuota(secret)
    expect(held).toBe(0n)
    expect(worst).toBeLessThanOrEqual(tokensFor20)
    expect(settled).toBeLessThanOrEqual(tokensFor20)
    expect(settled).toBe(await sumOf(teamId, 'total_tokens'))
    expect(served).toBeGreaterThanOrEqual(12)
    expect(served).toBeLessThanOrEqual(30)
  })

  it('shortens the answer when the rest bears the question and a useful answer', async () => {
    const { secret } = await app.addTeam({ quotas: [{ metric: 'tokens', window: 'day', limit: 600n }] })
    const { data, response } = await app
      .client(secret)
      .chat.completions.create({
        model,
        messages: [{ role: 'user', content: 'long [[sim tokens=1000]]' }],
        max_tokens: 2_000,
      })
      .withResponse()
    expect(data.choices[0]?.finish_reason).toBe('length')
    const receipt = await getJson(secret, `/v1/receipts/${response.headers.get('x-request-id')}`)
    expect(receipt).toMatchObject({ clamped_max_tokens: expect.any(Number), status: 'ok' })
    expect((await readQuota(secret)).settled).toBeLessThanOrEqual(600n)
  })

  it('says which quota, what was needed, what is left and when it frees up', async () => {
    const { secret } = await app.addTeam({
      name: 'poor',
      quotas: [{ metric: 'tokens', window: 'day', limit: 40n }],
    })
    const error = await ask(secret).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(RateLimitError)
    expect(error).toMatchObject({ status: 429, code: 'insufficient_quota', type: 'insufficient_quota' })
    expect(String(error)).toMatch(
      /tokens quota of team "poor" \(40 tokens per day\).*40 tokens is left.*resets at/,
    )
    expect(error instanceof APIError && error.headers?.get('x-should-retry')).toBe('false')
  })
})

describe('other quotas', () => {
  it('bite on requests per minute, and say when to come back', async () => {
    const { secret } = await app.addTeam({ quotas: [{ metric: 'requests', window: 'minute', limit: 3n }] })
    for (let count = 0; count < 3; count += 1) await ask(secret)
    const error = await ask(secret).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ status: 429, code: 'rate_limit_exceeded', type: 'rate_limit_error' })
    const headers = error instanceof APIError ? error.headers : undefined
    expect(Number(headers?.get('retry-after'))).toBeGreaterThan(0)
    expect(Number(headers?.get('retry-after'))).toBeLessThanOrEqual(62)
    expect(headers?.get('x-should-retry')).toBe('true')
  })

  it('bite on cost: the settled cost equals the sum of the records, to the nano', async () => {
    const { secret, teamId } = await app.addTeam({
      // 1 CNY and 2 CNY a million: about 100,000 nanos a request.
      quotas: [{ metric: 'cost', window: 'month', limit: 400_000n }],
    })
    const outcomes = await Promise.allSettled(Array.from({ length: 30 }, () => ask(secret)))
    const served = outcomes.filter((outcome) => outcome.status === 'fulfilled').length
    expect(served).toBeGreaterThan(1)
    expect(served).toBeLessThan(30)
    const spent = await sumOf(teamId, 'billed_cost')
    expect(spent).toBeGreaterThan(0n)
    expect(spent).toBeLessThanOrEqual(400_000n)
  })

  it('bite on parallel requests at once, and free up when one ends', async () => {
    const { secret } = await app.addTeam({ quotas: [{ metric: 'concurrency', window: 'total', limit: 2n }] })
    const slow = () => ask(secret, '[[sim tokens=40 gap=25]]')
    const outcomes = await Promise.allSettled([slow(), slow(), slow(), slow()])
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(2)
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'rate_limit_exceeded' })
    }
    await ask(secret)
  })

  it('never refuse when they are soft, and still count', async () => {
    const { secret } = await app.addTeam({
      quotas: [{ metric: 'tokens', window: 'day', limit: 1n, hard: false }],
    })
    await ask(secret)
    expect((await readQuota(secret)).settled).toBeGreaterThan(1n)
  })

  it('apply to the model they name and to no other', async () => {
    await app.addAccount({ protocol: 'openai', models: [{ name: 'gpt-like' }] })
    const { secret } = await app.addTeam({
      quotas: [{ metric: 'requests', window: 'total', limit: 0n, model: 'gpt-*' }],
    })
    await ask(secret)
    await expect(ask(secret, '', 'gpt-like')).rejects.toMatchObject({ code: 'insufficient_quota' })
  })

  it('count what was used before they were made, and before a restart of the counters', async () => {
    const { secret, teamId } = await app.addTeam()
    await ask(secret)
    const used = await sumOf(teamId, 'total_tokens')
    expect(used).toBeGreaterThan(0n)
    await app.database.prisma.quota.create({
      data: {
        id: crypto.randomUUID(),
        scope: 'team',
        teamId,
        metric: 'tokens',
        window: 'month',
        limit: 1_000_000n,
      },
    })
    await app.books.keeper.refresh()
    expect((await readQuota(secret)).settled).toBe(used)
  })
})

describe('grants', () => {
  it('pay first, soonest to expire first, and what they saved is told', async () => {
    const soon = await app.addAccount({
      protocol: 'qianfan-v2',
      name: 'soon',
      models: [{ name: 'ernie-speed-8k' }],
    })
    const late = await app.addAccount({
      protocol: 'qianfan-v2',
      name: 'late',
      models: [{ name: 'ernie-speed-8k' }],
    })
    const inDays = (days: number) => new Date(Date.now() + days * 86_400_000)
    await app.addGrant({
      accountId: late.accountId,
      models: ['*'],
      amount: 1_000_000n,
      expiresAt: inDays(90),
    })
    await app.addGrant({ accountId: soon.accountId, models: ['*'], amount: 3_000n, expiresAt: inDays(5) })
    const { secret, teamId } = await app.addTeam()
    const { response } = await app
      .client(secret)
      .chat.completions.create({
        model: 'ernie-speed-8k',
        messages: [{ role: 'user', content: 'free?' }],
        max_tokens: 100,
      })
      .withResponse()
    expect(response.headers.get('x-tollgate-account')).toBe('soon')
    const receipt = await getJson(secret, `/v1/receipts/${response.headers.get('x-request-id')}`)
    expect(receipt).toMatchObject({
      cost: { billed: '0' },
      grant: { amount: expect.stringMatching(/^\d+$/) },
    })
    expect(await sumOf(teamId, 'billed_cost')).toBe(0n)
    expect(await sumOf(teamId, 'list_cost')).toBeGreaterThan(0n)

    // More than the first grant can bear: the next one pays, still nothing is spent.
    const big = await app
      .client(secret)
      .chat.completions.create({
        model: 'ernie-speed-8k',
        messages: [{ role: 'user', content: '很长的问题。'.repeat(600) }],
        max_tokens: 100,
      })
      .withResponse()
    expect(big.response.headers.get('x-tollgate-account')).toBe('late')
  })

  it('of a platform that stops at zero are never spilt into money', async () => {
    const { accountId } = await app.addAccount({
      protocol: 'baichuan',
      name: 'gift',
      models: [{ name: 'Baichuan4-Air' }],
    })
    await app.addGrant({ accountId, models: ['*'], amount: 300n })
    const { secret, teamId } = await app.addTeam()
    const outcomes = await Promise.allSettled(
      Array.from({ length: 30 }, () => ask(secret, '[[sim tokens=20]]', 'Baichuan4-Air', 40)),
    )
    expect(outcomes.some((outcome) => outcome.status === 'fulfilled')).toBe(true)
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'insufficient_quota' })
    }
    expect(await sumOf(teamId, 'billed_cost')).toBe(0n)
    expect(await sumOf(teamId, 'grant_amount')).toBeLessThanOrEqual(300n)
  })

  it('of a platform that bills at zero pay their part, and money pays the rest', async () => {
    const { accountId } = await app.addAccount({
      protocol: 'tongyi-compatible',
      name: 'part',
      models: [{ name: 'qwen-turbo' }],
    })
    await app.addGrant({ accountId, models: ['qwen-turbo'], amount: 30n, whenEmpty: 'provider-bills' })
    const { secret, teamId } = await app.addTeam()
    await ask(secret, '[[sim tokens=40]]', 'qwen-turbo')
    expect(await sumOf(teamId, 'grant_amount')).toBe(30n)
    const list = await sumOf(teamId, 'list_cost')
    const billed = await sumOf(teamId, 'billed_cost')
    expect(billed).toBeGreaterThan(0n)
    expect(billed).toBeLessThan(list)
  })

  it('are the only way to pay for a model without a price', async () => {
    await app.addAccount({
      protocol: 'modelscope',
      name: 'unpriced',
      models: [{ name: 'Qwen/Qwen3.8-27B', price: undefined }],
    })
    const { secret } = await app.addTeam()
    await expect(ask(secret, '', 'Qwen/Qwen3.8-27B')).rejects.toMatchObject({ code: 'insufficient_quota' })
  })
})

function ask(secret: string, directive = '[[sim tokens=24]]', name = model, max_tokens = 50) {
  return app.client(secret).chat.completions.create({
    model: name,
    messages: [{ role: 'user', content: `问: why? ${directive}` }],
    max_tokens,
  })
}

async function getJson(secret: string, path: string): Promise<unknown> {
  const response = await fetch(`${app.url}${path}`, { headers: { authorization: `Bearer ${secret}` } })
  return response.json()
}

async function readQuota(secret: string): Promise<{ settled: bigint; held: bigint }> {
  const usage = (await getJson(secret, '/v1/usage')) as { quotas: { settled: number; held: number }[] }
  const [quota] = usage.quotas
  return { settled: BigInt(quota?.settled ?? -1), held: BigInt(quota?.held ?? -1) }
}

async function sumOf(teamId: string, column: string): Promise<bigint> {
  await app.books.live.drain()
  const { rows } = await app.database.pool.query<{ sum: string }>(
    `select coalesce(sum(${column}), 0)::text as sum from usage_record where team_id = $1`,
    [teamId],
  )
  return BigInt(rows[0]?.sum ?? -1)
}

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { v7 as uuidv7 } from 'uuid'
import { grantCounter } from '../../src/domain/counters/windows.ts'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { until } from '../support/until.ts'

let app: TestGateway

beforeAll(async () => {
  app = await startTestGateway({ limits: { firstByteMs: 700, idleMs: 700 } })
})

afterAll(async () => {
  await app.close()
})

describe('a route', () => {
  it('that is switched off closes its name, while its offerings stay reachable by their pinned names', async () => {
    await app.addAccount({ protocol: 'ark', models: [{ name: 'doubao-1-5-lite-32k-250115' }] })
    const { secret } = await app.addTeam()
    const ask = (model: string) =>
      app
        .client(secret)
        .chat.completions.create({ model, messages: [{ role: 'user', content: 'hi' }], max_tokens: 20 })
    await ask('doubao-1-5-lite-32k-250115')
    await app.database.prisma.route.create({
      data: { id: uuidv7(), model: 'doubao-1-5-lite-32k-250115', enabled: false },
    })
    await app.books.keeper.refresh()
    await expect(ask('doubao-1-5-lite-32k-250115')).rejects.toMatchObject({
      status: 404,
      code: 'model_not_found',
    })
    await ask('ark-main/doubao-1-5-lite-32k-250115')
  })

  it('of DeepSeek’s own platform has the prices of the price book, by whichever protocol', async () => {
    await app.database.prisma.priceVersion.create({
      data: {
        id: uuidv7(),
        provider: 'deepseek',
        model: 'deepseek-flash',
        price: { tiers: [{ inputNanosPerMillion: '1', outputNanosPerMillion: '2' }] },
        effectiveFrom: new Date(0),
        origin: 'price-book',
      },
    })
    const priceAt = async (protocol: 'deepseek' | 'openai', name: string, baseUrl: string) => {
      await app.addAccount({
        protocol,
        name,
        baseUrl,
        models: [{ name: `${name}-flash`, upstream: 'deepseek-flash', price: undefined }],
      })
      return app.books.keeper.current().routes.get(`${name}-flash`)?.offerings[0]?.price
    }
    expect(await priceAt('deepseek', 'theirs', 'https://proxy.example.org/deepseek')).toBeDefined()
    expect(await priceAt('openai', 'as-openai', 'https://api.deepseek.com/v1')).toBeDefined()
    expect(await priceAt('openai', 'another', 'https://api.deepseek.com.example.org/v1')).toBeUndefined()
  })
})

describe('a free-only route', () => {
  it('never costs money: it serves while the grant bears it, shortens the answer, then refuses', async () => {
    const { accountId } = await app.addAccount({
      protocol: 'qianfan-v2',
      name: 'free',
      models: [{ name: 'ernie-lite-8k' }],
    })
    await app.addGrant({ accountId, models: ['*'], amount: 700n, whenEmpty: 'provider-bills' })
    app.simulator.setGrant({
      provider: 'qianfan',
      account: app.simulator.endpoints['qianfan-v2']?.credentials['apiKey'] ?? '',
      model: 'ernie-lite-8k',
      tokens: 700,
      whenEmpty: 'provider-bills',
    })
    await app.addRoute('gratis', 'free-only', ['free/ernie-lite-8k'])
    const { secret, teamId } = await app.addTeam()
    const ask = () =>
      app.client(secret).chat.completions.create({
        model: 'gratis',
        messages: [{ role: 'user', content: 'tell me [[sim tokens=400]]' }],
        max_tokens: 1_000,
      })
    expect((await ask()).choices[0]?.message.content).toBeTruthy()
    const rest = await Promise.allSettled(Array.from({ length: 10 }, ask))
    for (const outcome of rest) {
      if (outcome.status === 'rejected')
        expect(outcome.reason).toMatchObject({ status: 429, code: 'insufficient_quota' })
    }
    expect(rest.some((outcome) => outcome.status === 'rejected')).toBe(true)
    const { rows } = await booked(teamId)
    expect(rows.every((row) => row.billed_cost === '0' && row.max_tokens_clamped !== null)).toBe(true)
    const paid = app.simulator.bill().lines.filter((line) => line.model === 'ernie-lite-8k')
    expect(paid.reduce((sum, line) => sum + line.paidTokens, 0)).toBe(0)
  })

  it('does not use a grant that expires while the longest request could still run', async () => {
    const { accountId } = await app.addAccount({
      protocol: 'qianfan-v2',
      name: 'ending',
      models: [{ name: 'ernie-tiny-8k' }],
    })
    await app.addGrant({
      accountId,
      models: ['*'],
      amount: 1_000_000n,
      expiresAt: new Date(Date.now() + 600_000),
    })
    await app.addRoute('ending-free', 'free-only', ['ending/ernie-tiny-8k'])
    const { secret } = await app.addTeam()
    const ask = (model: string) =>
      app
        .client(secret)
        .chat.completions.create({ model, messages: [{ role: 'user', content: 'hi' }], max_tokens: 20 })
    await expect(ask('ending-free')).rejects.toMatchObject({ code: 'insufficient_quota' })
    await ask('ernie-tiny-8k')
  })
})

describe('a priority route', () => {
  it('keeps its order, whatever it costs', async () => {
    const dear = { input: 9_000_000_000n, output: 9_000_000_000n }
    await app.addAccount({
      protocol: 'baichuan',
      name: 'dear',
      models: [{ name: 'Baichuan4-Air', price: dear }],
    })
    await app.addAccount({ protocol: 'tokenhub', name: 'cheap', models: [{ name: 'hy3' }] })
    const offerings = ['dear/Baichuan4-Air', 'cheap/hy3']
    await app.addRoute('in-order', 'priority', offerings)
    await app.addRoute('by-price', 'free-first', offerings)
    const { secret } = await app.addTeam()
    const servedBy = async (model: string) => {
      const { response } = await app
        .client(secret)
        .chat.completions.create({ model, messages: [{ role: 'user', content: 'hi' }], max_tokens: 20 })
        .withResponse()
      return response.headers.get('x-tollgate-account')
    }
    expect(await servedBy('in-order')).toBe('dear')
    expect(await servedBy('by-price')).toBe('cheap')
  })
})

describe('an attempt that failed without a word', () => {
  it('is booked on its grant, counter and ledger alike, when the next offering is no longer free', async () => {
    const accounts = []
    for (const name of ['one', 'two']) {
      accounts.push(
        await app.addAccount({
          protocol: 'modelscope',
          name,
          models: [{ name: 'Qwen/Qwen3.8-27B', price: undefined }],
        }),
      )
    }
    const [one, two] = accounts
    if (one === undefined || two === undefined) throw new Error('no accounts')
    const grantId = await app.addGrant({
      accountId: one.accountId,
      models: ['*'],
      amount: 10_000n,
      expiresAt: new Date(Date.now() + 86_400_000),
    })
    await app.addGrant({ accountId: two.accountId, models: ['*'], unit: 'requests', amount: 1n })
    const { secret, teamId } = await app.addTeam()
    const ask = (model: string) =>
      app
        .client(secret)
        .chat.completions.create({ model, messages: [{ role: 'user', content: 'hi' }], max_tokens: 20 })
    app.simulator.addFault({ match: { model: 'Qwen/Qwen3.8-27B' }, times: 1, fault: { delayMs: 5_000 } })
    const slow = ask('Qwen/Qwen3.8-27B')
    slow.catch(() => {})
    await until(() => app.books.live.live().inFlight === 1)
    await ask('two/Qwen/Qwen3.8-27B')
    await expect(slow).rejects.toMatchObject({ status: 504 })
    const { rows } = await booked(teamId)
    const onGrant = rows.filter((row) => row.grant_id === grantId)
    expect(onGrant).toHaveLength(1)
    expect(onGrant[0]).toMatchObject({ status: 'error', usage_source: 'estimated' })
    const grant = app.books.keeper.current().grants.get(grantId)
    if (grant === undefined) throw new Error('no grant')
    const [reading] = await app.books.live.read([grantCounter(grant, Date.now(), 'Asia/Shanghai')])
    expect(reading).toEqual({ settled: BigInt(onGrant[0]?.grant_amount ?? -1), held: 0n })
    expect(reading?.settled).toBeGreaterThan(0n)
  })
})

describe('a page of another origin', () => {
  it('may call with a key, and is told so before it does', async () => {
    const asked = await fetch(`${app.url}/v1/chat/completions`, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://chat.example',
        'access-control-request-headers': 'authorization, content-type',
      },
    })
    expect(asked.status).toBe(204)
    expect(asked.headers.get('access-control-allow-origin')).toBe('*')
    expect(asked.headers.get('access-control-allow-headers')).toContain('authorization')
    const refused = await fetch(`${app.url}/v1/models`, { headers: { origin: 'https://chat.example' } })
    expect(refused.status).toBe(401)
    expect(refused.headers.get('access-control-allow-origin')).toBe('*')
  })
})

interface BookedRow {
  readonly status: string
  readonly usage_source: string
  readonly billed_cost: string
  readonly max_tokens_clamped: number | null
  readonly grant_id: string | null
  readonly grant_amount: string | null
}

async function booked(teamId: string) {
  await app.books.live.drain()
  return app.database.pool.query<BookedRow>('select * from usage_record where team_id = $1', [teamId])
}

describe('an offering that cannot do what a request asks for', () => {
  it('gives way to one that can', async () => {
    const twice = { protocol: 'tongyi-compatible', name: 'cannot', models: [{ name: 'qwen-max' }] } as const
    await app.addAccount(twice)
    await app.addAccount({ protocol: 'tokenhub', name: 'can', models: [{ name: 'hy3-preview' }] })
    await app.addRoute('either', 'priority', ['cannot/qwen-max', 'can/hy3-preview'])
    const { secret } = await app.addTeam()
    const tool = (name: string) => ({ type: 'function' as const, function: { name, parameters: {} } })
    const { response } = await app
      .client(secret)
      .chat.completions.create({
        model: 'either',
        messages: [{ role: 'user', content: 'hi' }],
        max_tokens: 20,
        // DashScope knows no "required" where there is a choice of tools.
        tool_choice: 'required',
        tools: [tool('first'), tool('second')],
      })
      .withResponse()
    expect(response.headers.get('x-tollgate-account')).toBe('can')
  })
})

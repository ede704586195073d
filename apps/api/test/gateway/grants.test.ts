import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { grantCounter } from '../../src/domain/counters/windows.ts'
import { grantSize } from '../../src/domain/grants/grant-size.ts'
import { ask } from '../books/support/ask.ts'
import { startTestGateway, type GrantSetup, type ModelSetup, type TestGateway } from '../support/gateway.ts'
import { scriptedProvider, wholeAnswer } from '../support/scripted-provider.ts'
import { until } from '../support/until.ts'

let app: TestGateway
let secret: string
let made = 0
beforeAll(async () => {
  app = await startTestGateway({ limits: { requestMsMax: 600_000 } })
  secret = (await app.addTeam()).secret
})
afterAll(() => app.close())

type Grant = Omit<GrantSetup, 'accountId'>
const plenty: Grant = { models: ['*'], amount: 1_000_000n, whenEmpty: 'provider-bills' }

/** An account with a route of its own to one model, and grants. Resolves with the route's name. */
async function route(
  policy: string,
  grants: readonly Partial<Grant>[],
  model: Partial<ModelSetup> = {},
  baseUrl?: string,
): Promise<{ readonly name: string; readonly grantIds: readonly string[] }> {
  made += 1
  const name = `route-${made}`
  const { accountId } = await app.addAccount({
    protocol: baseUrl === undefined ? 'ark' : 'tongyi-compatible',
    name,
    ...(baseUrl === undefined ? {} : { baseUrl }),
    models: [{ name: 'm', upstream: 'doubao-1-5-lite-32k-250115', ...model }],
  })
  const grantIds: string[] = []
  for (const grant of grants) grantIds.push(await app.addGrant({ accountId, ...plenty, ...grant }))
  await app.addRoute(name, policy, [`${name}/m`])
  return { name, grantIds }
}

function chat(model: string, more: object = {}) {
  return ask(`${app.url}/v1/chat/completions`, secret, {
    model,
    messages: [{ role: 'user', content: '[[sim tokens=20]] hi' }],
    max_tokens: 50,
    ...more,
  })
}

async function leftOf(grantId: string | undefined): Promise<bigint> {
  const snapshot = app.books.keeper.current()
  const grant = snapshot.grants.get(grantId ?? '')
  if (grant === undefined) throw new Error('no grant')
  const atMs = app.books.services.clock.now()
  const [reading] = await app.books.services.counters.read(
    [grantCounter(grant, atMs, snapshot.timeZone)],
    atMs,
  )
  return grantSize(grant, atMs) - (reading?.settled ?? 0n) - (reading?.held ?? 0n)
}

async function lastRecord(model: string) {
  await app.books.live.drain()
  return app.database.prisma.usageRecord.findFirstOrThrow({
    where: { model },
    orderBy: { requestId: 'desc' },
  })
}

describe('a free-only route', () => {
  const day = 86_400_000
  const cases: readonly [string, readonly Partial<Grant>[], Partial<ModelSetup>, RegExp][] = [
    ['without a grant', [], {}, /no free quota of .* is known.*confirm one/],
    [
      'without a price where the grant would bill',
      [{}],
      { price: undefined },
      /provider bills what goes beyond.*no price/,
    ],
    [
      'without a price for a grant of money',
      [{ unit: 'money' }],
      { price: undefined },
      /counts money in CNY.*no price/,
    ],
    ['before the grant begins', [{ validFrom: new Date(Date.now() + day) }], {}, /begins at 20/],
    ['after the grant has expired', [{ expiresAt: new Date(Date.now() - day) }], {}, /expired at 20/],
    [
      'while the longest request could outlive it',
      [{ expiresAt: new Date(Date.now() + 60_000) }],
      {},
      /expires at 20.*10 minutes/,
    ],
    ['on a grant that is used up', [{ amount: 0n }], {}, /is used up, and this request needs \d+ tokens/],
    [
      'on a grant that is too small',
      [{ amount: 9n }],
      {},
      /has 9 tokens left, and this request needs \d+ tokens/,
    ],
    ['on a grant for other calls', [{ covers: ['embeddings'] }], {}, /pays for embeddings only/],
    [
      'on a grant that knows the public name only',
      [{ models: ['m'] }],
      {},
      /does not name .*doubao-1-5-lite-32k-250115/,
    ],
    ['on a grant of input alone', [{ unit: 'input-tokens' }], {}, /pays for input only/],
    ['on a grant of output alone', [{ unit: 'output-tokens' }], {}, /pays for output only/],
  ]
  it.each(cases)('refuses %s, and says why', async (_, grants, model, reason) => {
    const { name } = await route('free-only', grants, model)
    const sent = app.simulator.requests().length
    const seen = await chat(name)
    expect([seen.status, seen.code]).toEqual([429, 'insufficient_quota'])
    expect(seen.text).toMatch(reason)
    expect(app.simulator.requests()).toHaveLength(sent)
  })

  it('serves from the grant that can, when others cannot', async () => {
    const { name, grantIds } = await route('free-only', [
      { covers: ['embeddings'] },
      { models: ['m'] },
      { covers: ['chat'] },
    ])
    expect((await chat(name)).status).toBe(200)
    expect((await lastRecord(name)).grantId).toBe(grantIds[2])
  })

  it('serves from half a grant where the other half is free anyway', async () => {
    const { name } = await route('free-only', [{ unit: 'input-tokens' }], {
      price: { input: 1_000_000_000n, output: 0n },
    })
    expect((await chat(name)).status).toBe(200)
    expect(await lastRecord(name)).toMatchObject({ billedCost: 0n })
  })

  it.each([
    [{ models: ['doubao-pro', 'doubao-lite'] }, 'models'],
    [{ provider: { allow_fallbacks: true } }, 'provider'],
    [{ enable_search: true }, 'enable_search'],
    [{ web_search: { enable: true } }, 'web_search'],
    [{ with_search_enhance: true }, 'with_search_enhance'],
    [{ plugins: [{ id: 'web' }] }, 'plugins'],
    [{ service_tier: 'priority' }, 'service_tier'],
    [{ tools: [{ type: 'web_search', web_search: { enable: true } }] }, 'tools[0]'],
    [
      {
        messages: [
          { role: 'user', content: [{ type: 'text', text: 'hi', cache_control: { type: 'ephemeral' } }] },
        ],
      },
      'messages[0].content[0].cache_control',
    ],
  ])('refuses what no free quota pays for: %j', async (more, param) => {
    const { name } = await route('free-only', [{}])
    const seen = await chat(name, more)
    expect(seen).toMatchObject({ status: 429, code: 'insufficient_quota' })
    expect(JSON.parse(seen.text).error.param).toBe(param)
  })

  it('takes the same fields when they are off', async () => {
    const { name } = await route('free-only', [{}])
    const tool = { type: 'function', function: { name: 'f', parameters: { type: 'object' } } }
    expect(
      (await chat(name, { models: [], plugins: null, service_tier: 'auto', tools: [tool] })).status,
    ).toBe(200)
  })

  it('goes to no model that was seen to answer in place of another, until the grant names it', async () => {
    const provider = await scriptedProvider(() => ({ body: wholeAnswer('hunyuan-pro') }))
    const { name, grantIds } = await route(
      'free-only',
      [{ models: ['hunyuan-lite'] }],
      { upstream: 'hunyuan-lite' },
      provider.baseUrl,
    )
    // Seen by the answer of the first, which is counted and logged.
    expect((await chat(name)).status).toBe(200)
    expect(await app.books.meter.registry.metrics()).toMatch(/tollgate_model_substitutions_total\{[^}]*\} 1/)
    const refused = await chat(name)
    expect(refused).toMatchObject({ status: 429, code: 'insufficient_quota' })
    expect(refused.text).toContain('answer with \\"hunyuan-pro\\" in place of \\"hunyuan-lite\\"')
    expect(provider.calls()).toBe(1)
    await app.database.prisma.grant.update({
      where: { id: grantIds[0] ?? '' },
      data: { models: ['hunyuan-lite', 'hunyuan-pro'] },
    })
    await app.books.keeper.refresh()
    expect((await chat(name)).status).toBe(200)
    await provider.close()
  })

  it('does not try another account once nobody knows what the first has taken', async () => {
    const grant = { models: ['*'], amount: 100_000n, whenEmpty: 'provider-bills' } as const
    const names = ['cut-a', 'cut-b']
    for (const name of names) {
      const { accountId } = await app.addAccount({
        protocol: 'qianfan-v2',
        name,
        models: [{ name: 'ernie-lite-8k' }],
      })
      await app.addGrant({ accountId, ...grant })
    }
    await app.addRoute(
      'cut',
      'free-only',
      names.map((name) => `${name}/ernie-lite-8k`),
    )
    app.simulator.addFault({ match: { provider: 'qianfan' }, fault: { cutAfterChunks: 0 } })
    expect((await chat('cut')).status).toBe(502)
    const record = await lastRecord('cut')
    expect(record.attempts).toHaveLength(1)
    // All that was held is booked: the provider may have taken that much.
    expect(Number(record.grantAmount)).toBeGreaterThanOrEqual(50)
    expect(record).toMatchObject({ usageSource: 'estimated', billedCost: 0n })
  })
})

describe('a provider that says its free quota is used up', () => {
  const error = {
    error: {
      message: 'The free quota has been exhausted.',
      type: 'AllocationQuota.FreeTierOnly',
      code: 'AllocationQuota.FreeTierOnly',
    },
  }
  const chunk = (delta: object) =>
    `data: ${JSON.stringify({
      id: 'c',
      object: 'chat.completion.chunk',
      created: 1_760_000_000,
      model: 'qwen-plus',
      choices: [{ index: 0, delta, finish_reason: null }],
    })}\n\n`
  const event = { type: 'text/event-stream' }
  const forms = [
    ['with a status of its own', false, { status: 403, body: JSON.stringify(error) }],
    ['in a 200', false, { body: JSON.stringify(error) }],
    ['before a stream', true, { status: 403, body: JSON.stringify(error) }],
    ['as the first event of a stream', true, { ...event, body: `data: ${JSON.stringify(error)}\n\n` }],
  ] as const

  it.each(forms)('%s empties the grant, and the request is served by the next', async (_, stream, answer) => {
    const provider = await scriptedProvider(() => answer)
    const { name, grantIds } = await route('free-first', [{}], { upstream: 'qwen-plus' }, provider.baseUrl)
    const other = await route('free-first', [{}], {
      price: { input: 9_000_000_000n, output: 9_000_000_000n },
    })
    await app.addRoute(`${name}-both`, 'priority', [`${name}/m`, `${other.name}/m`])
    const seen = await chat(`${name}-both`, { stream })
    expect(seen.status, seen.text).toBe(200)
    expect((await lastRecord(`${name}-both`)).grantId).toBe(other.grantIds[0])
    // Here at once, without the database having been asked.
    expect((await chat(`${name}-both`, { stream })).status).toBe(200)
    expect(provider.calls()).toBe(1)
    await until(async () => (await leftOf(grantIds[0])) <= 0n)
    const [, entry] = await app.database.prisma.grantEntry.findMany({
      where: { grantId: grantIds[0] ?? '' },
      orderBy: { id: 'asc' },
    })
    expect(entry).toMatchObject({ kind: 'adjustment', amount: -1_000_000n, actor: 'system' })
    expect(entry?.reason).toContain('AllocationQuota.FreeTierOnly')
    await provider.close()
  })

  it('in the middle of a stream empties the grant too', async () => {
    const provider = await scriptedProvider(() => ({
      ...event,
      body: chunk({ role: 'assistant', content: 'hello' }) + `data: ${JSON.stringify(error)}\n\n`,
    }))
    const { name, grantIds } = await route('free-only', [{}], { upstream: 'qwen-plus' }, provider.baseUrl)
    const seen = await chat(name, { stream: true })
    expect(seen.text).toContain('hello')
    expect(seen.text).toContain('insufficient_quota')
    await until(async () => (await leftOf(grantIds[0])) <= 0n)
    expect(await chat(name)).toMatchObject({ status: 429, code: 'insufficient_quota' })
    expect(provider.calls()).toBe(1)
    await provider.close()
  })

  it('in words that may mean something else is believed once it has served from the grant', async () => {
    let arrears = true
    const body = JSON.stringify({
      error: { code: 'insufficient_quota', message: 'Insufficient account balance' },
    })
    const provider = await scriptedProvider(() =>
      arrears ? { status: 429, body } : { body: wholeAnswer('Baichuan4') },
    )
    const { accountId } = await app.addAccount({
      protocol: 'baichuan',
      name: 'gift',
      baseUrl: provider.baseUrl,
      models: [{ name: 'm', upstream: 'Baichuan4' }],
    })
    const grantId = await app.addGrant({
      accountId,
      models: ['*'],
      amount: 1_000n,
      whenEmpty: 'provider-stops',
    })
    await app.addRoute('gift', 'free-only', ['gift/m'])
    expect((await chat('gift')).status).toBe(429)
    expect(await leftOf(grantId)).toBe(1_000n)
    arrears = false
    await until(async () => (await chat('gift')).status === 200)
    arrears = true
    expect((await chat('gift')).status).toBe(429)
    await until(async () => (await leftOf(grantId)) <= 0n)
    await provider.close()
  })
})

describe('a grant that bills at zero', () => {
  const price = { input: 1_000_000_000n, output: 1_000_000_000n }

  it('pays what it can and money the rest, and the record shows both', async () => {
    const { name, grantIds } = await route('free-first', [{ amount: 15n }], { price })
    expect((await chat(name)).status).toBe(200)
    const record = await lastRecord(name)
    const list = BigInt(record.totalTokens) * 1_000n
    expect(record).toMatchObject({ grantId: grantIds[0], grantAmount: 15n, listCost: list })
    expect(record.billedCost).toBe(list - 15_000n)
    expect(await leftOf(grantIds[0])).toBe(0n)
  })

  it('refuses nobody at its edge, and is used to its last token', async () => {
    const { name, grantIds } = await route('free-first', [{ amount: 1_000n }], { price })
    const seen = await Promise.all(Array.from({ length: 60 }, () => chat(name)))
    expect(seen.map(({ status }) => status)).toEqual(seen.map(() => 200))
    await app.books.live.drain()
    const records = await app.database.prisma.usageRecord.findMany({ where: { model: name } })
    for (const record of records)
      expect(record.billedCost).toBe((record.listCost ?? 0n) - (record.grantAmount ?? 0n) * 1_000n)
    const granted = records.reduce((sum, record) => sum + (record.grantAmount ?? 0n), 0n)
    expect(granted <= 1_000n).toBe(true)
    expect(await leftOf(grantIds[0])).toBe(1_000n - granted)
  })
})

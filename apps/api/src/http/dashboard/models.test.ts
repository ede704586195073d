import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDashboard, type TestDashboard } from '../../../test/support/dashboard.ts'

let dashboard: TestDashboard
beforeAll(async () => {
  dashboard = await testDashboard()
  for (const name of ['one', 'two'])
    await dashboard.expectOk('POST', '/api/accounts', {
      name,
      provider: 'tongyi',
      credentials: { apiKey: 'sk-0123456789abcdef' },
      models: ['qwen-plus', { name: 'org/own', upstream: 'ep-1' }],
    })
})
afterAll(() => dashboard.close())

const routeOf = (model: string) => dashboard.books.keeper.current().routes.get(model)

describe('a model name', () => {
  it('is served by every offering that carries it until somebody routes it', async () => {
    const model = await dashboard.expectOk('GET', '/api/models/qwen-plus')
    expect(model).toMatchObject({
      policy: 'free-first',
      origin: 'implicit',
      offerings: [
        { offering: 'one/qwen-plus', state: 'ok', grant: null, price: { origin: 'price-book' } },
        { offering: 'two/qwen-plus' },
      ],
    })
    expect((await dashboard.call('DELETE', '/api/models/qwen-plus')).status).toBe(409)
    const routed = await dashboard.expectOk('PATCH', '/api/models/qwen-plus', {
      policy: 'priority',
      offerings: ['two/qwen-plus', 'one/qwen-plus'],
    })
    expect(routed).toMatchObject({ origin: 'api', policy: 'priority' })
    expect(routeOf('qwen-plus')?.offerings.map(({ account }) => account.name)).toEqual(['two', 'one'])
    await dashboard.expectOk('DELETE', '/api/models/qwen-plus')
    expect(routeOf('qwen-plus')).toMatchObject({ policy: 'free-first' })
  })

  it('can be new, over offerings of any account, and hold a slash', async () => {
    const url = `/api/models/${encodeURIComponent('team/smart')}`
    await dashboard.expectOk('POST', '/api/models', {
      name: 'team/smart',
      policy: 'free-only',
      offerings: ['one/org/own', 'two/qwen-plus'],
    })
    expect(routeOf('team/smart')).toMatchObject({ policy: 'free-only' })
    expect(await dashboard.expectOk('GET', url)).toMatchObject({
      offerings: [{ offering: 'one/org/own', price: null }, {}],
    })
    expect(
      (await dashboard.call('POST', '/api/models', { name: 'team/smart', offerings: ['one/qwen-plus'] }))
        .status,
    ).toBe(409)
    await dashboard.expectOk('PATCH', url, { enabled: false })
    expect(routeOf('team/smart')).toBeUndefined()
    await dashboard.expectOk('DELETE', url)
    expect((await dashboard.call('GET', url)).status).toBe(404)
  })

  it.each([
    [{ offerings: ['one/qwen-pluss'] }, 'offerings.0', 'did you mean "one/qwen-plus"'],
    [{ offerings: ['one/qwen-plus', 'one/qwen-plus'] }, 'offerings.1', 'twice'],
    [{ offerings: [] }, 'offerings', ''],
    [{ policy: 'luck' }, 'policy', ''],
    [{ name: 'a b' }, 'name', ''],
  ])('is refused with the place of the mistake: %j', async (change, path, hint) => {
    const answer = await dashboard.call('POST', '/api/models', {
      name: 'wrong',
      offerings: ['one/qwen-plus'],
      ...change,
    })
    expect([answer.status, answer.json.error.details?.[0].path]).toEqual([400, path])
    expect(answer.json.error.message).toContain(hint)
  })
})

describe('a price', () => {
  it('of one offering or of a model everywhere is a new version, in force at once', async () => {
    const priceOf = (name: string) => routeOf(name)?.offerings[0]?.price?.price.tiers[0]?.inputNanosPerMillion
    await dashboard.expectOk('POST', '/api/prices', {
      provider: 'tongyi',
      model: 'ep-1',
      price: { inputPerMillion: '3', outputPerMillion: '6' },
    })
    expect([priceOf('one/org/own'), priceOf('two/org/own')]).toEqual([3_000_000_000n, 3_000_000_000n])
    await dashboard.expectOk('POST', '/api/prices', {
      account: 'one',
      offering: 'org/own',
      price: {
        tiers: [
          { inputUpTo: 1000, inputPerMillion: '1', outputPerMillion: '2' },
          { inputOver: 1000, inputPerMillion: '4', outputPerMillion: '8' },
        ],
      },
    })
    expect([priceOf('one/org/own'), priceOf('two/org/own')]).toEqual([1_000_000_000n, 3_000_000_000n])
    await dashboard.expectOk('POST', '/api/prices', {
      account: 'one',
      offering: 'org/own',
      price: { inputPerMillion: '99' },
      effectiveFrom: '2099-01-01',
    })
    expect(priceOf('one/org/own')).toBe(1_000_000_000n)
    const { data } = await dashboard.expectOk('GET', '/api/prices?account=one')
    expect(data).toMatchObject([
      {
        offering: 'one/org/own',
        price: { inputPerMillion: '99', effectiveFrom: '2098-12-31T16:00:00.000Z' },
      },
      {
        offering: 'one/org/own',
        price: { inputPerMillion: '1', tiers: [{ inputUpTo: 1000 }, { inputOver: 1000 }] },
      },
    ])
    expect((await dashboard.expectOk('GET', '/api/prices?provider=tongyi&model=ep-1')).data).toHaveLength(3)
  })

  it.each([
    [{ price: { inputPerMillion: '1' } }, ''],
    [{ account: 'one', price: { inputPerMillion: '1' } }, ''],
    [{ account: 'one', offering: 'nothing', price: {} }, 'offering'],
    [{ provider: 'nobody', model: 'x', price: {} }, 'provider'],
    [{ provider: 'tongyi', model: 'x', price: { inputPerMillion: '1e3' } }, 'price.inputPerMillion'],
    [{ provider: 'tongyi', model: 'x', price: { free: true } }, 'price.free'],
    [
      {
        provider: 'tongyi',
        model: 'x',
        price: { offPeak: { windows: [{ days: [1], fromMinute: 60, toMinute: 30 }], tiers: [{}] } },
      },
      'price.offPeak.windows.0',
    ],
  ])('is refused with the place of the mistake: %j', async (body, path) => {
    const answer = await dashboard.call('POST', '/api/prices', body)
    expect([answer.status, answer.json.error.details?.[0].path]).toEqual([400, path])
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDashboard, type Json, type TestDashboard } from '../../../test/support/dashboard.ts'
import { expireGrants } from '../../domain/grants/expire-grants.ts'
import { grantSize } from '../../domain/grants/grant-size.ts'
import { usageRecord } from '../../../test/support/usage-records.ts'

let dashboard: TestDashboard
beforeAll(async () => {
  dashboard = await testDashboard()
  await dashboard.expectOk('POST', '/api/accounts', {
    name: 'main',
    provider: 'tongyi',
    credentials: { apiKey: 'sk-0123456789abcdef' },
    models: ['qwen-plus', 'qwen-turbo'],
  })
})
afterAll(() => dashboard.close())

const body = {
  account: 'main',
  models: ['qwen-plus'],
  unit: 'tokens',
  amount: 1_000_000,
  whenEmpty: 'provider-stops',
}

function grantOf(id: string) {
  return dashboard.books.keeper.current().grants.get(id)
}

describe('a grant', () => {
  it('may be spent as soon as its confirmation has answered', async () => {
    const grant = await dashboard.expectOk('POST', '/api/grants', { ...body, expiresAt: '2099-02-01' })
    expect(grant).toMatchObject({
      name: 'qwen-plus',
      granted: 1_000_000,
      settled: 0,
      held: 0,
      left: 1_000_000,
      state: 'active',
      window: 'once',
      expiresAt: '2099-01-31T16:00:00.000Z',
      confidence: 'confirmed',
      resetsAt: null,
      forecast: { perDay: null, emptyAt: null, expiresFirst: true },
    })
    expect(grantOf(grant.id)).toMatchObject({ amount: 1_000_000n, models: ['qwen-plus'] })
    const offering = dashboard.books.keeper.current().routes.get('main/qwen-plus')?.offerings[0]
    expect(offering?.grants.map(({ id }) => id)).toEqual([grant.id])
    const proposals = (await dashboard.expectOk('GET', '/api/accounts/main/grant-proposals')).data
    expect(proposals.length).toBeGreaterThan(0)
    expect(
      proposals.every((proposal: Json) =>
        proposal.models.some((model: string) => /qwen-(plus|turbo)/.test(model)),
      ),
    ).toBe(true)
  })

  it('confirmed from a proposal is marked as existing there', async () => {
    const [proposal] = (await dashboard.expectOk('GET', '/api/accounts/main/grant-proposals')).data
    expect(proposal.exists).toBe(false)
    const { name, models, unit, amount, window, whenEmpty } = proposal
    const confirm = { account: 'main', name, models, unit, amount, window, whenEmpty, source: 'catalogue' }
    const grant = await dashboard.expectOk('POST', '/api/grants', confirm)
    expect(grant).toMatchObject({ source: 'catalogue', granted: Number(amount) })
    const [again] = (await dashboard.expectOk('GET', '/api/accounts/main/grant-proposals')).data
    expect(again.exists).toBe(true)
    expect((await dashboard.call('POST', '/api/grants', confirm)).status).toBe(409)
    await dashboard.expectOk('DELETE', `/api/grants/${grant.id}`)
    expect(grantOf(grant.id)).toBeUndefined()
  })

  it('of money is exact to the last decimal, and takes no numbers', async () => {
    const money = { ...body, unit: 'money', models: ['*'], name: 'voucher' }
    expect((await dashboard.call('POST', '/api/grants', { ...money, amount: 8.1 })).status).toBe(400)
    expect((await dashboard.call('POST', '/api/grants', { ...money, amount: 8 })).status).toBe(400)
    const grant = await dashboard.expectOk('POST', '/api/grants', { ...money, amount: '8.000000001' })
    expect(grant).toMatchObject({ granted: '8.000000001', left: '8.000000001', currency: 'CNY' })
    await dashboard.expectOk('DELETE', `/api/grants/${grant.id}`)
  })

  it.each([
    [{ account: 'nobody' }, 'account'],
    [{ models: [] }, 'models'],
    [{ models: ['a b'] }, 'models.0'],
    [{ amount: -1 }, 'amount'],
    [{ amount: 1.5 }, 'amount'],
    [{ expiresAt: '2020-01-01' }, 'expiresAt'],
    [{ expiresAt: 'soon' }, 'expiresAt'],
    [{ whenEmpty: 'who-knows' }, 'whenEmpty'],
    [{ left: 5 }, 'left'],
  ])('is refused with the place of the mistake: %j', async (change, path) => {
    const answer = await dashboard.call('POST', '/api/grants', { ...body, ...change })
    expect([answer.status, answer.json.error.details?.[0].path]).toEqual([400, path])
  })

  it('follows the console by an adjustment, and grows by a credit', async () => {
    const grant = await dashboard.expectOk('POST', '/api/grants', { ...body, name: 'adjusted' })
    const entries = `/api/grants/${grant.id}/entries`
    const adjusted = await dashboard.expectOk('POST', entries, { left: 750_000, reason: 'console' })
    expect(adjusted).toMatchObject({ granted: 750_000, left: 750_000 })
    const credited = await dashboard.expectOk('POST', entries, { credit: 500_000 })
    expect(credited).toMatchObject({ granted: 1_250_000, left: 1_250_000 })
    expect(grantOf(grant.id)?.amount).toBe(1_250_000n)
    expect((await dashboard.expectOk('GET', entries)).data).toMatchObject([
      { kind: 'credit', amount: 1_000_000, actor: 'admin-key' },
      { kind: 'adjustment', amount: -250_000, reason: 'console' },
      { kind: 'credit', amount: 500_000 },
    ])
    expect((await dashboard.call('POST', entries, { left: 1, credit: 1 })).status).toBe(400)
    expect((await dashboard.call('POST', entries, {})).status).toBe(400)
  })

  it('ends at the figure of the console, however often it is sent at the same moment', async () => {
    const grant = await dashboard.expectOk('POST', '/api/grants', { ...body, name: 'twice' })
    const entries = `/api/grants/${grant.id}/entries`
    await Promise.all([1, 2, 3].map(() => dashboard.expectOk('POST', entries, { left: 400_000 })))
    expect(await dashboard.expectOk('GET', `/api/grants/${grant.id}`)).toMatchObject({ granted: 400_000 })
    expect((await dashboard.expectOk('GET', entries)).data).toHaveLength(2)
  })

  it('that renews is corrected until its turn, and whole again after it', async () => {
    const daily = await dashboard.expectOk('POST', '/api/grants', { ...body, name: 'daily', window: 'day' })
    const entries = `/api/grants/${daily.id}/entries`
    expect(await dashboard.expectOk('POST', entries, { left: 50_000 })).toMatchObject({ left: 50_000 })
    expect((await dashboard.expectOk('GET', entries)).data[1]).toMatchObject({
      amount: -950_000,
      effectiveUntil: daily.resetsAt,
    })
    const grant = grantOf(daily.id)
    if (grant === undefined) throw new Error('no grant')
    const turnMs = Date.parse(daily.resetsAt)
    expect([grantSize(grant, turnMs - 1), grantSize(grant, turnMs)]).toEqual([50_000n, 1_000_000n])
    // A second figure of the same day replaces the first.
    expect(await dashboard.expectOk('POST', entries, { left: 70_000 })).toMatchObject({ left: 70_000 })
  })

  it('pays for the calls it covers, all of them unless it says so', async () => {
    const grant = await dashboard.expectOk('POST', '/api/grants', {
      ...body,
      name: 'chat only',
      covers: ['chat', 'chat'],
    })
    expect(grant.covers).toEqual(['chat'])
    expect(grantOf(grant.id)?.covers).toEqual(['chat'])
    const url = `/api/grants/${grant.id}`
    expect((await dashboard.expectOk('PATCH', url, { covers: [] })).covers).toEqual([])
    expect((await dashboard.call('PATCH', url, { covers: ['images'] })).status).toBe(400)
  })

  it('changes what it is for, not its unit', async () => {
    const grant = await dashboard.expectOk('POST', '/api/grants', { ...body, name: 'changed' })
    const url = `/api/grants/${grant.id}`
    const changed = await dashboard.expectOk('PATCH', url, {
      models: ['qwen-*'],
      expiresAt: '2098-01-01',
      note: 'seen',
    })
    expect(changed).toMatchObject({ models: ['qwen-*'], note: 'seen', expiresAt: '2097-12-31T16:00:00.000Z' })
    expect((await dashboard.expectOk('PATCH', url, { expiresAt: null })).expiresAt).toBeNull()
    expect((await dashboard.call('PATCH', url, { unit: 'requests' })).status).toBe(400)
    expect(
      (await dashboard.call('PATCH', url, { validFrom: '2099-01-01', expiresAt: '2098-01-01' })).status,
    ).toBe(400)
    expect((await dashboard.expectOk('PATCH', url, { validFrom: '2090-01-01' })).state).toBe('pending')
    expect((await dashboard.expectOk('GET', '/api/grants?state=pending')).data).toHaveLength(1)
    expect((await dashboard.expectOk('GET', '/api/grants?account=nobody')).data).toEqual([])
  })
})

describe('what a grant has done', () => {
  it('is told from the books: used, left, saved, forecast', async () => {
    const now = Date.now()
    const account = await dashboard.expectOk('GET', '/api/accounts/main')
    const grant = await dashboard.expectOk('POST', '/api/grants', {
      ...body,
      name: 'used',
      validFrom: '2020-01-01',
    })
    const spent = {
      grantId: grant.id,
      accountId: account.id,
      listCostNanos: 2_000_000_000n,
      billedCostNanos: 0n,
    }
    await dashboard.books.ledger.write([
      usageRecord({ startedAtMs: now - 2 * 86_400_000, ...spent, grantAmount: 100_000n }),
      usageRecord({ startedAtMs: now - 20 * 86_400_000, ...spent, grantAmount: 40_000n }),
      // Paid in part: the rest was money.
      usageRecord({
        startedAtMs: now - 60_000,
        ...spent,
        billedCostNanos: 500_000_000n,
        grantAmount: 60_000n,
      }),
    ])
    const seen = await dashboard.expectOk('GET', `/api/grants/${grant.id}`)
    expect(seen.saved).toBe('5.5')
    // 160,000 in the two days and a bit since it was first used within the week.
    expect(seen.forecast.perDay).toBeGreaterThan(70_000)
    expect(seen.forecast.perDay).toBeLessThan(81_000)
  })

  it('stays when it has expired: what was left is entered once, and given back when it runs on after all', async () => {
    const account = await dashboard.expectOk('GET', '/api/accounts/main')
    const grant = await dashboard.expectOk('POST', '/api/grants', {
      ...body,
      name: 'expired',
      validFrom: '2020-01-01',
      expiresAt: new Date(Date.now() - 86_400_000).toISOString(),
    })
    const use = { accountId: account.id, grantId: grant.id, grantAmount: 250_000n }
    await dashboard.books.ledger.write([usageRecord({ startedAtMs: Date.now() - 3_600_000, ...use })])
    const url = `/api/grants/${grant.id}`
    const over = { state: 'expired', settled: 250_000, left: 0, expired: 750_000, usedPercent: 25 }
    expect(await dashboard.expectOk('GET', url)).toMatchObject(over)
    const expire = () =>
      expireGrants(dashboard.database.prisma, { atMs: Date.now(), timeZone: 'Asia/Shanghai' })
    await Promise.all(Array.from({ length: 5 }, expire))
    await expire()
    const entries = async () =>
      (await dashboard.expectOk('GET', `${url}/entries`)).data.map((entry: Json) => [
        entry.kind,
        entry.amount,
      ])
    expect(await entries()).toEqual([
      ['credit', 1_000_000],
      ['expiry', -750_000],
    ])
    expect(await dashboard.expectOk('GET', url)).toMatchObject(over)
    expect((await dashboard.call('POST', `${url}/entries`, { credit: 5 })).status).toBe(422)

    // A record that comes in late was used of it, not left.
    await dashboard.books.ledger.write([usageRecord({ startedAtMs: Date.now() - 3_600_000, ...use })])
    await expire()
    expect((await entries()).at(-1)).toEqual(['expiry', 250_000])

    const on = await dashboard.expectOk('PATCH', url, { expiresAt: null })
    expect((await entries()).at(-1)).toEqual(['expiry', 500_000])
    expect(on).toMatchObject({ state: 'active', granted: 1_000_000, expired: 0 })
    expect(grantOf(grant.id)?.amount).toBe(1_000_000n)
  })
})

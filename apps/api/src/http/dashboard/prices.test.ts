import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDashboard, type TestDashboard } from '../../../test/support/dashboard.ts'
import { usageRecord } from '../../../test/support/usage-records.ts'
import { priceAt } from '../../domain/prices/price-at.ts'
import { repriceDue } from '../../domain/prices/reprice-due.ts'
import { showReceipt } from '../gateway/receipts.ts'

const hourMs = 3_600_000
const nowMs = Date.now()
/** Within the hour before this one, so that sums from the middle of it read records and not the rollup. */
const bookedMs = Math.floor(nowMs / hourMs) * hourMs - hourMs / 2

let dashboard: TestDashboard
let team: { id: string; keyId: string; hash: string }
let account: { id: string }
let offeringId: string
let grantId: string

beforeAll(async () => {
  dashboard = await testDashboard()
  account = await dashboard.expectOk('POST', '/api/accounts', {
    name: 'main',
    provider: 'tongyi',
    credentials: { apiKey: 'sk-0123456789abcdef' },
    models: ['ep-1'],
  })
  const { id } = await dashboard.expectOk('POST', '/api/teams', { name: 'red' })
  const { key } = await dashboard.expectOk('POST', '/api/teams/red/keys', { name: 'red-key' })
  team = { id, keyId: key.id, hash: '' }
  await dashboard.expectOk('POST', '/api/teams/red/quotas', { metric: 'cost', window: 'total', limit: '100' })
  const grant = await dashboard.expectOk('POST', '/api/grants', {
    account: 'main',
    models: ['ep-*'],
    name: 'credit',
    unit: 'money',
    amount: '10',
    whenEmpty: 'provider-bills',
  })
  grantId = grant.id
  const offering = await dashboard.database.prisma.offering.findFirstOrThrow({
    where: { accountId: account.id },
  })
  offeringId = offering.id
})
afterAll(() => dashboard.close())

const book = async (more: Partial<Parameters<typeof usageRecord>[0]> = {}) => {
  const record = usageRecord({
    startedAtMs: bookedMs,
    teamId: team.id,
    keyId: team.keyId,
    accountId: account.id,
    offeringId,
    model: 'ep-1',
    upstreamModel: 'ep-1',
    inputTokens: 1_000_000,
    outputTokens: 1_000_000,
    totalTokens: 2_000_000,
    priceTier: undefined,
    listCostNanos: undefined,
    billedCostNanos: 0n,
    ...more,
  })
  await dashboard.books.ledger.write([record])
  return record
}

const totals = async () => {
  const from = new Date(bookedMs - 1_000).toISOString()
  const to = new Date(bookedMs + 1_000).toISOString()
  const part = (await dashboard.expectOk('GET', `/api/usage?from=${from}&to=${to}&groupBy=model`)).totals
  const whole = (await dashboard.expectOk('GET', '/api/usage?range=24h')).totals
  expect(part).toEqual(whole)
  return part
}

const settledOf = async () => {
  const { data } = await dashboard.expectOk('GET', '/api/teams/red/quotas')
  return data.map((quota: { window: string; settled: string }) => [quota.window, quota.settled])
}

describe('a price that was wrong', () => {
  it('is carried to what was booked: in sums, in the ledger, in quotas, in grants and in receipts', async () => {
    const unpriced = await book()
    const byGrant = await book({ grantId, grantAmount: 0n })
    expect(await totals()).toMatchObject({ requests: 2, listCost: '0', billedCost: '0', unpricedRequests: 2 })

    const set = await dashboard.expectOk('POST', '/api/prices', {
      provider: 'tongyi',
      model: 'ep-1',
      price: { inputPerMillion: '1', outputPerMillion: '2' },
      effectiveFrom: new Date(bookedMs).toISOString(),
    })
    expect(set.repricing).toEqual({ requests: 2, complete: true })
    expect(await totals()).toMatchObject({
      requests: 2,
      totalTokens: 4_000_000,
      listCost: '6',
      billedCost: '3',
      saved: '3',
      unpricedRequests: 0,
    })
    expect((await settledOf())[0]).toEqual(['total', '3'])
    expect((await dashboard.expectOk('GET', '/api/grants')).data[0]).toMatchObject({
      settled: '3',
      left: '7',
    })

    // Dearer by half, corrected once more.
    await dashboard.expectOk('POST', '/api/prices', {
      account: 'main',
      offering: 'ep-1',
      price: { inputPerMillion: '1', outputPerMillion: '3.5' },
      effectiveFrom: new Date(bookedMs - 1).toISOString(),
    })
    expect(await totals()).toMatchObject({ listCost: '9', billedCost: '4.5' })
    expect((await settledOf())[0]).toEqual(['total', '4.5'])
    expect((await dashboard.expectOk('GET', '/api/grants')).data[0]).toMatchObject({ settled: '4.5' })

    const shown = await dashboard.expectOk('GET', `/api/requests/${unpriced.requestId}`)
    expect(shown).toMatchObject({
      listCost: '4.5',
      billedCost: '4.5',
      priceTier: 0,
      adjustments: [
        { kind: 're-pricing', actor: 'admin-key', priceVersion: set.id, listCost: '3', billedCost: '3' },
        { kind: 're-pricing', listCost: '1.5', billedCost: '1.5' },
      ],
    })
    const rows = (await dashboard.expectOk('GET', '/api/requests')).data
    expect(rows.find((row: { id: string }) => row.id === byGrant.requestId)).toMatchObject({
      listCost: '4.5',
      billedCost: '0',
      grantAmount: '4.5',
    })
    // The one row of the record is as it was booked.
    expect(await dashboard.books.ledger.find(unpriced.requestId)).toMatchObject({
      listCostNanos: undefined,
      billedCostNanos: 0n,
    })
    const key = [...dashboard.books.keeper.current().keys.values()].find(({ id }) => id === team.keyId)
    if (key === undefined) throw new Error('the key is not in the snapshot')
    const { services, ledger } = dashboard.books
    expect((await showReceipt(services, ledger, key, byGrant.requestId)).cost).toEqual({
      currency: 'CNY',
      list: '4.5',
      billed: '0',
      saved: '4.5',
    })
    const audit = (await dashboard.expectOk('GET', '/api/audit')).data
    expect(audit[0]).toMatchObject({
      action: 'price.reprice',
      details: { requests: 2, listCost: '3', billedCost: '1.5' },
    })
  })

  it('is carried to requests that were still running when it was set', async () => {
    const before = await totals()
    const { db, snapshot } = { db: dashboard.database.prisma, snapshot: dashboard.books.keeper.current() }
    const offering = snapshot.routes.get('main/ep-1')?.offerings[0]
    // Served from a snapshot of before, and booked after.
    const late = await book({ startedAtMs: Date.now() - 5_000 })
    const services = {
      db,
      books: dashboard.books.live,
      clock: { now: () => Date.now() },
      timeZone: 'Asia/Shanghai',
    }
    const signal = new AbortController().signal
    expect(await repriceDue(services, signal)).toEqual({ requests: 1, complete: true })
    expect(await repriceDue(services, signal)).toEqual({ requests: 0, complete: true })
    expect(await dashboard.books.ledger.findCorrected(late.requestId)).toMatchObject({
      priceVersionId: offering?.price?.versionId,
      billedCostNanos: 4_500_000_000n,
    })
    const after = (await dashboard.expectOk('GET', '/api/usage?range=24h')).totals
    expect(Number(after.billedCost)).toBe(Number(before.billedCost) + 4.5)
  })

  it('is carried to late records a day after', async () => {
    const signal = new AbortController().signal
    const at = (ms: number) => ({
      db: dashboard.database.prisma,
      books: dashboard.books.live,
      clock: { now: () => ms },
      timeZone: 'Asia/Shanghai',
    })
    await repriceDue(at(Date.now()), signal)
    await book()
    const tomorrow = Date.now() + 25 * hourMs
    expect(await repriceDue(at(Date.now() + 3 * hourMs), signal)).toMatchObject({ requests: 0 })
    expect(await repriceDue(at(tomorrow), signal)).toMatchObject({ requests: 1, complete: true })
    await book()
    expect(await repriceDue(at(tomorrow + hourMs), signal)).toMatchObject({ requests: 0 })
  })
})

describe('a price of the future', () => {
  it('is in force from its moment on, in a snapshot that was built before', async () => {
    const fromMs = Date.now() + 10 * hourMs
    const laterMs = fromMs + hourMs
    const set = async (target: object, atMs: number, inputPerMillion: string) =>
      dashboard.expectOk('POST', '/api/prices', {
        ...target,
        price: { inputPerMillion, outputPerMillion: '1' },
        effectiveFrom: new Date(atMs).toISOString(),
      })
    const own = { account: 'main', offering: 'ep-1' }
    const everywhere = { provider: 'tongyi', model: 'ep-1' }
    expect((await set(own, laterMs, '30')).repricing).toEqual({ requests: 0, complete: true })
    await set(own, fromMs, '19')
    // Of two for the same moment the one that was written last counts; and the offering has its own.
    await set(own, fromMs, '20')
    await set(everywhere, fromMs + 1, '99')
    const offering = dashboard.books.keeper.current().routes.get('main/ep-1')?.offerings[0]
    if (offering === undefined) throw new Error('the offering is not in the snapshot')
    const inputAt = (atMs: number) =>
      priceAt(offering, atMs)?.price.tiers[0].inputNanosPerMillion ?? 'unpriced'
    expect([inputAt(Date.now()), inputAt(fromMs - 1)]).toEqual([1_000_000_000n, 1_000_000_000n])
    expect([inputAt(fromMs), inputAt(fromMs + 1), inputAt(laterMs - 1)]).toEqual([
      20_000_000_000n,
      20_000_000_000n,
      20_000_000_000n,
    ])
    expect(inputAt(laterMs)).toBe(30_000_000_000n)
  })
})

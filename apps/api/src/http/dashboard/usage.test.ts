import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDashboard, type Json, type TestDashboard } from '../../../test/support/dashboard.ts'
import { usageRecord } from '../../../test/support/usage-records.ts'
import { formatNanos } from '../../domain/prices/format-nanos.ts'
import type { UsageRecord } from '../../ports/usage-record.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** Hours are cut at whole ones, so the test says which one runs instead of meeting the turn of an hour by chance. */
const nowMs = Date.now()
const thisHourMs = Math.floor(nowMs / hourMs) * hourMs

let dashboard: TestDashboard
let records: UsageRecord[]
let teams: { id: string; name: string; keyId: string }[]
let accounts: { id: string; name: string; provider: string }[]
let grantId: string

beforeAll(async () => {
  dashboard = await testDashboard()
  accounts = []
  for (const [name, provider] of [
    ['tongyi-main', 'tongyi'],
    ['ark-main', 'ark'],
  ] as const) {
    const { id } = await dashboard.expectOk('POST', '/api/accounts', {
      name,
      provider,
      credentials: { apiKey: 'sk-0123456789abcdef' },
      models: ['m-0', 'm-1'],
    })
    accounts.push({ id, name, provider })
  }
  teams = []
  for (const name of ['red', 'blue', 'green']) {
    const { id } = await dashboard.expectOk('POST', '/api/teams', { name })
    const { key } = await dashboard.expectOk('POST', `/api/teams/${name}/keys`, { name: `${name}-key` })
    teams.push({ id, name, keyId: key.id })
  }
  const grant = await dashboard.expectOk('POST', '/api/grants', {
    account: 'tongyi-main',
    models: ['m-*'],
    name: 'free',
    unit: 'tokens',
    amount: 1_000_000_000,
    whenEmpty: 'provider-stops',
  })
  grantId = grant.id
  records = makeRecords()
  await dashboard.books.ledger.write(records)
})
afterAll(() => dashboard.close())

/** A seeded mixture over the last 20 days: every dimension, unknown buckets, errors, free and paid. */
function makeRecords(): UsageRecord[] {
  let state = 42
  const random = (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * below)
  }
  return Array.from({ length: 700 }, (_, index) => {
    const team = teams[random(3)] ?? teams[0]
    const account = accounts[random(2)]
    const isFree = account?.provider === 'tongyi' && random(2) === 0
    const failed = random(10) === 0
    const input = random(5_000)
    const output = random(800)
    const listCostNanos = random(15) === 0 ? undefined : BigInt(random(1_000_000_000))
    return usageRecord({
      // The last ones are within this hour, but never in the future.
      startedAtMs: index < 680 ? nowMs - random(20 * dayMs) : nowMs - random(nowMs - thisHourMs + 1),
      teamId: team?.id ?? '',
      teamName: team?.name ?? '',
      keyId: team?.keyId ?? '',
      model: `m-${random(9)}`,
      accountId: failed ? undefined : account?.id,
      accountName: failed ? undefined : account?.name,
      provider: failed ? undefined : account?.provider,
      status: failed ? 'error' : 'ok',
      errorKind: failed ? 'overloaded' : undefined,
      inputTokens: failed ? undefined : input,
      cachedInputTokens: random(3) === 0 ? random(100) : undefined,
      outputTokens: failed ? undefined : output,
      totalTokens: failed ? 0 : input + output,
      usageSource: random(12) === 0 ? 'estimated' : 'provider',
      listCostNanos,
      billedCostNanos: isFree ? 0n : (listCostNanos ?? 0n),
      grantId: isFree ? grantId : undefined,
      grantAmount: isFree ? BigInt(input + output) : undefined,
    })
  })
}

function expectedTotals(chosen: readonly UsageRecord[]) {
  const sum = (of: (record: UsageRecord) => number) => chosen.reduce((total, record) => total + of(record), 0)
  const list = chosen.reduce((total, record) => total + (record.listCostNanos ?? 0n), 0n)
  const billed = chosen.reduce((total, record) => total + record.billedCostNanos, 0n)
  return {
    requests: chosen.length,
    inputTokens: sum((record) => record.inputTokens ?? 0),
    cachedInputTokens: sum((record) => record.cachedInputTokens ?? 0),
    outputTokens: sum((record) => record.outputTokens ?? 0),
    reasoningTokens: sum((record) => record.reasoningTokens ?? 0),
    totalTokens: sum((record) => record.totalTokens),
    listCost: formatNanos(list),
    billedCost: formatNanos(billed),
    saved: formatNanos(list - billed),
    estimatedRequests: sum((record) => (record.usageSource === 'estimated' ? 1 : 0)),
    interruptedRequests: 0,
    unpricedRequests: sum((record) => (record.listCostNanos === undefined ? 1 : 0)),
  }
}

function totalsOf(group: Json) {
  const totals = expectedTotals([])
  return Object.fromEntries(Object.keys(totals).map((name) => [name, group[name]]))
}

describe('usage', () => {
  it('sums to the last request, whatever the range', async () => {
    const all = await dashboard.expectOk('GET', '/api/usage?range=all')
    expect(all.totals).toEqual(expectedTotals(records))
    for (const [range, fromMs] of [
      ['24h', thisHourMs - 23 * hourMs],
      ['7d', shanghaiMidnight(nowMs) - 6 * dayMs],
      ['30d', shanghaiMidnight(nowMs) - 29 * dayMs],
    ] as const) {
      const report = await dashboard.expectOk('GET', `/api/usage?range=${range}`)
      expect(new Date(report.from).getTime(), range).toBe(fromMs)
      expect(report.totals, range).toEqual(
        expectedTotals(records.filter(({ startedAtMs }) => startedAtMs >= fromMs)),
      )
    }
  })

  it('is exact when the ends lie within an hour, and within one and the same hour', async () => {
    for (const [fromMs, toMs] of [
      [nowMs - 9 * dayMs + 1_234_567, nowMs - 3 * dayMs + 7_654_321],
      [nowMs - 5 * hourMs - 11, nowMs - 3 * hourMs + 13],
      [thisHourMs - 10 * hourMs, thisHourMs - 2 * hourMs],
      [thisHourMs - 26 * hourMs + 600_000, thisHourMs - 26 * hourMs + 3_000_000],
      [thisHourMs - 26 * hourMs + 600_000, thisHourMs - 25 * hourMs + 600_000],
    ] as const) {
      const query = `from=${iso(fromMs)}&to=${iso(toMs)}`
      const report = await dashboard.expectOk('GET', `/api/usage?${query}&groupBy=model`)
      const chosen = records.filter(({ startedAtMs }) => startedAtMs >= fromMs && startedAtMs < toMs)
      expect(report.totals, query).toEqual(expectedTotals(chosen))
      const requests = report.groups.reduce((total: number, group: Json) => total + group.requests, 0)
      expect(requests, query).toBe(chosen.length)
    }
  })

  it('compares with the same length before', async () => {
    const fromMs = nowMs - 4 * dayMs
    const toMs = nowMs - 2 * dayMs
    const report = await dashboard.expectOk(
      'GET',
      `/api/usage?from=${iso(fromMs)}&to=${iso(toMs)}&compare=true`,
    )
    const before = records.filter(
      ({ startedAtMs }) => startedAtMs >= fromMs - 2 * dayMs && startedAtMs < fromMs,
    )
    expect(report.previous).toEqual(expectedTotals(before))
    expect(await dashboard.expectOk('GET', '/api/usage?range=7d')).not.toHaveProperty('previous')
  })

  it.each([
    [
      'team',
      (record: UsageRecord) => record.teamId,
      (record: UsageRecord) => ({ team: record.teamName, teamId: record.teamId }),
    ],
    [
      'key',
      (record: UsageRecord) => record.keyId,
      (record: UsageRecord) => ({ keyName: `${record.teamName}-key`, keyId: record.keyId }),
    ],
    [
      'model',
      (record: UsageRecord) => record.model,
      (record: UsageRecord) => ({ model: record.model, label: record.model }),
    ],
    [
      'provider',
      (record: UsageRecord) => record.provider ?? 'none',
      (record: UsageRecord) => ({ provider: record.provider ?? null }),
    ],
    [
      'account',
      (record: UsageRecord) => record.accountId ?? 'none',
      (record: UsageRecord) => ({ account: record.accountName ?? null }),
    ],
    [
      'grant',
      (record: UsageRecord) => record.grantId ?? 'none',
      (record: UsageRecord) => ({ grant: record.grantId === undefined ? null : 'free' }),
    ],
    ['status', (record: UsageRecord) => record.status, (record: UsageRecord) => ({ status: record.status })],
    [
      'day',
      (record: UsageRecord) => iso(shanghaiMidnight(record.startedAtMs)),
      (record: UsageRecord) => ({ day: iso(shanghaiMidnight(record.startedAtMs)) }),
    ],
    ['hour', (record: UsageRecord) => iso(Math.floor(record.startedAtMs / hourMs) * hourMs), () => ({})],
  ])('by %s adds up to the whole', async (dimension, keyOf, shownOf) => {
    const report = await dashboard.expectOk('GET', `/api/usage?range=all&groupBy=${dimension}`)
    const expected = Map.groupBy(records, keyOf)
    expect(new Set(report.groups.map((group: Json) => group.key))).toEqual(new Set(expected.keys()))
    for (const group of report.groups) {
      const chosen = expected.get(group.key) ?? []
      expect(totalsOf(group), group.key).toEqual(expectedTotals(chosen))
      const [first] = chosen
      if (first !== undefined) expect(group).toMatchObject(shownOf(first))
    }
    if (dimension === 'day' || dimension === 'hour')
      expect(report.groups.map((group: Json) => group.key)).toEqual([...expected.keys()].sort())
  })

  it('by two dimensions, and narrowed by name', async () => {
    const report = await dashboard.expectOk(
      'GET',
      '/api/usage?range=all&groupBy=day,model&team=red&provider=ark',
    )
    const chosen = records.filter(({ teamName, provider }) => teamName === 'red' && provider === 'ark')
    expect(report.totals).toEqual(expectedTotals(chosen))
    const expected = Map.groupBy(
      chosen,
      (record) => `${iso(shanghaiMidnight(record.startedAtMs))}|${record.model}`,
    )
    expect(report.groups).toHaveLength(expected.size)
    for (const group of report.groups) {
      expect(totalsOf(group)).toEqual(expectedTotals(expected.get(group.key) ?? []))
      expect(group.key).toBe(`${group.day}|${group.model}`)
    }
    const [team] = teams
    const byKey = await dashboard.expectOk('GET', `/api/usage?range=all&key=${team?.keyId}`)
    expect(byKey.totals).toEqual(expectedTotals(records.filter(({ keyId }) => keyId === team?.keyId)))
    expect(
      (await dashboard.expectOk('GET', `/api/usage?range=all&key=red-key&account=ark-main`)).totals,
    ).toEqual(expectedTotals(chosen))
    expect((await dashboard.expectOk('GET', '/api/usage?range=all&team=nobody')).totals.requests).toBe(0)
  })

  it.each([
    'groupBy=nonsense',
    'groupBy=team,key,model',
    'range=1y',
    'from=soon',
    'to=2026-01-01',
    'range=7d&from=2026-01-01',
    'from=2026-02-01&to=2026-01-01',
    'gropuBy=team',
  ])('refuses %s', async (query) => {
    const answer = await dashboard.call('GET', `/api/usage?${query}`)
    expect([answer.status, answer.json.error.code]).toEqual([400, 'invalid_request'])
  })
})

describe('the overview', () => {
  it('says the same as the usage report, in one call', async () => {
    for (const range of ['24h', '7d', '30d'] as const) {
      const overview = await dashboard.expectOk('GET', `/api/overview?range=${range}`)
      const usage = await dashboard.expectOk('GET', `/api/usage?range=${range}&compare=true`)
      expect(overview.totals, range).toEqual(usage.totals)
      expect(overview.previous, range).toEqual(usage.previous)
      expect(overview.buckets).toHaveLength({ '24h': 24, '7d': 7, '30d': 30 }[range])
      const inSeries = overview.series.reduce((total: number, point: Json) => total + point.totalTokens, 0)
      expect(inSeries, range).toBe(usage.totals.totalTokens)
      expect(overview.series.every((point: Json) => overview.buckets.includes(point.bucket))).toBe(true)
      expect(new Set(overview.series.map((point: Json) => point.model)).size).toBeLessThanOrEqual(7)
      const byTeam = await dashboard.expectOk('GET', `/api/usage?range=${range}&groupBy=team`)
      expect(overview.teams.map(({ team, totalTokens }: Json) => [team, totalTokens])).toEqual(
        byTeam.groups.map(({ team, totalTokens }: Json) => [team, totalTokens]),
      )
    }
  })

  it('shows every provider with its grants, and money that was spent although something was free', async () => {
    const overview = await dashboard.expectOk('GET', '/api/overview?range=30d')
    expect(overview.providers.map(({ provider }: Json) => provider)).toEqual(['ark', 'tongyi'])
    const tongyi = overview.providers[1]
    expect(tongyi.grants.map(({ name }: Json) => name)).toEqual(['free'])
    const expected = records.filter(({ provider }) => provider === 'tongyi')
    expect(tongyi.totals).toEqual(expectedTotals(expected))
    const spills = overview.alerts.filter(({ kind }: Json) => kind === 'spill')
    // m-0 and m-1 are offered by the account of the grant; the other names are not its.
    expect(spills.map(({ params }: Json) => params.model).sort()).toEqual(['m-0', 'm-1'])
    const paid = expected
      .filter(({ model }) => model === 'm-0')
      .reduce((total, record) => total + record.billedCostNanos, 0n)
    expect(spills.find(({ params }: Json) => params.model === 'm-0').params).toEqual({
      model: 'm-0',
      account: 'tongyi-main',
      billedCost: formatNanos(paid),
    })
  })

  it('counts a request that has just ended, however often it was asked before', async () => {
    const ask = async () => (await dashboard.expectOk('GET', '/api/overview?range=30d')).totals.requests
    const before = await ask()
    expect(await ask()).toBe(before)
    const record = usageRecord({ startedAtMs: Date.now(), teamId: teams[0]?.id ?? '', teamName: 'red' })
    // Settled in this process, not yet in Postgres: the way every request ends.
    dashboard.books.journal.open({ record })
    await dashboard.books.journal.settle(record)
    expect(await ask()).toBe(before + 1)
    records.push(record)
  })

  it('of a manager is about the own team', async () => {
    const manager = await dashboard.signIn('manager', 'blue')
    const own = records.filter(({ teamName }) => teamName === 'blue')
    const usage = (await dashboard.callAs(manager, 'GET', '/api/usage?range=all&groupBy=team')).json
    expect(usage.totals).toEqual(expectedTotals(own))
    expect(usage.groups).toHaveLength(1)
    expect(
      (await dashboard.callAs(manager, 'GET', '/api/usage?range=all&team=red')).json.totals.requests,
    ).toBe(0)
    const overview = (await dashboard.callAs(manager, 'GET', '/api/overview?range=30d')).json
    expect(overview.totals).toEqual(expectedTotals(own))
    const [foreign] = records.filter(({ teamName }) => teamName === 'red')
    expect((await dashboard.callAs(manager, 'GET', `/api/requests/${foreign?.requestId}`)).status).toBe(404)
    const list = (await dashboard.callAs(manager, 'GET', '/api/requests?limit=200')).json
    expect(new Set(list.data.map(({ team }: Json) => team))).toEqual(new Set(['blue']))
  })
})

describe('the list of requests', () => {
  it('goes through every request once, newest first, page by page', async () => {
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page: Json = await dashboard.expectOk(
        'GET',
        `/api/requests?limit=97${cursor === '' ? '' : `&cursor=${cursor}`}`,
      )
      seen.push(...page.data.map(({ id }: Json) => id))
      cursor = page.nextCursor
    }
    const newestFirst = [...records].sort(
      (left, right) => right.startedAtMs - left.startedAtMs || (right.requestId < left.requestId ? -1 : 1),
    )
    expect(seen).toEqual(newestFirst.map(({ requestId }) => requestId))
  })

  it('narrows by name, status and time', async () => {
    const fromMs = nowMs - 6 * dayMs
    const { data } = await dashboard.expectOk(
      'GET',
      `/api/requests?limit=200&team=green&status=error&from=${iso(fromMs)}`,
    )
    const expected = records.filter(
      ({ teamName, status, startedAtMs }) =>
        teamName === 'green' && status === 'error' && startedAtMs >= fromMs,
    )
    expect(expected.length).toBeGreaterThan(0)
    expect(new Set(data.map(({ id }: Json) => id))).toEqual(
      new Set(expected.map(({ requestId }) => requestId)),
    )
    for (const query of ['cursor=nonsense', 'status=fine', 'limit=0'])
      expect((await dashboard.call('GET', `/api/requests?${query}`)).status, query).toBe(400)
  })

  it('tells unknown from nothing, and shows the attempts of one', async () => {
    const record = usageRecord({
      startedAtMs: nowMs - 30 * 60_000,
      outputTokens: 0,
      attempts: [
        {
          account: 'ark-main',
          offering: 'm-0',
          provider: 'ark',
          startedAtMs: nowMs,
          durationMs: 12,
          outcome: 'overloaded',
          upstreamCode: '429',
        },
      ],
      listCostNanos: undefined,
      billedCostNanos: 0n,
      grantId,
      grantAmount: 150n,
      maxTokensClamped: 77,
    })
    await dashboard.books.ledger.write([record])
    const seen = await dashboard.expectOk('GET', `/api/requests/${record.requestId}`)
    expect(seen).toMatchObject({
      id: record.requestId,
      durationMs: 1_000,
      firstTokenMs: 200,
      inputTokens: 100,
      cachedInputTokens: null,
      outputTokens: 0,
      listCost: null,
      billedCost: '0',
      grant: 'free',
      grantUnit: 'tokens',
      grantAmount: 150,
      maxTokensClamped: 77,
      reservedCost: '0.000001',
      attempts: [{ account: 'ark-main', outcome: 'overloaded', upstreamCode: '429' }],
    })
    expect((await dashboard.call('GET', '/api/requests/01a20950-87d7-7439-8509-01594e598235')).status).toBe(
      404,
    )
    expect((await dashboard.call('GET', '/api/requests/nonsense')).status).toBe(400)
  })
})

describe('what has been deleted', () => {
  it('keeps its name in the reports, and can still be asked for by it', async () => {
    await dashboard.expectOk('DELETE', '/api/accounts/ark-main')
    await dashboard.expectOk('DELETE', '/api/teams/green')
    const byAccount = await dashboard.expectOk('GET', '/api/usage?range=all&groupBy=account')
    expect(byAccount.groups.map(({ account }: Json) => account)).toContain('ark-main')
    const byKey = await dashboard.expectOk('GET', '/api/usage?range=all&groupBy=key')
    expect(byKey.groups.map(({ keyName }: Json) => keyName)).toContain('green-key')
    const green = records.filter(({ teamName }) => teamName === 'green')
    const asked = await dashboard.expectOk('GET', '/api/usage?range=all&team=green')
    expect(asked.totals).toEqual(expectedTotals(green))
    const overview = await dashboard.expectOk('GET', '/api/overview?range=30d')
    expect(overview.teams.map(({ team }: Json) => team)).toContain('green')
    expect(overview.providers.map(({ provider }: Json) => provider)).toContain('ark')
  })
})

function iso(atMs: number): string {
  return new Date(atMs).toISOString()
}

/** Shanghai keeps no daylight saving: eight hours ahead, always. */
function shanghaiMidnight(atMs: number): number {
  return Math.floor((atMs + 8 * hourMs) / dayMs) * dayMs - 8 * hourMs
}

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDashboard, type Json, type TestDashboard } from '../../../test/support/dashboard.ts'
import { overshootCounter, quotaCounter, teamGroup } from '../../domain/counters/windows.ts'
import { bucketCount, sizeCount } from '../../domain/estimate/ratio-histogram.ts'

let dashboard: TestDashboard
beforeAll(async () => {
  dashboard = await testDashboard()
})
afterAll(() => dashboard.close())

const hardTokens = { metric: 'tokens', window: 'day', limit: 100 }
const softTokens = { ...hardTokens, hard: false }

describe('the guarantee of a quota', () => {
  beforeAll(() => dashboard.expectOk('POST', '/api/teams', { name: 'guarantees' }))

  it('is exact unless asked otherwise, and can be changed', async () => {
    const exact = await dashboard.expectOk('POST', '/api/teams/guarantees/quotas', hardTokens)
    expect(exact).toMatchObject({ guarantee: 'exact', overshootBound: null })
    const bounded = await dashboard.expectOk('PATCH', `/api/quotas/${exact.id}`, { guarantee: 'bounded' })
    expect(bounded).toMatchObject({ guarantee: 'bounded', overshootBound: 0, limit: 100, hard: true })
    expect(dashboard.books.keeper.current().quotas.get(exact.id)?.guarantee).toBe('bounded')
    const money = { metric: 'cost', window: 'month', limit: '5.00', guarantee: 'bounded' }
    expect(await dashboard.expectOk('POST', '/api/teams/guarantees/quotas', money)).toMatchObject({
      guarantee: 'bounded',
      overshootBound: '0',
    })
  })

  it('shows how far it may be passed at this moment', async () => {
    const body = { ...hardTokens, window: 'week', guarantee: 'bounded' }
    const { id } = await dashboard.expectOk('POST', '/api/teams/guarantees/quotas', body)
    const quota = dashboard.books.keeper.current().quotas.get(id)
    if (quota === undefined) throw new Error('the quota is not in the snapshot')
    const { counters, clock } = dashboard.books.services
    const atMs = clock.now()
    const limit = quota.limit
    await counters.reserve({
      reservationId: 'running',
      group: teamGroup(quota.teamId),
      holds: [
        { ...quotaCounter(quota, atMs, 'Asia/Shanghai'), amount: 30n, limit, hard: true },
        { ...overshootCounter(quota), amount: 2_000n, limit, hard: false },
      ],
      atMs,
      expiresAtMs: atMs + 60_000,
    })
    const shown = async () => {
      const { data } = await dashboard.expectOk('GET', '/api/teams/guarantees/quotas')
      return data.find((one: Json) => one.id === id)
    }
    expect(await shown()).toMatchObject({ held: 30, left: 70, overshootBound: 1_970 })
    await counters.release('running')
    expect(await shown()).toMatchObject({ held: 0, left: 100, overshootBound: 0 })
  })

  it('cannot be bounded for what is counted and not guessed', async () => {
    for (const body of [
      { metric: 'requests', window: 'day', limit: 5, guarantee: 'bounded' },
      { metric: 'concurrency', limit: 5, guarantee: 'bounded' },
    ]) {
      const answer = await dashboard.call('POST', '/api/teams/guarantees/quotas', body)
      expect(answer.status).toBe(400)
      expect(answer.json.error.details).toMatchObject([{ path: 'guarantee' }])
    }
    const requests = { metric: 'requests', window: 'day', limit: 5 }
    const { id } = await dashboard.expectOk('POST', '/api/teams/guarantees/quotas', requests)
    expect((await dashboard.call('PATCH', `/api/quotas/${id}`, { guarantee: 'bounded' })).status).toBe(400)
  })
})

describe('a team that goes on while the counters are away', () => {
  it('has soft quotas only, of its own, of its members and of its keys', async () => {
    const created = await dashboard.expectOk('POST', '/api/teams', {
      name: 'goes-on',
      onCountersDown: 'allow',
      quotas: [softTokens],
    })
    expect(created).toMatchObject({ onCountersDown: 'allow' })
    await dashboard.expectOk('POST', '/api/teams/goes-on/members', { name: 'Li' })
    const { key } = await dashboard.expectOk('POST', '/api/teams/goes-on/keys', { name: 'k' })
    for (const scope of [{}, { member: 'Li' }, { key: key.id }]) {
      const body = { ...hardTokens, window: 'week', ...scope }
      const answer = await dashboard.call('POST', '/api/teams/goes-on/quotas', body)
      expect(answer.status).toBe(400)
      expect(answer.json.error.details).toMatchObject([{ path: 'hard' }])
      await dashboard.expectOk('POST', '/api/teams/goes-on/quotas', { ...body, hard: false })
    }
    const [soft] = created.quotas
    expect((await dashboard.call('PATCH', `/api/quotas/${soft.id}`, { hard: true })).status).toBe(400)
    expect(await dashboard.expectOk('PATCH', `/api/quotas/${soft.id}`, { limit: 200 })).toMatchObject({
      hard: false,
    })
    const refused = await dashboard.call('POST', '/api/teams', {
      name: 'cannot',
      onCountersDown: 'allow',
      quotas: [softTokens, { ...hardTokens, window: 'week' }],
    })
    expect(refused.status).toBe(400)
    expect(refused.json.error.details).toMatchObject([{ path: 'quotas.1.hard' }])
    expect((await dashboard.call('GET', '/api/teams/cannot')).status).toBe(404)
  })

  it('cannot be made of one with a hard quota, until that is soft or gone', async () => {
    const team = await dashboard.expectOk('POST', '/api/teams', { name: 'strict', quotas: [hardTokens] })
    expect(team).toMatchObject({ onCountersDown: 'refuse' })
    const refused = await dashboard.call('PATCH', '/api/teams/strict', { onCountersDown: 'allow' })
    expect(refused.status).toBe(409)
    expect(refused.json.error).toMatchObject({
      message: expect.stringContaining('tokens a day'),
      details: [{ path: 'onCountersDown' }],
    })
    await dashboard.expectOk('PATCH', `/api/quotas/${team.quotas[0].id}`, { hard: false })
    expect(await dashboard.expectOk('PATCH', '/api/teams/strict', { onCountersDown: 'allow' })).toMatchObject(
      {
        onCountersDown: 'allow',
      },
    )
    await dashboard.expectOk('PATCH', '/api/teams/strict', { onCountersDown: 'refuse' })
    await dashboard.expectOk('PATCH', `/api/quotas/${team.quotas[0].id}`, { hard: true })
  })

  it('never comes to have a hard quota, whatever is changed at the same moment', async () => {
    for (let round = 0; round < 8; round += 1) {
      const name = `race-${round}`
      const team = await dashboard.expectOk('POST', '/api/teams', { name, quotas: [softTokens] })
      const answers = await Promise.all([
        dashboard.call('PATCH', `/api/teams/${name}`, { onCountersDown: 'allow' }),
        dashboard.call('POST', `/api/teams/${name}/quotas`, { ...hardTokens, window: 'month' }),
        dashboard.call('PATCH', `/api/quotas/${team.quotas[0].id}`, { hard: true }),
      ])
      const after = await dashboard.expectOk('GET', `/api/teams/${name}`)
      const hard = after.quotas.filter((quota: Json) => quota.hard).length
      if (after.onCountersDown === 'allow') expect(hard).toBe(0)
      expect(answers.filter(({ status }) => status < 300).length).toBe(
        after.onCountersDown === 'allow' ? 1 : 2,
      )
    }
  })
})

describe('the estimates', () => {
  it('are shown by model: what was learned, how often it was too little, and the factor in force', async () => {
    expect(await dashboard.expectOk('GET', '/api/estimates')).toEqual({ data: [] })
    const counts = Array.from({ length: sizeCount * bucketCount }, () => 0)
    counts[bucketCount + 88] = 2_000
    counts[bucketCount + 96] = 20
    dashboard.books.services.estimator.adopt([
      { provider: 'tongyi', model: 'qwen-plus', side: 'input', counts, samples: 5_000, misses: 3 },
    ])
    const { data } = await dashboard.expectOk('GET', '/api/estimates')
    expect(data).toEqual([
      {
        provider: 'tongyi',
        model: 'qwen-plus',
        samples: 5_000,
        misses: 3,
        seedFactor: 1,
        sizes: [
          {
            tokensMax: 2_048,
            samples: 2_020,
            factor: expect.closeTo(1.1),
            ratioP50: 0.5,
            ratioP99: 0.5,
            ratioP999: 1,
          },
        ],
      },
    ])
  })
})

describe('a request that passed a soft quota', () => {
  it('names it, and says so when it is gone', async () => {
    const team = await dashboard.expectOk('POST', '/api/teams', { name: 'passes', quotas: [softTokens] })
    const { key } = await dashboard.expectOk('POST', '/api/teams/passes/keys', { name: 'k' })
    const requestId = '019b76da-a800-7000-8000-000000000001'
    await dashboard.database.pool.query(
      `insert into usage_record (request_id, started_at, ended_at, team_id, team_name, key_id, key_name, endpoint, stream,
         model, attempts, status, total_tokens, usage_source, reserved_tokens, reserved_cost, currency, billed_cost,
         soft_quotas_passed)
       values ($1, now(), now(), $2, 'passes', $3, 'k', 'chat.completions', false, 'm', '[]', 'ok', 10, 'provider', 20, 0,
         'CNY', 0, $4)`,
      [requestId, team.id, key.id, [team.quotas[0].id]],
    )
    const named = { scope: 'team', name: 'passes', metric: 'tokens', window: 'day' }
    expect(await dashboard.expectOk('GET', `/api/requests/${requestId}`)).toMatchObject({
      softQuotasPassed: [{ id: team.quotas[0].id, ...named }],
    })
    await dashboard.call('DELETE', `/api/quotas/${team.quotas[0].id}`)
    expect(await dashboard.expectOk('GET', `/api/requests/${requestId}`)).toMatchObject({
      softQuotasPassed: [{ id: team.quotas[0].id, scope: null, name: null, metric: null, window: null }],
    })
  })
})

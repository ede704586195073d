import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDashboard, type Json, type TestDashboard } from '../../../test/support/dashboard.ts'
import { hashKeySecret } from '../../domain/administration/key-secret.ts'

let dashboard: TestDashboard
beforeAll(async () => {
  dashboard = await testDashboard()
})
afterAll(() => dashboard.close())

function keyOf(secret: string) {
  return dashboard.books.keeper.current().keys.get(Buffer.from(hashKeySecret(secret)).toString('hex'))
}

describe('a team', () => {
  it('is made with its quotas, and its name may be of any script', async () => {
    const team = await dashboard.expectOk('POST', '/api/teams', {
      name: '研究 team',
      quotas: [
        { metric: 'tokens', window: 'day', limit: 200_000 },
        { metric: 'cost', window: 'month', limit: '100.00' },
        { metric: 'concurrency', limit: 4 },
        { metric: 'requests', window: 'minute', limit: 60, model: 'qwen-*', hard: false },
      ],
    })
    expect(team).toMatchObject({ models: ['*'], enabled: true, memberCount: 0, keyCount: 0 })
    const { data } = await dashboard.expectOk('GET', `/api/teams/${encodeURIComponent('研究 team')}/quotas`)
    expect(data).toMatchObject([
      { metric: 'tokens', window: 'day', limit: 200_000, settled: 0, held: 0, left: 200_000, scope: 'team' },
      { metric: 'cost', window: 'month', limit: '100', left: '100' },
      { metric: 'concurrency', window: null, limit: 4, resetsAt: null },
      { metric: 'requests', window: 'minute', limit: 60, model: 'qwen-*', hard: false, resetsAt: null },
    ])
    expect(new Date(data[0].resetsAt).getTime()).toBeGreaterThan(Date.now())
    // Midnight in Shanghai.
    expect(data[0].resetsAt).toMatch(/T16:00:00\.000Z$/)
  })

  it.each([
    [{ quotas: [{ metric: 'tokens', limit: 5 }] }, 'quotas.0.window'],
    [{ quotas: [{ metric: 'concurrency', window: 'day', limit: 5 }] }, 'quotas.0.window'],
    [{ quotas: [{ metric: 'cost', window: 'day', limit: 5 }] }, 'quotas.0.limit'],
    [{ quotas: [{ metric: 'tokens', window: 'day', limit: '5.5' }] }, 'quotas.0.limit'],
    [{ quotas: [{ metric: 'tokens', window: 'year', limit: 5 }] }, 'quotas.0.window'],
    [{ quotas: [{ metric: 'tokens', window: 'day', limit: 5, member: 'nobody' }] }, 'quotas.0.member'],
    [{ name: '' }, 'name'],
    [{ models: ['a b'] }, 'models.0'],
  ])('is refused whole with the place of the mistake: %j', async (change, path) => {
    const answer = await dashboard.call('POST', '/api/teams', { name: 'wrong', ...change })
    expect([answer.status, answer.json.error.details?.[0].path]).toEqual([400, path])
    expect((await dashboard.call('GET', '/api/teams/wrong')).status).toBe(404)
  })

  it('is renamed, narrowed and switched off', async () => {
    await dashboard.expectOk('POST', '/api/teams', { name: 'old' })
    const { secret } = await dashboard.expectOk('POST', '/api/teams/old/keys', { name: 'k' })
    await dashboard.expectOk('PATCH', '/api/teams/old', { name: 'new', models: ['qwen-*'], enabled: false })
    expect(keyOf(secret)?.team).toMatchObject({ name: 'new', models: ['qwen-*'], enabled: false })
    expect((await dashboard.call('PATCH', '/api/teams/new', { name: '研究 team' })).status).toBe(409)
    expect((await dashboard.call('POST', '/api/teams', { name: 'new' })).status).toBe(409)
    await dashboard.expectOk('DELETE', '/api/teams/new')
    expect(keyOf(secret)).toBeUndefined()
  })
})

describe('a quota', () => {
  it('is made once for the same thing, changed and taken away, each in force at once', async () => {
    await dashboard.expectOk('POST', '/api/teams', { name: 'limited' })
    await dashboard.expectOk('POST', '/api/teams/limited/members', { name: 'Li' })
    const { key } = await dashboard.expectOk('POST', '/api/teams/limited/keys', { name: 'k', member: 'Li' })
    const quotas = '/api/teams/limited/quotas'
    const daily = { metric: 'tokens', window: 'day', limit: 100 }
    const ofTeam = await dashboard.expectOk('POST', quotas, daily)
    const ofMember = await dashboard.expectOk('POST', quotas, { ...daily, member: 'Li' })
    const ofKey = await dashboard.expectOk('POST', quotas, { ...daily, key: key.id })
    expect([ofTeam.scope, ofMember.scope, ofMember.member, ofKey.scope, ofKey.keyName]).toEqual([
      'team',
      'member',
      'Li',
      'key',
      'k',
    ])
    expect((await dashboard.call('POST', quotas, daily)).status).toBe(409)
    expect((await dashboard.call('POST', quotas, { ...daily, member: 'Li', key: key.id })).status).toBe(400)
    const weekly = { ...daily, window: 'week' }
    const atOnce = await Promise.all([1, 2, 3].map(() => dashboard.call('POST', quotas, weekly)))
    expect(atOnce.map(({ status }) => status).sort((left, right) => left - right)).toEqual([201, 409, 409])
    const snapshot = () => dashboard.books.keeper.current().quotas
    expect(snapshot().get(ofKey.id)).toMatchObject({ scope: 'key', scopeId: key.id, limit: 100n })
    await dashboard.expectOk('PATCH', `/api/quotas/${ofTeam.id}`, { limit: 250, hard: false })
    expect(snapshot().get(ofTeam.id)).toMatchObject({ limit: 250n, hard: false })
    await dashboard.expectOk('DELETE', `/api/quotas/${ofTeam.id}`)
    expect(snapshot().has(ofTeam.id)).toBe(false)
    expect((await dashboard.call('PATCH', `/api/quotas/${ofTeam.id}`, { limit: 1 })).status).toBe(404)
  })
})

describe('a key', () => {
  it('opens /v1 when it has been made, and nothing once it is revoked', async () => {
    await dashboard.expectOk('POST', '/api/teams', { name: 'keys' })
    const made = await dashboard.expectOk('POST', '/api/teams/keys/keys', {
      name: 'notebook',
      models: ['qwen-*'],
      allowedIps: ['10.0.0.0/8', '::1'],
      expiresAt: '2099-01-01',
    })
    expect(made.secret).toMatch(/^sk-tg-[\w-]{43}$/)
    expect(made.key).toMatchObject({
      team: 'keys',
      preview: `${made.secret.slice(0, 9)}…`,
      expiresAt: '2098-12-31T16:00:00.000Z',
      revokedAt: null,
      lastUsedAt: null,
    })
    expect(keyOf(made.secret)).toMatchObject({
      name: 'notebook',
      models: ['qwen-*'],
      allowedIps: ['10.0.0.0/8', '::1'],
    })
    const everything = [
      await dashboard.expectOk('GET', '/api/keys'),
      await dashboard.expectOk('GET', '/api/audit'),
    ]
    expect(JSON.stringify(everything)).not.toContain(made.secret.slice(0, 20))

    await dashboard.expectOk('PATCH', `/api/keys/${made.key.id}`, {
      name: 'laptop',
      allowedIps: [],
      expiresAt: null,
    })
    expect(keyOf(made.secret)).toMatchObject({ name: 'laptop', allowedIps: [], expiresAtMs: undefined })
    await dashboard.expectOk('DELETE', `/api/keys/${made.key.id}`)
    expect(keyOf(made.secret)?.revokedAtMs).toBeLessThanOrEqual(Date.now())
    const revoked = await dashboard.expectOk('GET', `/api/keys/${made.key.id}`)
    await dashboard.expectOk('DELETE', `/api/keys/${made.key.id}`)
    expect((await dashboard.expectOk('GET', `/api/keys/${made.key.id}`)).revokedAt).toBe(revoked.revokedAt)
  })

  it('has a chosen secret only from the admin key', async () => {
    const secret = 'a-secret-of-my-own-choice'
    const made = await dashboard.expectOk('POST', '/api/teams/keys/keys', { name: 'chosen', secret })
    expect(made.secret).toBe(secret)
    expect(keyOf(secret)?.name).toBe('chosen')
    const admin = await dashboard.signIn('admin')
    const refused = await dashboard.callAs(admin, 'POST', '/api/teams/keys/keys', {
      name: 'x',
      secret: `${secret}2`,
    })
    expect(refused.status).toBe(403)
    for (const [wrong, status] of [
      ['short', 400],
      ['with blanks in it, sixteen', 400],
      [secret, 409],
    ] as const)
      expect(
        (await dashboard.call('POST', '/api/teams/keys/keys', { name: 'y', secret: wrong })).status,
      ).toBe(status)
  })

  it.each([
    [{ allowedIps: ['10.0.0.0/33'] }, 'allowedIps.0'],
    [{ allowedIps: ['example.com'] }, 'allowedIps.0'],
    [{ expiresAt: '2020-01-01' }, 'expiresAt'],
    [{ member: 'nobody' }, 'member'],
    [{ owner: 'me' }, 'owner'],
  ])('is refused with the place of the mistake: %j', async (change, path) => {
    const answer = await dashboard.call('POST', '/api/teams/keys/keys', { name: 'wrong', ...change })
    expect([answer.status, answer.json.error.details?.[0].path]).toEqual([400, path])
  })

  it('of a member who leaves is revoked', async () => {
    await dashboard.expectOk('POST', '/api/teams/keys/members', { name: 'Wang', email: 'wang@example.com' })
    const { secret } = await dashboard.expectOk('POST', '/api/teams/keys/keys', { name: 'w', member: 'Wang' })
    expect((await dashboard.expectOk('GET', '/api/teams/keys/members')).data).toMatchObject([
      { name: 'Wang', keyCount: 1 },
    ])
    await dashboard.expectOk('DELETE', '/api/teams/keys/members/Wang')
    expect(keyOf(secret)?.revokedAtMs).toBeDefined()
    expect((await dashboard.call('DELETE', '/api/teams/keys/members/Wang')).status).toBe(404)
  })

  it('of the configuration file can be revoked here, and is the dashboard’s from then on', async () => {
    const { key } = await dashboard.expectOk('POST', '/api/teams/keys/keys', { name: 'from-file' })
    await dashboard.database.prisma.key.update({ where: { id: key.id }, data: { origin: 'yaml' } })
    expect((await dashboard.call('PATCH', `/api/keys/${key.id}`, { name: 'z' })).status).toBe(409)
    await dashboard.expectOk('DELETE', `/api/keys/${key.id}`)
    const after = await dashboard.expectOk('GET', `/api/keys/${key.id}`)
    expect([after.origin, after.revokedAt !== null]).toEqual(['api', true])
  })

  it('is listed newest first, page by page', async () => {
    const all = (await dashboard.expectOk('GET', '/api/keys?team=keys')).data.map((key: Json) => key.name)
    const paged: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page: Json = await dashboard.expectOk(
        'GET',
        `/api/keys?team=keys&limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`,
      )
      paged.push(...page.data.map((key: Json) => key.name))
      cursor = page.nextCursor
    }
    expect(paged).toEqual(all)
    expect(all[0]).toBe('from-file')
  })
})

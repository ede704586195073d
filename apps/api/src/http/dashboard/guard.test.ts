import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { adminKey, testDashboard, type TestDashboard } from '../../../test/support/dashboard.ts'

let dashboard: TestDashboard
let operations: { method: 'GET' | 'POST' | 'PATCH' | 'DELETE'; url: string; isOpen: boolean }[]

beforeAll(async () => {
  dashboard = await testDashboard()
  const document = (await dashboard.callAs({}, 'GET', '/openapi.json')).json
  operations = Object.entries<Record<string, { security?: unknown[] }>>(document.paths).flatMap(
    ([path, item]) =>
      Object.entries(item).map(([method, operation]) => ({
        method: method.toUpperCase() as 'GET',
        url: path.replace('{id}', '01a20950-87d7-7439-8509-01594e598235').replace(/\{\w+\}/g, 'some'),
        isOpen: operation.security?.length === 0,
      })),
  )
  await dashboard.expectOk('POST', '/api/teams', { name: 'red' })
  await dashboard.expectOk('POST', '/api/teams', { name: 'blue' })
})
afterAll(() => dashboard.close())

describe('who may call', () => {
  it('is asked on every route that is not open', async () => {
    expect(operations.length).toBeGreaterThan(50)
    for (const { method, url, isOpen } of operations) {
      if (isOpen || url === '/api/auth/sign-out') continue
      const { status, json } = await dashboard.callAs({}, method, url, method === 'GET' ? undefined : {})
      expect([status, json.error.code], `${method} ${url}`).toEqual([401, 'unauthorized'])
    }
    expect(operations.filter(({ isOpen }) => isOpen).map(({ method, url }) => `${method} ${url}`)).toEqual([
      'GET /api/setup',
      'POST /api/setup',
      'POST /api/auth/sign-in/email',
      'GET /api/auth/get-session',
    ])
  })

  it('is not answered by a wrong key, nor by a key for /v1', async () => {
    const { secret } = await dashboard.expectOk('POST', '/api/teams/red/keys', { name: 'guard' })
    for (const authorization of [
      `Bearer ${adminKey}x`,
      `Bearer ${adminKey.slice(0, -1)}`,
      'Bearer ',
      `Basic ${adminKey}`,
      adminKey,
      `Bearer ${secret}`,
    ])
      expect((await dashboard.callAs({ authorization }, 'GET', '/api/me')).status, authorization).toBe(401)
    expect((await dashboard.callAs({ authorization: `bearer ${adminKey}` }, 'GET', '/api/me')).status).toBe(
      200,
    )
  })

  it('lets a viewer change nothing', async () => {
    const viewer = await dashboard.signIn('viewer')
    const changing = operations.filter(
      ({ method, url, isOpen }) => method !== 'GET' && !isOpen && !url.startsWith('/api/auth/'),
    )
    expect(changing.length).toBeGreaterThan(20)
    for (const { method, url } of changing) {
      const { status } = await dashboard.callAs(viewer, method, url, {})
      expect(status, `${method} ${url}`).toBe(403)
    }
    expect((await dashboard.callAs(viewer, 'GET', '/api/overview')).status).toBe(200)
    expect((await dashboard.callAs(viewer, 'GET', '/api/users')).status).toBe(403)
    expect((await dashboard.callAs(viewer, 'GET', '/api/audit')).status).toBe(403)
  })

  it('gives an unknown role in the database the least', async () => {
    const viewer = await dashboard.signIn('viewer')
    await dashboard.database.prisma.user.updateMany({
      where: { name: { startsWith: 'viewer' } },
      data: { role: 'superuser' },
    })
    expect((await dashboard.callAs(viewer, 'GET', '/api/me')).json.user.role).toBe('viewer')
    expect((await dashboard.callAs(viewer, 'POST', '/api/teams', { name: 'x' })).status).toBe(403)
  })
})

describe('a manager', () => {
  it('sees and changes one team only', async () => {
    const manager = await dashboard.signIn('manager', 'red')
    const teams = (await dashboard.callAs(manager, 'GET', '/api/teams')).json
    expect(teams.data.map((team: { name: string }) => team.name)).toEqual(['red'])
    expect((await dashboard.callAs(manager, 'GET', '/api/teams/blue')).status).toBe(404)
    expect((await dashboard.callAs(manager, 'POST', '/api/teams/blue/keys', { name: 'k' })).status).toBe(404)
    expect((await dashboard.callAs(manager, 'GET', '/api/keys?team=blue')).status).toBe(404)

    const foreign = await dashboard.expectOk('POST', '/api/teams/blue/keys', { name: 'theirs' })
    expect((await dashboard.callAs(manager, 'DELETE', `/api/keys/${foreign.key.id}`)).status).toBe(404)
    expect((await dashboard.callAs(manager, 'GET', `/api/keys/${foreign.key.id}`)).status).toBe(404)
    const keys = (await dashboard.callAs(manager, 'GET', '/api/keys')).json
    expect(keys.data.every((key: { team: string }) => key.team === 'red')).toBe(true)

    const own = await dashboard.callAs(manager, 'POST', '/api/teams/red/keys', { name: 'ours' })
    expect(own.status).toBe(201)
    const limit = { metric: 'requests', window: 'day', limit: 10 }
    expect((await dashboard.callAs(manager, 'POST', '/api/teams/red/quotas', limit)).status).toBe(403)
    const keyLimit = { ...limit, key: own.json.key.id }
    expect((await dashboard.callAs(manager, 'POST', '/api/teams/red/quotas', keyLimit)).status).toBe(201)
    const teamLimit = await dashboard.expectOk('POST', '/api/teams/red/quotas', limit)
    expect((await dashboard.callAs(manager, 'DELETE', `/api/quotas/${teamLimit.id}`)).status).toBe(403)
    expect(
      (await dashboard.callAs(manager, 'PATCH', `/api/quotas/${teamLimit.id}`, { limit: 99 })).status,
    ).toBe(403)
  })

  it('whose team is gone sees nothing', async () => {
    await dashboard.expectOk('POST', '/api/teams', { name: 'short-lived' })
    const manager = await dashboard.signIn('manager', 'short-lived')
    await dashboard.expectOk('DELETE', '/api/teams/short-lived')
    expect((await dashboard.callAs(manager, 'GET', '/api/teams')).json.data).toEqual([])
    expect((await dashboard.callAs(manager, 'GET', '/api/keys')).json.data).toEqual([])
  })
})

describe('a request with a session', () => {
  it('that changes something must come from our own pages', async () => {
    const admin = await dashboard.signIn('admin')
    const { cookie = '' } = admin
    const attempt = (headers: Record<string, string>) =>
      dashboard.callAs({ cookie, ...headers }, 'PATCH', '/api/teams/red', { enabled: true })
    for (const headers of [
      {},
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: 'http://localhost:81' },
      { origin: 'http://localhost.evil.example' },
      { origin: 'http://localhost', 'sec-fetch-site': 'cross-site' },
      { origin: 'http://localhost', 'sec-fetch-site': 'same-site' },
      // Only the browser's own word and the real host count, not what a proxy header claims.
      { origin: 'https://evil.example', 'x-forwarded-host': 'evil.example' },
    ])
      expect((await attempt(headers)).status, JSON.stringify(headers)).toBe(403)
    expect((await attempt({ origin: 'http://localhost' })).status).toBe(200)
    // Behind a proxy that rewrites Host, browsers over https still say where they come from.
    const proxied = {
      origin: 'https://tollgate.example',
      'sec-fetch-site': 'same-origin',
      host: 'upstream:8787',
    }
    expect((await attempt(proxied)).status).toBe(200)
  })

  it('may come from the address that the operator says is public', async () => {
    const behindProxy = await testDashboard({ publicUrl: 'https://ai.example.com' })
    const admin = await behindProxy.signIn('admin')
    const create = (origin: string) =>
      behindProxy.callAs({ ...admin, origin, host: 'upstream:8787' }, 'POST', '/api/teams', {
        name: origin.slice(8),
      })
    expect((await create('https://ai.example.com')).status).toBe(201)
    expect((await create('https://ai.example.org')).status).toBe(403)
    expect((await create('http://ai.example.com')).status).toBe(403)
    const me = await behindProxy.callAs(admin, 'GET', '/api/me')
    expect(me.json.installation.baseUrl).toBe('https://ai.example.com/v1')
    await behindProxy.close()
  })

  it('cannot become somebody else by its Host', async () => {
    const admin = await dashboard.signIn('admin')
    const me = await dashboard.callAs({ ...admin, host: 'evil.example"><script>' }, 'GET', '/api/me')
    expect(me.json.user.role).toBe('admin')
    expect(me.json.installation.baseUrl).toBe('http://localhost/v1')
  })
})

describe('what is not there', () => {
  it('is said in the shape of every error', async () => {
    const answer = await dashboard.call('GET', '/api/nonsense?secret=1')
    expect(answer.status).toBe(404)
    expect(answer.json.error).toEqual({
      code: 'not_found',
      message: 'There is no GET /api/nonsense. GET /docs lists what there is.',
    })
    const broken = await dashboard.app.inject({
      method: 'POST',
      url: '/api/teams',
      headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' },
      payload: '{"name": ',
    })
    expect([broken.statusCode, broken.json().error.code]).toEqual([400, 'invalid_request'])
  })
})

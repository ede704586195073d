import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cookieOf, password, testDashboard, type TestDashboard } from '../../../test/support/dashboard.ts'
import { ensureSetupToken } from '../../domain/administration/set-up-owner.ts'

let dashboard: TestDashboard
beforeAll(async () => {
  dashboard = await testDashboard()
})
afterAll(() => dashboard.close())

const owner = { name: 'Ada', email: 'Ada@example.com', password }
const origin = 'http://localhost'

async function signIn(
  email: string,
  given: string,
  remoteAddress: string,
  headers: Record<string, string> = {},
) {
  return dashboard.app.inject({
    method: 'POST',
    url: '/api/auth/sign-in/email',
    payload: { email, password: given },
    remoteAddress,
    headers,
  })
}

describe('set-up', () => {
  it('makes one owner from the newest link, once, however many try at the same moment', async () => {
    expect((await dashboard.callAs({}, 'GET', '/api/setup')).json).toEqual({ needed: true, demo: false })
    const first = await ensureSetupToken(dashboard.database.prisma)
    const token = await ensureSetupToken(dashboard.database.prisma)
    expect(token).toBeDefined()
    const stored = await dashboard.database.prisma.setting.findUnique({ where: { name: 'setup-token' } })
    expect(JSON.stringify(stored?.value)).not.toContain(token)

    for (const wrong of ['', 'x', first])
      expect((await dashboard.callAs({}, 'POST', '/api/setup', { ...owner, token: wrong })).status).toBe(403)
    const short = await dashboard.callAs({}, 'POST', '/api/setup', { ...owner, token, password: '123456789' })
    expect([short.status, short.json.error.details[0].path]).toEqual([400, 'password'])

    const answers = await Promise.all(
      [1, 2, 3, 4].map((n) =>
        dashboard.callAs({}, 'POST', '/api/setup', { ...owner, email: `ada${n}@example.com`, token }),
      ),
    )
    expect(answers.map(({ status }) => status).sort((left, right) => left - right)).toEqual([
      201, 403, 403, 403,
    ])
    const won = answers.find(({ status }) => status === 201)
    expect(won?.json.user).toMatchObject({ name: 'Ada', role: 'owner', team: null })
    const me = await dashboard.callAs({ cookie: cookieOf(won?.headers['set-cookie']) }, 'GET', '/api/me')
    expect(me.json.user.role).toBe('owner')

    expect((await dashboard.callAs({}, 'GET', '/api/setup')).json.needed).toBe(false)
    expect(await ensureSetupToken(dashboard.database.prisma)).toBeUndefined()
    expect((await dashboard.callAs({}, 'POST', '/api/setup', { ...owner, token })).status).toBe(403)
  })
})

describe('signing in', () => {
  it('sets a cookie that no script can read and other sites do not send, and puts no token into bodies', async () => {
    await dashboard.expectOk('POST', '/api/users', { ...owner, role: 'viewer' })
    const answer = await signIn('ADA@example.com', password, '10.1.0.1')
    expect(answer.statusCode).toBe(200)
    const cookie = String(answer.headers['set-cookie'])
    expect(cookie).toMatch(/^tollgate\.session_token=/)
    expect(cookie).toContain('HttpOnly')
    expect(cookie).toContain('SameSite=Lax')
    expect(cookie).not.toContain('Secure')
    const token = decodeURIComponent(cookieOf(cookie)).split('=')[1]?.split('.')[0] ?? 'none'
    expect(answer.body).not.toContain(token)
    const session = await dashboard.app.inject({
      url: '/api/auth/get-session',
      headers: { cookie: cookieOf(cookie) },
    })
    expect(session.json().user.email).toBe('ada@example.com')
    expect(session.body).not.toContain(token)
    const overHttps = await signIn('ada@example.com', password, '10.1.0.1', { 'x-forwarded-proto': 'https' })
    expect(String(overHttps.headers['set-cookie'])).toMatch(/; Secure$/)
  })

  it('is refused for a wrong password or a stranger alike, and for pages of other sites', async () => {
    const wrong = await signIn('ada@example.com', 'wrong password', '10.1.0.2')
    const stranger = await signIn('nobody@example.com', password, '10.1.0.2')
    expect([wrong.statusCode, stranger.statusCode]).toEqual([401, 401])
    expect(wrong.json()).toEqual(stranger.json())
    expect(wrong.json().error.code).toBe('unauthorized')
    const foreign = await signIn('ada@example.com', password, '10.1.0.2', { origin: 'https://evil.example' })
    expect([foreign.statusCode, foreign.headers['set-cookie']]).toEqual([403, undefined])
  })

  it('is limited by address, and no header talks the limit away', async () => {
    const statuses: number[] = []
    for (let attempt = 0; attempt < 12; attempt += 1) {
      const answer = await signIn('ada@example.com', `guess ${attempt}`, '10.1.0.3', {
        'x-forwarded-for': `10.9.9.${attempt}`,
        'x-tollgate-client-ip': `10.9.9.${attempt}`,
      })
      statuses.push(answer.statusCode)
      if (answer.statusCode === 429) {
        expect(answer.json().error.code).toBe('rate_limited')
        expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
      }
    }
    expect(statuses).toEqual([...Array<number>(10).fill(401), 429, 429])
    expect((await signIn('ada@example.com', password, '10.1.0.4')).statusCode).toBe(200)
  })

  it('is not open to whoever wants an account', async () => {
    const body = { name: 'Eve', email: 'eve@example.com', password }
    for (const url of ['/api/auth/sign-up/email', '/api/auth/update-user', '/api/auth/forget-password'])
      expect((await dashboard.callAs({ origin }, 'POST', url, body)).status, url).toBe(404)
    expect(await dashboard.database.prisma.user.count({ where: { email: 'eve@example.com' } })).toBe(0)
  })
})

describe('a session', () => {
  it('ends by signing out', async () => {
    const cookie = cookieOf((await signIn('ada@example.com', password, '10.1.0.5')).headers['set-cookie'])
    expect((await dashboard.callAs({ cookie }, 'POST', '/api/auth/sign-out', {})).status).toBe(403)
    expect((await dashboard.callAs({ cookie, origin }, 'POST', '/api/auth/sign-out', {})).status).toBe(200)
    expect((await dashboard.callAs({ cookie }, 'GET', '/api/me')).status).toBe(401)
  })

  it('ends when the password is changed elsewhere', async () => {
    const one = cookieOf((await signIn('ada@example.com', password, '10.1.0.6')).headers['set-cookie'])
    const other = cookieOf((await signIn('ada@example.com', password, '10.1.0.6')).headers['set-cookie'])
    const change = (currentPassword: string) =>
      dashboard.callAs({ cookie: one, origin }, 'POST', '/api/auth/change-password', {
        currentPassword,
        newPassword: 'a new horse battery',
      })
    expect((await change('wrong one')).status).toBe(400)
    expect((await change(password)).status).toBe(200)
    expect((await dashboard.callAs({ cookie: other }, 'GET', '/api/me')).status).toBe(401)
    expect((await signIn('ada@example.com', password, '10.1.0.6')).statusCode).toBe(401)
    expect((await signIn('ada@example.com', 'a new horse battery', '10.1.0.6')).statusCode).toBe(200)
  })

  it('follows a change of role at once, and ends with the person', async () => {
    const admin = await dashboard.signIn('admin')
    const { user } = (await dashboard.callAs(admin, 'GET', '/api/me')).json
    await dashboard.expectOk('PATCH', `/api/users/${user.id}`, { role: 'viewer' })
    expect((await dashboard.callAs(admin, 'POST', '/api/teams', { name: 'late' })).status).toBe(403)
    await dashboard.expectOk('DELETE', `/api/users/${user.id}`)
    expect((await dashboard.callAs(admin, 'GET', '/api/me')).status).toBe(401)
  })
})

describe('owners', () => {
  it('are made and removed by owners only, and never the last', async () => {
    const admin = await dashboard.signIn('admin')
    const body = { name: 'Eve', email: 'eve@example.com', password, role: 'owner' }
    expect((await dashboard.callAs(admin, 'POST', '/api/users', body)).status).toBe(403)
    const owners = (await dashboard.expectOk('GET', '/api/users')).data.filter(
      (user: { role: string }) => user.role === 'owner',
    )
    expect(owners).toHaveLength(1)
    const last = `/api/users/${owners[0].id}`
    expect((await dashboard.callAs(admin, 'PATCH', last, { role: 'viewer' })).status).toBe(403)
    expect((await dashboard.callAs(admin, 'DELETE', last)).status).toBe(403)
    expect((await dashboard.call('DELETE', last)).status).toBe(409)
    expect((await dashboard.call('PATCH', last, { role: 'admin' })).status).toBe(409)
    await dashboard.signIn('owner')
    expect((await dashboard.call('DELETE', last)).status).toBe(204)
  })

  it('find every change in the audit, and no secret', async () => {
    const { data } = await dashboard.expectOk('GET', '/api/audit?limit=200')
    expect(new Set(data.map((entry: { action: string }) => entry.action))).toEqual(
      new Set(['user.create', 'user.update', 'user.delete']),
    )
    expect(JSON.stringify(data)).not.toContain(password)
  })
})

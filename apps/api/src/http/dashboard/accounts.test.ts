import { startSimulator, type Simulator } from '@tollgate/simulator'
import { createServer } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDashboard, type Json, type TestDashboard } from '../../../test/support/dashboard.ts'

let dashboard: TestDashboard
let simulator: Simulator
beforeAll(async () => {
  simulator = await startSimulator()
  dashboard = await testDashboard()
})
afterAll(async () => {
  await dashboard.close()
  await simulator.close()
})

const apiKey = 'sk-0123456789abcdef4f2a'
const tongyi = { provider: 'tongyi', credentials: { apiKey }, models: ['qwen-plus', 'qwen-turbo'] }

describe('an account', () => {
  it('serves requests when its creation has answered, and never shows its secret', async () => {
    const created = await dashboard.expectOk('POST', '/api/accounts', { name: 'first', ...tongyi })
    expect(created).toMatchObject({
      name: 'first',
      protocol: 'tongyi-compatible',
      credentials: { apiKey: 'sk-…4f2a' },
      origin: 'api',
      state: 'ok',
    })
    const route = dashboard.books.keeper.current().routes.get('first/qwen-plus')
    expect(route?.offerings[0]?.account.credentials).toEqual({ apiKey })
    expect(route?.offerings[0]?.contextTokens).toBe(1_000_000)

    const everything = await Promise.all(
      ['/api/accounts', '/api/accounts/first', '/api/audit'].map((url) => dashboard.expectOk('GET', url)),
    )
    expect(JSON.stringify(everything)).not.toContain('0123456789')
    const row = await dashboard.database.prisma.account.findUnique({ where: { name: 'first' } })
    expect(Buffer.from(row?.credentials ?? []).includes('0123456789')).toBe(false)
  })

  it('offers everything of the catalogue that its protocol can serve when no models are named', async () => {
    const { models: _, ...all } = tongyi
    const account = await dashboard.expectOk('POST', '/api/accounts', { name: 'everything', ...all })
    const kinds = new Set(account.models.map((model: Json) => model.kind))
    expect(kinds).toEqual(new Set(['chat', 'embedding']))
    const priced = account.models.filter((model: Json) => model.price !== null)
    expect(priced.length).toBeGreaterThan(20)
    await dashboard.expectOk('DELETE', '/api/accounts/everything')
  })

  it('knows a model by its other names', async () => {
    const account = await dashboard.expectOk('POST', '/api/accounts', {
      name: 'ark',
      provider: 'ark',
      credentials: { apiKey },
      models: ['doubao-seed-1-6', 'nobody-knows-this'],
    })
    const [known, unknown] = account.models
    expect(known.price).not.toBeNull()
    expect(unknown.price).toBeNull()
    const offering = dashboard.books.keeper.current().routes.get('doubao-seed-1-6')?.offerings[0]
    expect(offering?.contextTokens).toBeGreaterThan(0)
    await dashboard.expectOk('DELETE', '/api/accounts/ark')
  })

  it('takes models in full, with prices of their own', async () => {
    const account = await dashboard.expectOk('POST', '/api/accounts', {
      name: 'lab',
      provider: 'openai-compatible',
      baseUrl: 'http://10.0.0.5:8000/v1/',
      credentials: {},
      models: [
        { name: 'qwen3-32b', upstream: 'Qwen/Qwen3-32B', inputPerMillion: '0', outputPerMillion: '0.5' },
      ],
    })
    expect(account.baseUrl).toBe('http://10.0.0.5:8000/v1')
    expect(account.models).toMatchObject([
      {
        upstream: 'Qwen/Qwen3-32B',
        price: { inputPerMillion: '0', outputPerMillion: '0.5', cachedInputPerMillion: null },
      },
    ])
    const offering = dashboard.books.keeper.current().routes.get('lab/qwen3-32b')?.offerings[0]
    expect(offering?.price?.price.tiers).toEqual([
      { inputNanosPerMillion: 0n, outputNanosPerMillion: 500_000_000n },
    ])
  })

  it.each([
    [{ nonsense: 1 }, 'nonsense'],
    [{ provider: 'tongyy' }, 'provider'],
    [{ protocol: 'ark' }, 'protocol'],
    [{ credentials: {} }, 'credentials.apiKey'],
    [{ credentials: { apiKey: '  ' } }, 'credentials.apiKey'],
    [{ credentials: { apiKey, secret: 'x' } }, 'credentials.secret'],
    [{ credentials: { apiKey: 'sk-1\r\nx-evil: 1' } }, 'credentials.apiKey'],
    [{ options: { nonsense: 'x' } }, 'options.nonsense'],
    [{ baseUrl: 'ftp://example.com' }, 'baseUrl'],
    [{ baseUrl: 'https://user:pass@example.com' }, 'baseUrl'],
    [{ baseUrl: 'https://example.com/?key=1' }, 'baseUrl'],
    [{ name: 'a/b' }, 'name'],
    [{ name: '' }, 'name'],
    [{ models: [] }, 'models'],
    [{ models: ['qwen-plus', 'qwen-plus'] }, 'models.1'],
    [{ models: [{ name: 'x', inputPerMillion: '-1' }] }, 'models.0.inputPerMillion'],
    [{ models: [{ name: 'x', inputPermillion: '1' }] }, 'models.0.inputPermillion'],
    [{ models: [{ name: 'x', inputPerMillion: 0.8 }] }, 'models.0.inputPerMillion'],
  ])('is refused with the place of the mistake: %j', async (change, path) => {
    const answer = await dashboard.call('POST', '/api/accounts', { name: 'wrong', ...tongyi, ...change })
    expect([answer.status, answer.json.error.code]).toEqual([400, 'invalid_request'])
    expect(answer.json.error.details.map((detail: Json) => detail.path)).toContain(path)
    expect(await dashboard.database.prisma.account.count({ where: { name: 'wrong' } })).toBe(0)
  })

  it('proves itself in one of the ways that its protocol takes, whole', async () => {
    const pair = { accessKeyId: 'AKLT-0123456789-4f2a', secretAccessKey: 'c2VjcmV0LTAxMjM0NTY3ODk-9b1c' }
    const ark = { name: 'pair', provider: 'ark', models: ['doubao-seed-1-6'] }
    await dashboard.expectOk('POST', '/api/accounts', {
      ...ark,
      credentials: pair,
      options: { projectName: 'research', controlUrl: 'https://open.volcengineapi.com' },
    })
    const { data } = await dashboard.expectOk('GET', '/api/accounts')
    expect(data.find((account: Json) => account.name === 'pair')).toMatchObject({
      credentials: { accessKeyId: 'AKL…4f2a', secretAccessKey: 'c2V…9b1c' },
      options: { projectName: 'research', controlUrl: 'https://open.volcengineapi.com' },
    })

    const ways = 'apiKey, or accessKeyId and secretAccessKey'
    const half = { accessKeyId: pair.accessKeyId, secretAccessKey: ' ' }
    for (const [change, path, message] of [
      [{ credentials: half }, 'credentials.secretAccessKey', 'needed: Secret Access Key (访问控制 IAM)'],
      [
        { credentials: { secretAccessKey: 'x' } },
        'credentials.accessKeyId',
        'needed: Access Key ID (访问控制 IAM)',
      ],
      [{ credentials: { apiKey, ...pair } }, 'credentials', `give one of them only: ${ways}`],
      [{ credentials: { apiKey, ...half } }, 'credentials', `give one of them only: ${ways}`],
      [{ credentials: {} }, 'credentials', `needed: ${ways}`],
      [
        { credentials: pair, options: { controlUrl: 'open.volcengineapi.com' } },
        'options.controlUrl',
        'must be an absolute http or https address',
      ],
    ] as const) {
      const refused = await dashboard.call('POST', '/api/accounts', { ...ark, name: 'wrong', ...change })
      expect([refused.status, refused.json.error.details]).toEqual([400, [{ path, message }]])
      const untried = await dashboard.call('POST', '/api/accounts/test', { provider: 'ark', ...change })
      expect([untried.status, untried.json.error.details]).toEqual([400, [{ path, message }]])
    }

    const switched = await dashboard.expectOk('PATCH', '/api/accounts/pair', { credentials: { apiKey } })
    expect(switched.credentials).toEqual({ apiKey: 'sk-…4f2a' })
    await dashboard.expectOk('DELETE', '/api/accounts/pair')
  })

  it('does not take its secret along to another address', async () => {
    const moved = await dashboard.call('PATCH', '/api/accounts/first', { baseUrl: 'https://evil.example/v1' })
    expect([moved.status, moved.json.error.details[0].path]).toEqual([400, 'credentials'])
    const { baseUrl } = await dashboard.expectOk('GET', '/api/accounts/first')
    expect(baseUrl).toBe('https://dashscope.aliyuncs.com/compatible-mode/v1')
    const again = await dashboard.expectOk('PATCH', '/api/accounts/first', {
      baseUrl: 'https://dashscope-intl.aliyuncs.com/compatible-mode/v1',
      credentials: { apiKey: 'sk-of-the-other-region' },
    })
    expect(again).toMatchObject({ baseUrl: 'https://dashscope-intl.aliyuncs.com/compatible-mode/v1' })
    const back = await dashboard.call('PATCH', '/api/accounts/first', { baseUrl: null })
    expect(back.status).toBe(400)
  })

  it('keeps models that are taken off its list, switched off', async () => {
    const account = await dashboard.expectOk('PATCH', '/api/accounts/first', {
      models: ['qwen-turbo', 'qwen-max'],
    })
    expect(account.models.map(({ name, enabled }: Json) => [name, enabled])).toEqual([
      ['qwen-max', true],
      ['qwen-plus', false],
      ['qwen-turbo', true],
    ])
    expect(dashboard.books.keeper.current().routes.has('first/qwen-plus')).toBe(false)
    expect(dashboard.books.keeper.current().routes.has('first/qwen-max')).toBe(true)
  })

  it('is found page by page, by name', async () => {
    const first = await dashboard.expectOk('GET', '/api/accounts?limit=1')
    const second = await dashboard.expectOk('GET', `/api/accounts?limit=1&cursor=${first.nextCursor}`)
    expect([...first.data, ...second.data].map((account: Json) => account.name)).toEqual(['first', 'lab'])
    expect(second.nextCursor).toBeNull()
    expect((await dashboard.call('GET', '/api/accounts?limit=201')).status).toBe(400)
    expect((await dashboard.call('GET', '/api/accounts?sort=name')).status).toBe(400)
  })

  it('of the configuration file is changed there only', async () => {
    await dashboard.database.prisma.account.update({ where: { name: 'lab' }, data: { origin: 'yaml' } })
    for (const [method, body] of [
      ['PATCH', { enabled: false }],
      ['DELETE', undefined],
    ] as const) {
      const answer = await dashboard.call(method, '/api/accounts/lab', body)
      expect([answer.status, answer.json.error.code]).toEqual([409, 'conflict'])
    }
  })

  it('cannot be there twice, and is gone when it is deleted', async () => {
    const twice = await dashboard.call('POST', '/api/accounts', { name: 'first', ...tongyi })
    expect([twice.status, twice.json.error.code]).toEqual([409, 'conflict'])
    await dashboard.expectOk('DELETE', '/api/accounts/first')
    expect((await dashboard.call('GET', '/api/accounts/first')).status).toBe(404)
    expect(dashboard.books.keeper.current().routes.has('first/qwen-max')).toBe(false)
  })
})

describe('the connection test', () => {
  it('knows good credentials from bad ones on every protocol, and says whose fault it is', async () => {
    const protocols = Object.keys(simulator.endpoints)
    expect(protocols.length).toBeGreaterThanOrEqual(9)
    for (const [protocol, endpoint] of Object.entries(simulator.endpoints)) {
      const connection = {
        provider: endpoint.provider,
        protocol,
        baseUrl: endpoint.baseUrl,
        ...(endpoint.models[0] === undefined ? {} : { model: endpoint.models[0] }),
      }
      const good = await dashboard.expectOk('POST', '/api/accounts/test', {
        ...connection,
        credentials: endpoint.credentials,
      })
      expect(good, protocol).toMatchObject({ ok: true, fault: null, kind: null })
      const wrong = Object.fromEntries(
        Object.keys(endpoint.credentials).map((name) => [name, 'sk-wrong-wrong-wrong']),
      )
      const bad = await dashboard.expectOk('POST', '/api/accounts/test', {
        ...connection,
        credentials: wrong,
      })
      expect(bad, protocol).toMatchObject({ ok: false, fault: 'credentials', kind: 'invalid_credentials' })
      expect(JSON.stringify(bad), protocol).not.toContain('sk-wrong-wrong-wrong')
    }
  })

  it('opens a session with an access key, which proves it, and knows a wrong one by that', async () => {
    const { baseUrl = '', signedCredentials } = simulator.endpoints['ark'] ?? {}
    const connection = {
      provider: 'ark',
      baseUrl,
      options: { controlUrl: new URL(baseUrl).origin },
      model: 'ep-sim-doubao-seed-1-6-251015',
    }
    const opened = simulator.sessionsOpened('ark')
    expect(
      await dashboard.expectOk('POST', '/api/accounts/test', {
        ...connection,
        credentials: signedCredentials,
      }),
    ).toMatchObject({ ok: true, spends: false })
    expect(simulator.sessionsOpened('ark')).toBe(opened + 1)
    const bad = await dashboard.expectOk('POST', '/api/accounts/test', {
      ...connection,
      credentials: { ...signedCredentials, secretAccessKey: 'not-the-secret-of-it' },
    })
    expect(bad).toMatchObject({ ok: false, fault: 'credentials', kind: 'invalid_credentials' })
    expect(JSON.stringify(bad)).not.toContain('not-the-secret-of-it')
  })

  it('remembers the verdict on a stored account', async () => {
    const endpoint = simulator.endpoints['tongyi-compatible']
    await dashboard.expectOk('POST', '/api/accounts', {
      name: 'tested',
      ...tongyi,
      baseUrl: endpoint?.baseUrl,
      credentials: { apiKey: 'sk-wrong-wrong-wrong' },
    })
    const bad = await dashboard.expectOk('POST', '/api/accounts/tested/test')
    expect(bad).toMatchObject({ ok: false, fault: 'credentials' })
    const marked = await dashboard.expectOk('GET', '/api/accounts/tested')
    expect(marked).toMatchObject({ state: 'invalid_credentials', stateMessage: bad.message })
    const cured = await dashboard.expectOk('PATCH', '/api/accounts/tested', {
      credentials: endpoint?.credentials,
    })
    expect(cured).toMatchObject({ state: 'ok', stateMessage: null })
    expect(await dashboard.expectOk('POST', '/api/accounts/tested/test')).toMatchObject({ ok: true })
  })

  it.each([
    ['http://127.0.0.1:1/v1', 'network'],
    ['http://no-such-host.invalid/v1', 'network'],
    ['http://169.254.169.254/latest', 'address'],
  ])('names what is wrong with %s', async (baseUrl, fault) => {
    const answer = await dashboard.expectOk('POST', '/api/accounts/test', {
      provider: 'openai-compatible',
      baseUrl,
      credentials: { apiKey },
    })
    expect(answer).toMatchObject({ ok: false, fault })
    expect(answer.message).not.toBe('')
  })

  it('is not fooled by a server that is no model platform', async () => {
    const server = createServer((_request, response) => response.end('<html>welcome</html>'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : 0
    const answer = await dashboard.expectOk('POST', '/api/accounts/test', {
      provider: 'openai-compatible',
      baseUrl: `http://127.0.0.1:${port}/v1`,
      credentials: { apiKey },
    })
    expect(answer).toMatchObject({ ok: false, fault: 'provider' })
    server.close()
  })
})

describe('the catalogue', () => {
  it('says which credentials belong together, and what an option must look like', async () => {
    const { providers } = await dashboard.expectOk('GET', '/api/catalogue')
    const protocols = providers.flatMap((each: Json) => each.protocols)
    const ark = protocols.find((each: Json) => each.protocol === 'ark')
    expect(ark.credentialSets).toEqual([['apiKey'], ['accessKeyId', 'secretAccessKey']])
    expect(ark.options.map(({ name, values, format }: Json) => [name, values, format])).toEqual([
      ['projectName', null, null],
      ['region', null, null],
      ['controlUrl', null, 'url'],
      ['maxTokensName', ['max_tokens', 'max_completion_tokens'], null],
    ])
    expect(protocols.find((each: Json) => each.protocol === 'tongyi-compatible').credentialSets).toBeNull()
  })
})

describe('private addresses', () => {
  it('are for the configuration file where the operator does not allow them to everybody', async () => {
    const strict = await testDashboard({ privateUpstreams: false })
    const endpoint = simulator.endpoints['openai']
    const body = {
      provider: 'openai-compatible',
      baseUrl: endpoint?.baseUrl,
      credentials: endpoint?.credentials,
    }
    expect(await strict.expectOk('POST', '/api/accounts/test', body)).toMatchObject({
      ok: false,
      fault: 'address',
    })
    await strict.expectOk('POST', '/api/accounts', { name: 'lab', ...body, models: ['x'] })
    expect(await strict.expectOk('POST', '/api/accounts/lab/test')).toMatchObject({
      ok: false,
      fault: 'address',
    })
    await strict.database.prisma.account.update({ where: { name: 'lab' }, data: { origin: 'yaml' } })
    expect(await strict.expectOk('POST', '/api/accounts/lab/test')).toMatchObject({ ok: true })
    await strict.close()
  })
})
